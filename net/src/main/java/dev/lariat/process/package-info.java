/**
 * Subprocesses. Start at {@link dev.lariat.process.Subprocess}. Models {@code asyncio.subprocess}.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.process;
