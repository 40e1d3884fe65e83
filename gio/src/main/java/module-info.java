/** Every asynchronous operation of GIO, GTK, Adw, GdkPixbuf and Secret, to be awaited. */
@org.jspecify.annotations.NullMarked
module dev.lariat.gio {
  requires transitive dev.lariat.glib;
  requires transitive org.gnome.glib;
  requires static org.gnome.adw;
  requires static org.gnome.gdkpixbuf;
  requires static org.gnome.gtk;
  requires static org.gnome.secret;
  requires static org.jspecify;

  exports dev.lariat.gio;
  exports dev.lariat.gio.adw;
  exports dev.lariat.gio.gdkpixbuf;
  exports dev.lariat.gio.gtk;
  exports dev.lariat.gio.secret;
}
