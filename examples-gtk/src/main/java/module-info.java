/** Small programs on GLib and GTK. */
module dev.lariat.examples.gtk {
  requires dev.lariat.gio;
  requires org.gnome.gtk;
  requires static org.jspecify;
}
