/** Conformance programs: what CPython's asyncio does with them, any loop must do. */
@org.jspecify.annotations.NullMarked
package dev.lariat.testkit.conform;
