/** Unix signals as callbacks of a loop. Models {@code asyncio}'s signal handlers. */
@org.jspecify.annotations.NullMarked
package dev.lariat.signal;
