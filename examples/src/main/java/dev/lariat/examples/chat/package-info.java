/**
 * A chat: {@code ChatServer}, and {@code ChatClient}, which is the same at a terminal and in a
 * window on any toolkit; the other classes are its views.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.chat;
