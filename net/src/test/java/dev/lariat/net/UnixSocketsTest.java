package dev.lariat.net;

import static dev.lariat.net.Streams.openUnixConnection;
import static dev.lariat.net.Streams.startUnixServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unix sockets, by path and by abstract name. */
class UnixSocketsTest extends NetTest {
  private static final StreamHandler ECHO_LINE =
      (reader, writer) -> {
        writer.write(reader.readline());
        writer.close();
      };

  @TempDir Path directory;

  private static String ask(Connection connection) throws IOException {
    try (connection) {
      connection.writer().write("hello\n");
      return StreamFixtures.text(connection.reader().read());
    }
  }

  @Test
  @DisplayName("STR-1, NET-6: a client and a server at a path, which is removed at the end")
  void path() {
    Path path = directory.resolve("socket");
    run(() -> {
      Server server = startUnixServer(ECHO_LINE, path);
      server.use(() -> {
        assertThat(path).exists();
        assertThat(ask(openUnixConnection(path))).isEqualTo("hello\n");
        assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
      });
      assertThat(path).doesNotExist();
      assertThatThrownBy(() -> openUnixConnection(path)).isInstanceOf(IOException.class);
    });
  }

  @Test
  @DisplayName("NET-6: an abstract name")
  void abstractName() {
    needsMoreThanNio("the JDK knows no abstract names");
    UnixAddress name = UnixAddress.abstractName("lariat-test-" + System.nanoTime());
    run(() -> {
      Server server = startUnixServer(ECHO_LINE, name, ServerOptions.DEFAULT);
      server.use(() ->
          assertThat(ask(openUnixConnection(name, ConnectOptions.DEFAULT))).isEqualTo("hello\n"));
    });
    assertThat(name.toString()).startsWith("abstract:lariat-test-");
    assertThat(name).isNotEqualTo(UnixAddress.of(Path.of(name.toString())));
  }

  @Test
  @DisplayName("NET-6: a socket that was left behind is replaced, another file is not")
  void stale() throws IOException {
    needsMoreThanNio("on NIO, Netty removes whatever is at the path");
    Path path = directory.resolve("socket");
    run(() -> {
      Server first = startUnixServer(ECHO_LINE, path);
      Server second = startUnixServer(ECHO_LINE, path); // as if the first had died
      assertThat(ask(openUnixConnection(path))).isEqualTo("hello\n");
      first.close();
      assertThat(path).as("the second's").exists();
      assertThat(ask(openUnixConnection(path))).isEqualTo("hello\n");
      second.close();
      assertThat(path).doesNotExist();
      first.waitClosed();
      second.waitClosed();
    });
    Files.writeString(path, "precious");
    run(() ->
        assertThatThrownBy(() -> startUnixServer(ECHO_LINE, path))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("socket"));
    assertThat(path).hasContent("precious");
  }

  @Test
  @DisplayName("NET-6: a socket whose file somebody removed")
  void removedMeanwhile() {
    Path path = directory.resolve("socket");
    run(() -> {
      Server server = startUnixServer(ECHO_LINE, path);
      Files.delete(path);
      server.close();
      server.waitClosed();
    });
  }

  @Test
  @DisplayName("NET-6, NET-7: TLS over a Unix socket needs a name to check")
  void tls() {
    Path path = directory.resolve("socket");
    run(() -> {
      Path certificate = Certificates.good();
      Server server =
          startUnixServer(
              ECHO_LINE,
              UnixAddress.of(path),
              ServerOptions.tls(Certificates.serverTls(certificate)));
      server.use(() -> {
        Tls client = Tls.clientTrusting(certificate);
        UnixAddress address = UnixAddress.of(path);
        assertThatThrownBy(() -> openUnixConnection(address, ConnectOptions.tls(client)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("withServerHostname");
        assertThat(
                ask(
                    openUnixConnection(
                        address, ConnectOptions.tls(client.withServerHostname("localhost")))))
            .isEqualTo("hello\n");
      });
    });
  }

  @Test
  @DisplayName("NET-6: a server at a path that starts later")
  void startsLater() {
    needsMoreThanNio("a bound socket of the JDK listens");
    Path path = directory.resolve("socket");
    run(() -> {
      Server server =
          startUnixServer(
              ECHO_LINE, UnixAddress.of(path), ServerOptions.DEFAULT.withStartServing(false));
      server.use(() -> {
        assertThat(path).exists();
        assertThatThrownBy(() -> openUnixConnection(path)).isInstanceOf(IOException.class);
        server.startServing();
        assertThat(ask(openUnixConnection(path))).isEqualTo("hello\n");
      });
      assertThat(path).doesNotExist();
    });
  }
}
