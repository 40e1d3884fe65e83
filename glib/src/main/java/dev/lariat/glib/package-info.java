/** The event loop as a guest on a GLib main context: {@link dev.lariat.glib.GLibEventLoop}. */
@org.jspecify.annotations.NullMarked
package dev.lariat.glib;
