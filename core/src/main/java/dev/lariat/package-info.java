/**
 * The event loop, its tasks and futures, and the functions of asyncio: see {@link
 * dev.lariat.Asyncio}.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat;
