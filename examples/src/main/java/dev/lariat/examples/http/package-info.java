/** A file server for HTTP/1.1. {@code FileServer} is the program. */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.http;
