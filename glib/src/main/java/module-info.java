/** The event loop as a guest on any GLib main context. */
@org.jspecify.annotations.NullMarked
module dev.lariat.glib {
  requires transitive dev.lariat.core;
  requires jdk.unsupported; // sun.misc.Signal, for the numbers of signals
  requires static org.jspecify;

  exports dev.lariat.glib;
}
