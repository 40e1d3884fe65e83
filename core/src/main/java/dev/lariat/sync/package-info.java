/**
 * Locks, events, conditions, semaphores, barriers. Models {@code asyncio}'s synchronization
 * primitives.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.sync;
