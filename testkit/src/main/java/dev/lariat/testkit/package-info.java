/** Tests that are coroutines, and the tests that every event loop must pass. */
@org.jspecify.annotations.NullMarked
package dev.lariat.testkit;
