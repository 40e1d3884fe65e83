package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static dev.lariat.net.Certificates.clientTls;
import static dev.lariat.net.Certificates.serverTls;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Task;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS, from the first byte and later. */
class TlsTest extends NetTest {
  private static final String HOST = "localhost";
  private static final StreamHandler ECHO =
      (reader, writer) -> {
        for (byte[] data = reader.read(65536); data.length > 0; data = reader.read(65536)) {
          writer.write(data);
        }
        writer.close();
      };

  private static Server serve(StreamHandler handler) throws IOException {
    return startServer(handler, HOST, 0, ServerOptions.tls(serverTls()));
  }

  private static Connection connect(Server server, Tls tls) throws IOException {
    return openConnection("127.0.0.1", server.port(), ConnectOptions.tls(tls));
  }

  // -- from the first byte -----------------------------------------------------------------------

  @Test
  @DisplayName("NET-7: megabytes through TLS, whole and in order")
  void transfer() {
    byte[] data = pattern(3_000_000);
    run(() -> {
      Server server = serve(ECHO);
      server.use(() -> {
        try (Connection connection = connect(server, clientTls())) {
          Task<byte[]> answer = createTask(() -> connection.reader().readexactly(data.length));
          connection.writer().write(data);
          assertThat(answer.await()).isEqualTo(data);
        }
      });
    });
  }

  @Test
  @DisplayName("TR-10: what a transport knows of its encryption")
  void extraInfo() {
    run(() -> {
      Server server = serve(ECHO);
      server.use(() -> {
        try (Connection connection = connect(server, clientTls())) {
          StreamWriter writer = connection.writer();
          assertThat(writer.getExtraInfo(ExtraInfo.CIPHER)).startsWith("TLS_");
          assertThat(writer.getExtraInfo(ExtraInfo.PEERCERT).getSubjectX500Principal().getName())
              .isEqualTo("CN=localhost");
          assertThat(writer.getExtraInfo(ExtraInfo.SSL_OBJECT).getSession().getProtocol())
              .isEqualTo("TLSv1.3");
          assertThat(writer.getExtraInfo(ExtraInfo.SSLCONTEXT).isClient()).isTrue();
          assertThat(writer.getExtraInfo(ExtraInfo.ALPN_PROTOCOL)).isNull();
          assertThat(writer.transport().toString()).contains("TLS");
        }
      });
    });
  }

  @Test
  @DisplayName("ALPN chooses a protocol that both know")
  void alpn() {
    run(() -> {
      Future<String> chosen = getRunningLoop().createFuture();
      Server server =
          startServer(
              (reader, writer) -> {
                chosen.setResult(writer.getExtraInfo(ExtraInfo.ALPN_PROTOCOL));
                writer.close();
              },
              HOST,
              0,
              ServerOptions.tls(serverTls().withAlpn("h2", "http/1.1")));
      server.use(() -> {
        try (Connection connection = connect(server, clientTls().withAlpn("spdy", "http/1.1"))) {
          assertThat(connection.writer().getExtraInfo(ExtraInfo.ALPN_PROTOCOL))
              .isEqualTo("http/1.1");
          assertThat(chosen.await()).isEqualTo("http/1.1");
        }
      });
    });
  }

  @Test
  @DisplayName("A context of the JDK serves as well")
  void jdkContext() {
    run(() -> {
      Server server = serve(ECHO);
      server.use(() -> {
        Tls strict = Tls.client(SSLContext.getDefault());
        assertThatThrownBy(() -> connect(server, strict)).isInstanceOf(SSLHandshakeException.class);
      });
    });
  }

  // -- whom to trust -----------------------------------------------------------------------------

  private void refuses(Path certificate, Tls client, String why) {
    run(() -> {
      Server server = startServer(ECHO, HOST, 0, ServerOptions.tls(serverTls(certificate)));
      server.use(() ->
          assertThatThrownBy(() -> connect(server, client))
              .isInstanceOf(SSLHandshakeException.class)
              .hasStackTraceContaining(why));
    });
  }

  @Test
  @DisplayName("NET-7: verification is on by default: an unknown issuer is refused")
  void unknownIssuer() {
    refuses(Certificates.good(), Tls.client(), "unable to find valid certification path");
  }

  @Test
  @DisplayName("NET-7: a certificate of another host is refused; unless that is not to be checked")
  void wrongHost() throws IOException {
    Path certificate = Certificates.forAnotherHost();
    Tls trusting = Tls.clientTrusting(certificate);
    refuses(certificate, trusting, "127.0.0.1");
    run(() -> {
      Server server = startServer(ECHO, HOST, 0, ServerOptions.tls(serverTls(certificate)));
      server.use(() -> {
        connect(server, trusting.withoutHostnameCheck()).close();
        connect(server, trusting.withServerHostname("example.org")).close();
        connect(server, Tls.unverifiedClient()).close();
        assertThatThrownBy(() -> connect(server, trusting.withServerHostname("example.com")))
            .isInstanceOf(SSLHandshakeException.class);
      });
    });
  }

  @Test
  @DisplayName("NET-7: an expired certificate is refused")
  void expired() throws IOException {
    Path certificate = Certificates.expired();
    refuses(certificate, Tls.clientTrusting(Certificates.authority()), "validity check failed");
  }

  @Test
  @DisplayName("NET-7: garbage instead of TLS, at the client and at the server")
  void garbage() {
    run(() -> {
      Server plain =
          startServer(
              (reader, writer) -> {
                writer.write("220 this is no TLS at all\r\n");
                reader.read();
                writer.close();
              },
              HOST,
              0);
      plain.use(() ->
          assertThatThrownBy(() -> connect(plain, clientTls())).isInstanceOf(SSLException.class));
      Server encrypted = serve(ECHO);
      encrypted.use(() -> {
        Connection connection = openConnection("127.0.0.1", encrypted.port());
        connection.writer().write("GET / HTTP/1.0\r\n\r\n");
        try {
          connection.reader().read(); // an alert, perhaps, then the end
        } catch (IOException reset) {
          assertThat(reset).hasMessageContaining("reset");
        }
        connection.writer().close();
      });
    });
  }

  @Test
  @DisplayName("NET-7: a peer that closes in the middle of the handshake")
  void closedInHandshake() {
    run(() -> {
      Server rude = startServer((reader, writer) -> writer.close(), HOST, 0);
      rude.use(() ->
          assertThatThrownBy(() -> connect(rude, clientTls())).isInstanceOf(IOException.class));
      Server encrypted = serve(ECHO);
      encrypted.use(() -> openConnection("127.0.0.1", encrypted.port()).close());
    });
  }

  @Test
  @DisplayName("NET-7: a peer that is gone as the handshake begins is told of in words")
  void resetInHandshake() {
    run(() -> {
      try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
        Task<Void> reset =
            createTask(() ->
                toThread(() -> {
                  Socket peer = rude.accept();
                  peer.setSoLinger(true, 0);
                  peer.close();
                  return null;
                }));
        assertThatThrownBy(
                () -> openConnection(HOST, rude.getLocalPort(), ConnectOptions.tls(clientTls())))
            .isInstanceOf(IOException.class)
            .message()
            .containsAnyOf("the TLS handshake", "Connection reset"); // that early
        reset.await();
      }
    });
  }

  @Test
  @DisplayName("NET-7: a connection whose TLS cannot be set up is closed, and that is reported")
  void cannotBeSetUp() throws IOException {
    SslContext broken =
        new DelegatingSslContext(serverTls().context) {
          @Override
          protected void initEngine(SSLEngine engine) {
            throw new IllegalStateException("no engine");
          }
        };
    run(() -> {
      Server server = startServer(ECHO, HOST, 0, ServerOptions.tls(Tls.of(broken)));
      Connection client = openConnection("127.0.0.1", server.port());
      assertThat(client.reader().read(1)).isEmpty();
      assertThat(takeReport().exception()).hasMessage("no engine");
      client.writer().close();
      server.close();
      server.waitClosed();
    });
  }

  @Test
  @DisplayName("NET-7: the handshake has a time limit, and can be cancelled")
  void silentServer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      run(() -> {
        assertThatThrownBy(() ->
                openConnection(
                    "127.0.0.1",
                    silent.getLocalPort(),
                    ConnectOptions.tls(clientTls().withHandshakeTimeout(Duration.ofMillis(50)))))
            .isInstanceOf(SSLException.class)
            .hasMessageContaining("timed out");
        Task<Connection> connecting =
            createTask(() ->
                openConnection(
                    "127.0.0.1", silent.getLocalPort(), ConnectOptions.tls(clientTls())));
        sleep(SHORT);
        connecting.cancel();
        assertThatThrownBy(connecting::await).isInstanceOf(CancelledError.class);
      });
    }
  }

  // -- the end -----------------------------------------------------------------------------------

  @Test
  @DisplayName("TR-5: the end of an encrypted stream closes it, whatever eofReceived returns")
  void eof() {
    run(() -> {
      RecordingProtocol protocol = new RecordingProtocol();
      protocol.keepOpen = true;
      Server server = Net.createServer(() -> protocol, HOST, 0, ServerOptions.tls(serverTls()));
      server.use(() -> {
        Connection connection = connect(server, clientTls());
        assertThat(connection.writer().canWriteEof()).isFalse();
        assertThatThrownBy(connection.writer()::writeEof)
            .isInstanceOf(UnsupportedOperationException.class);
        connection.writer().write("all");
        connection.writer().close();
        protocol.lost.await();
        assertThat(protocol.events).containsExactly("made", "data", "eof", "lost");
        assertThat(protocol.text()).isEqualTo("all");
        assertThat(protocol.cause).isNull();
        connection.writer().waitClosed();
      });
    });
  }

  @Test
  @DisplayName("TR-4: close sends everything through TLS first; abort does not wait")
  void closeFlushes() {
    byte[] data = pattern(2_000_000);
    run(() -> {
      RecordingProtocol protocol = new RecordingProtocol();
      Server server = Net.createServer(() -> protocol, HOST, 0, ServerOptions.tls(serverTls()));
      server.use(() -> {
        Connection connection = connect(server, clientTls());
        connection.writer().writeNowait(data);
        connection.close();
        protocol.lost.await();
        assertThat(protocol.data.toByteArray()).isEqualTo(data);
      });
      Server deaf =
          serve((reader, writer) -> {
            try {
              reader.read();
            } catch (IOException reset) {
              // or the end: what an abort looks like is a matter of timing
            }
          });
      Connection connection = connect(deaf, clientTls());
      connection.writer().transport().abort();
      connection.writer().waitClosed();
      deaf.close();
      deaf.abortClients();
      deaf.waitClosed();
    });
  }

  @Test
  @DisplayName("A peer that does not say goodbye is waited for as long as the settings say")
  void shutdownTimeout() {
    run(() -> {
      Server server =
          serve((reader, writer) -> {
            reader.readexactly(1);
            ((Transport) writer.transport()).pauseReading();
          });
      Connection connection =
          connect(server, clientTls().withShutdownTimeout(Duration.ofMillis(100)));
      connection.writer().write("x");
      sleep(SHORT);
      Duration start = loop.time();
      connection.close();
      assertThat(loop.time().minus(start)).isLessThan(Duration.ofSeconds(25)); // 30 is usual
      server.close();
      server.abortClients();
      server.waitClosed();
    });
  }

  @Test
  @DisplayName("STR-7: a slow reader holds an encrypted sender back")
  void backpressure() {
    run(() -> {
      Server server =
          serve((reader, writer) -> {
            byte[] piece = new byte[100_000];
            for (int i = 0; i < 50; i++) {
              writer.write(piece);
            }
            writer.close();
          });
      server.use(() -> {
        Connection connection = connect(server, clientTls());
        connection.reader().readexactly(1);
        sleep(Duration.ofMillis(200)); // real time: enough for all of it
        int buffered =
            Integer.parseInt(connection.reader().toString().replaceAll("\\D*(\\d+) bytes.*", "$1"));
        assertThat(buffered).isLessThan(1 << 20);
        assertThat(connection.reader().readexactly(5_000_000 - 1)).containsOnly(0);
        assertThat(connection.reader().read()).isEmpty();
        connection.close();
      });
    });
  }

  // -- later -------------------------------------------------------------------------------------

  private static final StreamHandler STARTTLS =
      (reader, writer) -> {
        String command = reader.readLine();
        if (!"STARTTLS".equals(command)) {
          throw new IllegalStateException(command);
        }
        writer.write("go ahead\n");
        writer.startTls(serverTls());
        ECHO.handle(reader, writer);
      };

  @Test
  @DisplayName("STR-10, NET-7: startTls on both sides of a stream")
  void startTls() {
    run(() -> {
      Server server = startServer(STARTTLS, HOST, 0);
      server.use(() -> {
        Connection connection = openConnection("127.0.0.1", server.port());
        connection.writer().write("STARTTLS\n");
        assertThat(connection.reader().readLine()).isEqualTo("go ahead");
        connection.writer().startTls(clientTls().withServerHostname("localhost"));
        assertThat(connection.writer().getExtraInfo(ExtraInfo.CIPHER)).isNotNull();
        connection.writer().write("secret\n");
        assertThat(connection.reader().readLine()).isEqualTo("secret");
        byte[] data = pattern(1_000_000);
        Task<byte[]> answer = createTask(() -> connection.reader().readexactly(data.length));
        connection.writer().write(data);
        assertThat(answer.await()).isEqualTo(data);
        connection.close();
      });
    });
  }

  @Test
  @DisplayName("STR-10: a ClientHello that is glued to the last plain line is not lost")
  void startTlsWithBufferedData() {
    run(() -> {
      // A server that holds its answer back until the ClientHello is in its reader's buffer.
      Server server =
          startServer(
              (reader, writer) -> {
                assertThat(reader.readLine()).isEqualTo("STARTTLS");
                until(() -> !reader.toString().contains("[0 bytes"));
                writer.startTls(serverTls());
                ECHO.handle(reader, writer);
              },
              HOST,
              0);
      server.use(() -> {
        Connection connection = openConnection("127.0.0.1", server.port());
        connection.writer().write("STARTTLS\n");
        connection.writer().startTls(clientTls().withServerHostname("localhost"));
        connection.writer().write("secret\n");
        assertThat(connection.reader().readLine()).isEqualTo("secret");
        connection.close();
      });
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("NET-7: a ClientHello that was read, and has not come to the transport yet")
  void startTlsWithArrivals(boolean polls) {
    StreamHandler handler =
        (reader, writer) -> {
          assertThat(reader.readLine()).isEqualTo("STARTTLS");
          writer.write("go ahead\n");
          sleep(SHORT); // real time: it leaves
          Thread.sleep(200); // real time: the ClientHello comes meanwhile
          if (polls) {
            sleep(Duration.ZERO); // a guest's loop reads it here
          }
          writer.startTls(serverTls());
          ECHO.handle(reader, writer);
        };
    run(() -> {
      Server server = startServer(handler, HOST, 0);
      server.use(() -> {
        int port = server.port();
        SSLContext context = ((JdkSslContext) clientTls().context).context();
        assertThat(toThread(() -> askBlocking(context, port))).isEqualTo("secret");
      });
    });
  }

  /** A client that begins its handshake a little later than it may. */
  private static String askBlocking(SSLContext context, int port)
      throws IOException, InterruptedException {
    try (Socket plain = new Socket("127.0.0.1", port)) {
      plain.setSoTimeout(5000);
      plain.getOutputStream().write(ascii("STARTTLS\n"));
      while (plain.getInputStream().read() != '\n') {
        // "go ahead"
      }
      Thread.sleep(80); // real time: the server's thread is busy by now
      Socket secure = context.getSocketFactory().createSocket(plain, "localhost", port, true);
      secure.getOutputStream().write(ascii("secret\n"));
      return new BufferedReader(new InputStreamReader(secure.getInputStream())).readLine();
    }
  }

  @Test
  @DisplayName("NET-7: startTls on transports, and TLS in TLS")
  void tlsInTls() {
    run(() -> {
      Server server =
          startServer(
              (reader, writer) -> {
                assertThat(reader.readLine()).isEqualTo("once more");
                writer.startTls(serverTls());
                ECHO.handle(reader, writer);
              },
              HOST,
              0,
              ServerOptions.tls(serverTls()));
      server.use(() -> {
        Endpoint<Transport, RecordingProtocol> end =
            Net.createConnection(
                RecordingProtocol::new, HOST, server.port(), ConnectOptions.tls(clientTls()));
        end.transport().write(ascii("once more\n"));
        RecordingProtocol inner = new RecordingProtocol();
        inner.events.add("set");
        Transport twice =
            Net.startTls(end.transport(), inner, clientTls().withServerHostname("localhost"));
        twice.write(ascii("twice encrypted"));
        until(() -> inner.text().equals("twice encrypted"));
        assertThat(end.protocol().text()).isEmpty();
        twice.close();
        inner.lost.await();
      });
    });
  }

  @Test
  @DisplayName("NET-7: startTls with a peer that answers with garbage")
  void startTlsFails() {
    run(() -> {
      Server server =
          startServer(
              (reader, writer) -> {
                reader.readexactly(1);
                writer.write("no, thank you\r\n");
                reader.read();
                writer.close();
              },
              HOST,
              0);
      server.use(() -> {
        Connection connection = openConnection("127.0.0.1", server.port());
        assertThatThrownBy(
                () -> connection.writer().startTls(clientTls().withServerHostname("localhost")))
            .isInstanceOf(SSLException.class);
        assertThat(connection.writer().isClosing()).isTrue();
        assertThatThrownBy(connection.writer()::waitClosed).isInstanceOf(SSLException.class);
      });
    });
  }

  // -- settings ----------------------------------------------------------------------------------

  @Test
  @DisplayName("NET-7: by default a handshake may take 60 s, and an end 30 s, on both sides")
  void timeLimits() {
    run(() -> {
      Server server = serve(ECHO);
      server.use(() -> {
        try (Connection connection = connect(server, clientTls())) {
          until(() -> server.transports().size() == 1);
          for (BaseTransport end :
              List.of(connection.writer().transport(), server.transports().getFirst())) {
            SslHandler handler =
                end.getExtraInfo(ExtraInfo.SOCKET).pipeline().get(SslHandler.class);
            assertThat(handler.getHandshakeTimeoutMillis()).isEqualTo(60_000);
            assertThat(handler.getCloseNotifyFlushTimeoutMillis()).isEqualTo(30_000);
            assertThat(handler.getCloseNotifyReadTimeoutMillis()).isEqualTo(30_000);
          }
        }
      });
    });
  }

  @Test
  @DisplayName("NET-7: settings that cannot work are refused, with what to do")
  void misuse(@TempDir Path directory) throws IOException {
    assertThatThrownBy(() -> clientTls().withHandshakeTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("handshake");
    assertThatThrownBy(() -> clientTls().withShutdownTimeout(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    for (String protocol : List.of("", "x".repeat(256))) {
      assertThatThrownBy(() -> serverTls().withAlpn("h2", protocol))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("from 1 to 255 bytes");
    }
    assertThatThrownBy(() -> ServerOptions.tls(clientTls()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Tls.server");
    run(() -> {
      assertThatThrownBy(() -> openConnection(HOST, 1, ConnectOptions.tls(serverTls())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Tls.client");
      Server server = startServer(ECHO, HOST, 0);
      Connection connection = openConnection("127.0.0.1", server.port());
      assertThatThrownBy(() -> connection.writer().startTls(clientTls()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("withServerHostname");
      connection.close();
      assertThatThrownBy(() ->
              StartTls.upgrade(connection.writer().transport(), Unpooled.EMPTY_BUFFER, serverTls()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
      server.close();
      server.waitClosed();
    });
    Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
    assertThatThrownBy(() -> Tls.server(nonsense, nonsense)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Tls.clientTrusting(nonsense))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nonsense.pem");
    Path missing = directory.resolve("missing.pem");
    assertThatThrownBy(() -> Tls.server(missing, missing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing.pem");
  }
}
