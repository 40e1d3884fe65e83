/** Queues between tasks. Models {@code asyncio}'s queues. */
@org.jspecify.annotations.NullMarked
package dev.lariat.queue;
