/** Every asynchronous operation of GIO, GTK, Adw, GdkPixbuf and Secret, to be awaited. */
@org.jspecify.annotations.NullMarked
module dev.lariat.gio {
  requires transitive dev.lariat.glib;
  requires transitive org.gnome.glib;
  requires static transitive org.gnome.adw;
  requires static transitive org.gnome.gdkpixbuf;
  requires static transitive org.gnome.gtk;
  requires static transitive org.gnome.secret;
  requires static org.jspecify;

  exports dev.lariat.gio;
  exports dev.lariat.gio.adw;
  exports dev.lariat.gio.gdkpixbuf;
  exports dev.lariat.gio.gtk;
  exports dev.lariat.gio.secret;
}
