package dev.lariat.gio;

import java.io.IOException;
import java.util.Objects;

/** A dbus-daemon of the test's own. */
final class PrivateBus implements AutoCloseable {
  private final Process daemon;
  private final String address;

  private PrivateBus(Process daemon, String address) {
    this.daemon = daemon;
    this.address = address;
  }

  static PrivateBus start() throws IOException {
    Process daemon =
        new ProcessBuilder("dbus-daemon", "--session", "--nofork", "--print-address")
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
