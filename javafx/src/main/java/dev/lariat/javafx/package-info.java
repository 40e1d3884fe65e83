/** The event loop as a guest on the JavaFX application thread, and the events of JavaFX. */
@org.jspecify.annotations.NullMarked
package dev.lariat.javafx;
