package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transports and servers on sockets that are there already. */
class GivenSocketsTest extends NetTest {
  private static final StreamHandler UPPER =
      (reader, writer) -> {
        try (writer) {
          for (String line : reader) {
            writer.write(line.toUpperCase(java.util.Locale.ROOT) + "\n");
          }
        }
      };

  @TempDir Path directory;

  private static ServerSocketChannel listening() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static void checkEcho(Connection connection) throws IOException {
    try (connection) {
      connection.writer().write("hello\n");
      assertThat(connection.reader().readLine()).isEqualTo("HELLO");
      connection.writer().writeEof();
      assertThat(connection.reader().read()).isEmpty();
    }
  }

  @Test
  @DisplayName("NET-1, STR-1: a connection on a socket that is connected")
  void client() {
    long descriptors = Descriptors.count();
    run(() -> {
      Server server = startServer(UPPER, "localhost", 0);
      server.use(() -> {
        SocketChannel socket = SocketChannel.open(server.addresses().getFirst());
        Connection connection = openConnection(socket, ConnectOptions.DEFAULT);
        assertThat((Object) connection.writer().getExtraInfo(ExtraInfo.PEERNAME))
            .isEqualTo(socket.getRemoteAddress());
        assertThatThrownBy(() -> Sockets.sockRecv(socket, 1))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("transport");
        assertThatThrownBy(() -> openConnection(socket, ConnectOptions.DEFAULT))
            .isInstanceOf(IllegalStateException.class);
        checkEcho(connection);
        until(() -> !socket.isOpen());
      });
    });
    loop.close();
    assertThat(Descriptors.count()).isLessThanOrEqualTo(descriptors + 5); // what first use opens
  }

  @Test
  @DisplayName("NET-3: a server on a socket that listens, which is closed with it")
  void server() {
    run(() -> {
      ServerSocketChannel socket = listening();
      Server server = startServer(UPPER, socket, ServerOptions.DEFAULT);
      server.use(() -> {
        assertThat(server.addresses()).containsExactly(socket.getLocalAddress());
        for (int i = 0; i < 20; i++) {
          checkEcho(openConnection("localhost", server.port()));
        }
      });
      until(() -> !socket.isOpen());
    });
  }

  @Test
  @DisplayName("NET-6, NET-7: a connection that was accepted elsewhere, encrypted from here on")
  void accepted() {
    run(() -> {
      try (ServerSocketChannel listening = listening()) {
        listening.configureBlocking(false);
        SocketAddress address = listening.getLocalAddress();
        Tls tls = Tls.server(Certificates.good(), Certificates.keyOf(Certificates.good()));
        Task<Connection> connecting =
            createTask(() ->
                openConnection(
                    SocketChannel.open(address),
                    ConnectOptions.tls(
                        Tls.clientTrusting(Certificates.good()).withServerHostname("localhost"))));
        SocketChannel socket = Sockets.sockAccept(listening);
        RecordingProtocol protocol =
            Net.connectAcceptedSocket(RecordingProtocol::new, socket, tls).protocol();
        try (Connection client = connecting.await()) {
          client.writer().write("hello");
          until(() -> protocol.text().equals("hello"));
          assertThat(protocol.transport.getExtraInfo(ExtraInfo.CIPHER)).isNotNull();
        }
        protocol.lost.await();
        assertThat(protocol.events).containsExactly("made", "data", "eof", "lost");
      }
    });
  }

  @Test
  @DisplayName("NET-6: Unix sockets of the JDK, and of ours")
  void unix() {
    run(() -> {
      Path path = directory.resolve("socket");
      ServerSocketChannel socket =
          ServerSocketChannel.open(StandardProtocolFamily.UNIX)
              .bind(UnixDomainSocketAddress.of(path));
      Server server = startServer(UPPER, socket, ServerOptions.DEFAULT);
      server.use(() -> {
        checkEcho(Streams.openUnixConnection(path));
        checkEcho(
            openConnection(
                SocketChannel.open(UnixDomainSocketAddress.of(path)), ConnectOptions.DEFAULT));
      });
    });
  }

  @Test
  @DisplayName("NET-1, TR-3, NET-8: much data, and a file, through a socket that was given")
  void muchData() throws IOException {
    byte[] data = pattern(3_000_000);
    Path path = Files.write(directory.resolve("file"), data);
    run(() -> {
      Server server =
          startServer(
              (reader, writer) -> {
                try (writer) {
                  writer.write(reader.read());
                }
              },
              "localhost",
              0);
      server.use(() -> {
        SocketChannel socket = SocketChannel.open(server.addresses().getFirst());
        try (Connection connection = openConnection(socket, ConnectOptions.DEFAULT);
            FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
          connection.writer().write(data);
          Net.sendfile(connection.writer().transport(), file, 0, null, false);
          connection.writer().writeEof();
          byte[] back = connection.reader().read();
          assertThat(back).hasSize(2 * data.length).startsWith(data).endsWith(data);
        }
      });
    });
  }

  @Test
  @DisplayName("NET-1, NET-3: sockets that will not do")
  void refused() {
    run(() -> {
      SocketChannel unconnected = SocketChannel.open();
      assertThatThrownBy(() -> openConnection(unconnected, ConnectOptions.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not connected");
      unconnected.close();
      assertThatThrownBy(() -> openConnection(unconnected, ConnectOptions.DEFAULT))
          .isInstanceOf(ClosedChannelException.class);
      ServerSocketChannel unbound = ServerSocketChannel.open();
      assertThatThrownBy(() -> startServer(UPPER, unbound, ServerOptions.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bind it first");
      unbound.close();
      try (ServerSocketChannel listening = listening();
          SocketChannel socket = SocketChannel.open(listening.getLocalAddress())) {
        assertThatThrownBy(() -> openConnection(socket, ConnectOptions.tls(Tls.client())))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("withServerHostname");
        socket.configureBlocking(false);
        Sockets.addReader(socket, () -> {});
        assertThatThrownBy(() -> openConnection(socket, ConnectOptions.DEFAULT))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("reader");
        Sockets.removeReader(socket);
        assertThat(socket.isOpen()).isTrue();
      }
    });
  }
}
