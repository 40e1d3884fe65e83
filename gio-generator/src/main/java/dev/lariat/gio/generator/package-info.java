/** Reads java-gi's jars and writes an awaitable form of every asynchronous operation in them. */
@org.jspecify.annotations.NullMarked
package dev.lariat.gio.generator;
