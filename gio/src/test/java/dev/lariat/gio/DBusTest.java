package dev.lariat.gio;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.gnome.gio.Cancellable;
import org.gnome.gio.DBusCallFlags;
import org.gnome.gio.DBusConnection;
import org.gnome.gio.DBusConnectionFlags;
import org.gnome.gio.DBusProxy;
import org.gnome.gio.DBusProxyFlags;
import org.gnome.glib.Variant;
import org.javagi.base.GErrorException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GLIB-5: calls on a D-Bus of one's own, answered, refused and cancelled. */
class DBusTest extends GioTest {
  private static final String BUS = "org.freedesktop.DBus";
  private static final String PATH = "/org/freedesktop/DBus";

  private static PrivateBus bus;

  @BeforeAll
  static void startBus() throws IOException {
    bus = PrivateBus.start();
  }

  @AfterAll
  static void stopBus() {
    if (bus != null) {
      bus.close();
    }
  }

  private static DBusConnection connect() throws GErrorException {
    return DBusConnectionAwait.newForAddress(
        bus.address(),
        Set.of(
            DBusConnectionFlags.AUTHENTICATION_CLIENT, DBusConnectionFlags.MESSAGE_BUS_CONNECTION),
        null);
  }

  private static String call(DBusConnection connection, String method, Cancellable cancellable)
      throws GErrorException {
    Variant reply =
        DBusConnectionAwait.call(
            connection, BUS, PATH, BUS, method, null, null, DBusCallFlags.NONE, -1, cancellable);
    return reply.print(false);
  }

  @Test
  @DisplayName("connecting to a bus, and calling a method of it")
  void calls() {
    run(() -> {
      DBusConnection connection = connect();
      assertThat(connection.getUniqueName()).startsWith(":1.");
      assertThat(call(connection, "ListNames", null)).contains(BUS, connection.getUniqueName());
      assertThat(DBusConnectionAwait.close(connection)).isTrue();
    });
  }

  @Test
  @DisplayName("a method that does not exist gives the bus's error")
  void refused() {
    run(() -> {
      DBusConnection connection = connect();
      assertThatThrownBy(() -> call(connection, "NoSuchMethod", null))
          .isInstanceOf(GErrorException.class)
          .hasMessageContaining("UnknownMethod");
      DBusConnectionAwait.close(connection);
    });
  }

  @Test
  @DisplayName("GLIB-5 a call without an answer is cancelled with its task, and by its Cancellable")
  void cancelled() {
    run(() -> {
      DBusConnection connection = connect();
      bus.pause();
      Task<String> task = createTask(() -> call(connection, "ListNames", null));
      Cancellable cancellable = new Cancellable();
      Task<String> other = createTask(() -> call(connection, "ListNames", cancellable));
      sleep(Duration.ofMillis(20));
      assertThat(task.done()).isFalse();
      task.cancel();
      try {
        task.await();
        throw new AssertionError("not cancelled");
      } catch (CancelledError e) {
        assertThat(e.getSuppressed()).hasSize(1).allMatch(GioTest::isCancelled);
      }
      cancellable.cancel();
      until(other::done);
      assertThat(other.exception()).matches(GioTest::isCancelled);
      bus.resume();
      assertThat(call(connection, "GetId", null)).isNotEmpty(); // still connected
      DBusConnectionAwait.close(connection);
    });
  }

  @Test
  @DisplayName("GLIB-4 a proxy is made by a constructor-like operation, and called")
  void proxy() {
    run(() -> {
      DBusConnection connection = connect();
      DBusProxy proxy =
          DBusProxyAwait.create(connection, DBusProxyFlags.NONE, null, BUS, PATH, BUS);
      Variant id = DBusProxyAwait.call(proxy, "GetId", null, DBusCallFlags.NONE, -1);
      assertThat(id.print(false)).hasSizeGreaterThan(10);
      DBusConnectionAwait.close(connection);
    });
  }
}
