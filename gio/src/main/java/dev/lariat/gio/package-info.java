/**
 * Asynchronous operations of GIO as methods that suspend.
 *
 * <p>A class {@code FileAwait} has those of {@link org.gnome.gio.File}, and so on; they are written
 * by the build, from java-gi's own jars. {@link dev.lariat.gio.Operations} awaits any other
 * operation, {@link dev.lariat.gio.Signals} a signal or a property, {@link
 * dev.lariat.gio.Applications} runs an application whose handlers start tasks.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.gio;
