/** How JavaFX is started. */
@org.jspecify.annotations.NullMarked
package dev.lariat.javafx.internal;
