/** The wait queue under all synchronisation. */
@org.jspecify.annotations.NullMarked
package dev.lariat.internal.sync;
