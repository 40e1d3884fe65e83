/** {@code ./lariat conform}: runs scenario programs as CPython's asyncio does. */
@org.jspecify.annotations.NullMarked
package dev.lariat.cli.conform;
