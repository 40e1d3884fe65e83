package dev.lariat.examples.gtk;

import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.timeout;

import dev.lariat.gio.DBusConnectionAwait;
import dev.lariat.gio.GioAwait;
import dev.lariat.glib.GLibEventLoop;
import java.time.Duration;
import org.gnome.gio.BusType;
import org.gnome.gio.DBusCallFlags;
import org.gnome.gio.DBusConnection;
import org.gnome.glib.Variant;
import org.javagi.base.GErrorException;

/** Connects to the session bus and calls a method of it; after five seconds it is cancelled. */
public final class SessionBus {
  private SessionBus() {}

  static Variant call(DBusConnection bus, String method) throws GErrorException {
    return DBusConnectionAwait.call(
        bus,
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus",
        method,
        null,
        null,
        DBusCallFlags.NONE,
        -1);
  }

  public static void main(String[] args) {
    run(
        () ->
            timeout(
                Duration.ofSeconds(5),
                () -> {
                  DBusConnection bus = GioAwait.busGet(BusType.SESSION);
                  System.out.println("connected as " + bus.getUniqueName());
                  System.out.println("names: " + call(bus, "ListNames").print(false));
                }),
        GLibEventLoop::new);
  }
}
