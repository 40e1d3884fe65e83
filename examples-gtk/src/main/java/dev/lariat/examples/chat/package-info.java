/** The chat's window on GTK 4. */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.chat;
