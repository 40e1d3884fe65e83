package dev.lariat.gio;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.gio.secret.SecretAwait;
import dev.lariat.testkit.Needs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.gnome.gio.BusType;
import org.gnome.gio.DBusCallFlags;
import org.gnome.gio.DBusConnection;
import org.gnome.gio.Gio;
import org.gnome.glib.GLib;
import org.gnome.glib.HashTable;
import org.gnome.secret.Retrievable;
import org.gnome.secret.Schema;
import org.gnome.secret.SchemaType;
import org.gnome.secret.SearchFlags;
import org.gnome.secret.Secret;
import org.gnome.secret.Service;
import org.javagi.base.GErrorException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GLIB-4, GLIB-5: the operations of Secret, with a service and without. */
class SecretsTest extends GioTest {
  private static PrivateBus bus;

  /** Kept, or the next one would not have been told to leave the process alone. */
  private static DBusConnection session;

  @BeforeAll
  static void sessionBus() throws IOException, GErrorException {
    Needs.library("libsecret-1.so.0", "tools/system-packages gtk");
    bus = PrivateBus.start();
    GLib.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address(), true);
    session = Gio.busGetSync(BusType.SESSION, null);
    session.setExitOnClose(false);
    Secret.javagi$ensureInitialized();
  }

  @AfterAll
  static void stopBus() {
    if (bus != null) {
      bus.close();
    }
  }

  private static Schema schema() {
    return Secret.getSchema(SchemaType.COMPAT_NETWORK);
  }

  private static HashTable<String, String> attributes() {
    return Secret.attributesBuild(schema(), "user", "lariat", "server", "example.org", null);
  }

  /** GNOME's keyring, on the bus. */
  private Process keyring() throws IOException {
    Needs.program("gnome-keyring-daemon", "tools/system-packages gtk");
    ProcessBuilder builder =
        new ProcessBuilder("gnome-keyring-daemon", "--foreground", "--components=secrets");
    builder.environment().put("DBUS_SESSION_BUS_ADDRESS", bus.address());
    for (String kind : List.of("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "HOME")) {
      builder.environment().put(kind, directory.toString());
    }
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  private static boolean hasService() throws GErrorException {
    return DBusConnectionAwait.call(
            session,
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            "ListNames",
            null,
            null,
            DBusCallFlags.NONE,
            -1)
        .print(false)
        .contains("org.freedesktop.secrets");
  }

  @Test
  @DisplayName("GLIB-4 without a service, the error of the bus arrives")
  void noService() {
    run(() ->
        assertThatThrownBy(() -> SecretAwait.passwordLookup(schema(), attributes()))
            .isInstanceOf(GErrorException.class)
            .hasMessageContaining("org.freedesktop.secrets"));
  }

  @Test
  @DisplayName("GLIB-5 a look-up that nobody answers is cancelled with its task")
  void cancelled() {
    run(() -> {
      bus.pause();
      Task<String> task = createTask(() -> SecretAwait.passwordLookup(schema(), attributes()));
      sleep(Duration.ofMillis(20));
      assertThat(task.done()).isFalse();
      task.cancel();
      try {
        task.await();
        throw new AssertionError("not cancelled");
      } catch (CancelledError e) {
        assertThat(e.getSuppressed()).hasSize(1).allMatch(GioTest::isCancelled);
      } finally {
        bus.resume();
      }
    });
  }

  @Test
  @DisplayName("GLIB-4 a password is stored, looked up, searched for and cleared")
  void stored() throws Exception {
    Process keyring = keyring();
    try {
      run(() -> {
        while (!hasService()) {
          assertThat(keyring.isAlive()).isTrue();
          sleep(Duration.ofMillis(10));
        }
        assertThat(SecretAwait.passwordLookup(schema(), attributes())).isNull();
        assertThat(
                SecretAwait.passwordStore(
                    schema(), attributes(), Secret.COLLECTION_SESSION, "a label", "a sécret"))
            .isTrue();
        assertThat(SecretAwait.passwordLookup(schema(), attributes())).isEqualTo("a sécret");
        List<Retrievable> found =
            SecretAwait.passwordSearch(schema(), attributes(), SearchFlags.ALL);
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().getLabel()).isEqualTo("a label");
        assertThat(SecretAwait.passwordClear(schema(), attributes())).isTrue();
        assertThat(SecretAwait.passwordLookup(schema(), attributes())).isNull();
      });
    } finally {
      Service.disconnect();
      keyring.destroy();
      keyring.waitFor();
    }
  }
}
