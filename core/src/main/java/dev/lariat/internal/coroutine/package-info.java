/** Coroutines on the JVM's continuations, and the hazards of those. Knows nothing of tasks. */
@org.jspecify.annotations.NullMarked
package dev.lariat.internal.coroutine;
