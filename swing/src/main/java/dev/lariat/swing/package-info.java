/** The event loop as a guest on Swing's event dispatch thread, and Swing's events for tasks. */
@org.jspecify.annotations.NullMarked
package dev.lariat.swing;
