package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static dev.lariat.net.Certificates.clientTls;
import static dev.lariat.net.Certificates.serverTls;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Task;
import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How encrypted connections end, which is within seconds unless they are told otherwise. */
class TlsEndTest extends NetTest {
  private static final String HOST = "localhost";
  private static final StreamHandler READS =
      (reader, writer) -> {
        try (writer) {
          reader.read();
        }
      };

  @TempDir Path directory;

  private static Server serve(StreamHandler handler) throws IOException {
    return startServer(handler, HOST, 0, ServerOptions.tls(serverTls()));
  }

  private static Connection connect(int port, Tls tls) throws IOException {
    return openConnection(HOST, port, ConnectOptions.tls(tls));
  }

  @Test
  @DisplayName("TR-4, NET-7: what is written after close is dropped, and the end is in order")
  void writeAfterClose() {
    run(() -> {
      Server server = serve(READS);
      server.use(() -> {
        Connection connection = connect(server.port(), clientTls());
        connection.writer().write("hello");
        sleep(SHORT);
        connection.writer().close();
        connection.writer().writeNowait(ascii("late"));
        connection.writer().waitClosed();
      });
    });
  }

  @Test
  @DisplayName("NET-7: a peer that answers a close_notify with the end of the stream only")
  void endWithoutNotify() {
    run(() -> {
      try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getByName(HOST))) {
        var sockets = ((JdkSslContext) serverTls().context).context().getSocketFactory();
        Task<Socket> peer =
            createTask(() ->
                toThread(() -> {
                  Socket plain = listening.accept();
                  SSLSocket secure = (SSLSocket) sockets.createSocket(plain, null, 0, false);
                  secure.setUseClientMode(false);
                  secure.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                  plain.shutdownOutput();
                  return plain;
                }));
        Connection connection = connect(listening.getLocalPort(), clientTls());
        connection.writer().write("hello");
        connection.writer().close();
        connection.writer().waitClosed();
        peer.await().close();
      }
    });
  }

  @Test
  @DisplayName("NET-7: a peer that does not read holds close up for the shutdown timeout only")
  void stalled() {
    run(() -> {
      List<Connection> accepted = new ArrayList<>();
      Server server =
          serve((reader, writer) -> {
            accepted.add(new Connection(reader, writer));
            ((Transport) writer.transport()).pauseReading();
          });
      server.use(() -> {
        Tls tls = clientTls().withShutdownTimeout(Duration.ofMillis(200));
        Connection connection = connect(server.port(), tls);
        until(() -> !accepted.isEmpty());
        connection.writer().writeNowait(new byte[30_000_000]);
        connection.writer().close();
        assertThatThrownBy(() -> connection.writer().waitClosed())
            .isInstanceOf(SocketTimeoutException.class);
        server.abortClients();
      });
    });
  }

  @Test
  @DisplayName("NET-5, NET-7: closeClients ends a handshake that does not go on, at once")
  void closedInHandshake() {
    run(() -> {
      Server server = serve(READS);
      try (Socket silent = new Socket(HOST, server.port())) {
        assertThat(silent.isConnected()).isTrue();
        until(() -> !server.transports().isEmpty());
        server.close();
        server.closeClients();
        server.waitClosed();
      }
    });
  }

  @Test
  @DisplayName("TR-10: sendfile ends with its connection, also while a part of the file is read")
  void sendfileAborted() throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[16_000_000]);
    run(() -> {
      for (int i = 0; i < 8; i++) {
        List<Task<?>> sending = new ArrayList<>();
        Server server =
            serve((_, writer) -> {
              sending.add(dev.lariat.Asyncio.currentTask());
              try (writer;
                  FileChannel from = FileChannel.open(file)) {
                assertThatThrownBy(() -> Net.sendfile(writer.transport(), from))
                    .isInstanceOf(SocketException.class);
              }
            });
        Connection connection = connect(server.port(), clientTls());
        connection.reader().read(65_536);
        sleep(Duration.ofMillis(i)); // real time: another moment each time
        server.close();
        server.abortClients();
        connection.writer().transport().abort();
        sending.getFirst().await();
      }
    });
  }
}
