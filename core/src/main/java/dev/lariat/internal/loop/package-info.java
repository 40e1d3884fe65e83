/** The data structures of an event loop. Know nothing of tasks. */
@org.jspecify.annotations.NullMarked
package dev.lariat.internal.loop;
