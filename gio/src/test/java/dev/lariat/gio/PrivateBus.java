package dev.lariat.gio;

import dev.lariat.testkit.Needs;
import java.io.IOException;
import java.util.Objects;

/** A dbus-daemon of the test's own. */
final class PrivateBus implements AutoCloseable {
  private static final String CONFIG =
      Objects.requireNonNull(PrivateBus.class.getResource("bus.conf")).getPath();

  private final Process daemon;
  private final String address;

  private PrivateBus(Process daemon, String address) {
    this.daemon = daemon;
    this.address = address;
  }

  static PrivateBus start() throws IOException {
    Needs.program("dbus-daemon", "tools/system-packages gtk");
    Process daemon =
        new ProcessBuilder("dbus-daemon", "--config-file=" + CONFIG, "--nofork", "--print-address")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String address = daemon.inputReader().readLine();
    return new PrivateBus(daemon, Objects.requireNonNull(address, "dbus-daemon did not start"));
  }

  String address() {
    return address;
  }

  /** From now on nothing is answered. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(daemon.pid())).start().waitFor();
  }

  @Override
  public void close() {
    daemon.destroyForcibly();
  }
}
