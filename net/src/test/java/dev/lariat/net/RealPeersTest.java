package dev.lariat.net;

import static dev.lariat.Asyncio.toThread;
import static dev.lariat.net.StreamFixtures.text;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static dev.lariat.net.Streams.startUnixServer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.testkit.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that others wrote, as peers: curl, openssl, socat, nginx. */
class RealPeersTest extends NetTest {
  private static final byte[] BODY = StreamFixtures.pattern(500_000);

  private static final StreamHandler HTTP =
      (reader, writer) -> {
        String request = reader.readLine();
        for (String header = reader.readLine();
            header != null && !header.isEmpty();
            header = reader.readLine()) {
          // not needed
        }
        writer.write(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nX-Request: "
                + request
                + "\r\nContent-Length: "
                + BODY.length
                + "\r\n\r\n");
        writer.write(BODY);
        writer.close();
      };

  @TempDir Path directory;

  /** Finds a program; or skips the test, and says why, where it is not installed. Fails on CI. */
  private static String need(String program) {
    for (String folder : (System.getenv("PATH") + ":../target/peers/usr/sbin").split(":")) {
      Path path = Path.of(folder, program);
      if (Files.isExecutable(path)) {
        return path.toAbsolutePath().toString();
      }
    }
    String otherwise =
        "There is no " + program + " here. Install it with tools/system-packages all.";
    Needs.check(false, otherwise);
    throw new AssertionError(otherwise); // not reached
  }

  /** Runs a program to its end, in another thread, and returns its output. */
  private static byte[] output(String input, String... command) throws IOException {
    return toThread(() -> {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException endedEarly) {
        // it needed no more
      }
      return process.getInputStream().readAllBytes();
    });
  }

  private static Tls serverTls() throws IOException {
    Path certificate = Certificates.good();
    return Tls.server(certificate, Certificates.keyOf(certificate));
  }

  @Test
  @DisplayName("curl gets a page from ours, plain and with TLS it verifies")
  void curl() {
    need("curl");
    run(() -> {
      Server plain = startServer(HTTP, "127.0.0.1", 0);
      plain.use(() ->
          assertThat(output("", "curl", "-s", "http://127.0.0.1:" + plain.port() + "/page"))
              .isEqualTo(BODY));
      Server encrypted = startServer(HTTP, "localhost", 0, ServerOptions.tls(serverTls()));
      encrypted.use(() ->
          assertThat(
                  output(
                      "",
                      "curl",
                      "-s",
                      "--cacert",
                      Certificates.good().toString(),
                      "https://127.0.0.1:" + encrypted.port() + "/"))
              .isEqualTo(BODY));
    });
  }

  @Test
  @DisplayName("openssl s_client talks to ours")
  void opensslClient() {
    need("openssl");
    run(() -> {
      Server server =
          startServer(
              (reader, writer) -> {
                writer.write("you said " + reader.readLine() + "\n");
                writer.close();
              },
              "localhost",
              0,
              ServerOptions.tls(serverTls()));
      server.use(() ->
          assertThat(
                  text(
                      output(
                          "hello\n",
                          "openssl",
                          "s_client",
                          "-quiet",
                          "-verify_return_error",
                          "-CAfile",
                          Certificates.good().toString(),
                          "-connect",
                          "127.0.0.1:" + server.port())))
              .isEqualTo("you said hello\n"));
    });
  }

  @Test
  @DisplayName("Ours talks to openssl s_server")
  void opensslServer() throws IOException {
    need("openssl");
    int port = freePort();
    Path certificate = Certificates.good();
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "s_server",
                "-quiet",
                "-rev", // answers each line reversed
                "-cert",
                certificate.toString(),
                "-key",
                Certificates.keyOf(certificate).toString(),
                "-accept",
                "127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      run(() -> {
        ConnectOptions options = ConnectOptions.tls(Tls.clientTrusting(certificate));
        Connection connection = openOnceItListens(port, options);
        connection.writer().write("hello\n");
        assertThat(connection.reader().readLine()).isEqualTo("olleh");
        connection.close();
      });
    } finally {
      openssl.destroy();
    }
  }

  private static int freePort() throws IOException {
    return twoFreePorts()[0];
  }

  private static int[] twoFreePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0);
        ServerSocket other = new ServerSocket(0)) {
      return new int[] {one.getLocalPort(), other.getLocalPort()};
    }
  }

  private static Connection openOnceItListens(int port, ConnectOptions options) {
    while (true) {
      try {
        return openConnection("127.0.0.1", port, options);
      } catch (IOException notYet) {
        dev.lariat.Asyncio.sleep(SHORT); // real time
      }
    }
  }

  @Test
  @DisplayName("Ours gets pages from nginx, two over one connection, plain and with TLS and ALPN")
  void nginx() throws IOException {
    String program = need("nginx");
    Files.write(directory.resolve("page"), BODY);
    int[] ports = twoFreePorts();
    int plain = ports[0];
    int encrypted = ports[1];
    Path certificate = Certificates.good();
    Path configuration =
        Files.writeString(
            directory.resolve("nginx.conf"),
            """
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr;
            events {}
            http {
              access_log off;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              server {
                listen 127.0.0.1:%d;
                listen 127.0.0.1:%d ssl;
                ssl_certificate %s;
                ssl_certificate_key %s;
                root %s;
              }
            }
            """
                .formatted(
                    plain, encrypted, certificate, Certificates.keyOf(certificate), directory));
    Process nginx =
        new ProcessBuilder(program, "-p", directory.toString(), "-c", configuration.toString())
            .inheritIO()
            .start();
    try {
      run(() -> {
        getTwice(openOnceItListens(plain, ConnectOptions.DEFAULT));
        Tls tls = Tls.clientTrusting(certificate).withAlpn("http/1.1");
        Connection connection = openOnceItListens(encrypted, ConnectOptions.tls(tls));
        assertThat(connection.writer().getExtraInfo(ExtraInfo.ALPN_PROTOCOL)).isEqualTo("http/1.1");
        getTwice(connection);
      });
    } finally {
      nginx.destroy();
    }
  }

  private static void getTwice(Connection connection) throws IOException {
    try (connection) {
      for (String closing : new String[] {"keep-alive", "close"}) {
        connection
            .writer()
            .write("GET /page HTTP/1.1\r\nHost: x\r\nConnection: " + closing + "\r\n\r\n");
        String head = text(connection.reader().readuntil(StreamFixtures.ascii("\r\n\r\n")));
        assertThat(head).startsWith("HTTP/1.1 200 OK").contains("Content-Length: " + BODY.length);
        assertThat(connection.reader().readexactly(BODY.length)).isEqualTo(BODY);
      }
      assertThat(connection.reader().read()).isEmpty();
    }
  }

  @Test
  @DisplayName("socat talks to our Unix socket, over and over: it ends its input before we look")
  void socatUnix() {
    needsMoreThanNio("on NIO, Netty half-closes no Unix sockets");
    need("socat");
    Path path = directory.resolve("socket");
    run(() -> {
      Server server =
          startUnixServer(
              (reader, writer) -> {
                writer.write("you said " + text(reader.read()));
                writer.close();
              },
              path);
      server.use(() -> {
        for (int i = 0; i < 30; i++) {
          assertThat(text(output("hello", "socat", "-t", "10", "-", "UNIX-CONNECT:" + path)))
              .isEqualTo("you said hello");
        }
      });
    });
  }

  @Test
  @DisplayName("socat sends us a datagram")
  void socatUdp() {
    need("socat");
    run(() -> {
      List<String> received = new ArrayList<>();
      var server =
          Net.createDatagramEndpoint(
              () ->
                  new DatagramProtocol() {
                    @Override
                    public void datagramReceived(byte[] data, SocketAddress from) {
                      received.add(text(data));
                    }
                  },
              DatagramOptions.boundTo(
                  new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)));
      int port =
          ((InetSocketAddress) server.transport().getExtraInfo(ExtraInfo.SOCKNAME)).getPort();
      output("hello", "socat", "-u", "-", "UDP4-SENDTO:127.0.0.1:" + port);
      until(() -> !received.isEmpty());
      assertThat(received).containsExactly("hello");
      server.transport().close();
      dev.lariat.Asyncio.sleep(Duration.ZERO);
    });
  }
}
