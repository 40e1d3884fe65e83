package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.StreamFixtures.text;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Task;
import dev.lariat.queue.Queue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        Tls tls = Certificates.serverTls();
        Task<Connection> connecting =
            createTask(() ->
                openConnection(
                    SocketChannel.open(address),
                    ConnectOptions.tls(Certificates.clientTls().withServerHostname("localhost"))));
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

  // -- datagrams ---------------------------------------------------------------------------------

  private static final class Mailbox implements DatagramProtocol {
    private final Queue<String> received = new Queue<>();
    private final List<IOException> errors = new ArrayList<>();
    private @Nullable SocketAddress sender;

    @Override
    public void datagramReceived(byte[] data, SocketAddress from) {
      received.putNowait(text(data));
      sender = from;
    }

    @Override
    public void errorReceived(IOException error) {
      errors.add(error);
    }
  }

  private static DatagramChannel datagrams() throws IOException {
    return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static Endpoint<DatagramTransport, Mailbox> endpoint(DatagramChannel socket)
      throws IOException {
    return Net.createDatagramEndpoint(Mailbox::new, socket);
  }

  @Test
  @DisplayName("NET-6, TR-11: an endpoint on a socket that is bound, which is closed with it")
  void boundDatagrams() {
    run(() -> {
      DatagramChannel socket = datagrams();
      var end = endpoint(socket);
      SocketAddress where = socket.getLocalAddress();
      assertThat(end.transport().getExtraInfo(ExtraInfo.SOCKNAME)).isEqualTo(where);
      assertThat((Object) end.transport().getExtraInfo(ExtraInfo.PEERNAME)).isNull();
      try (DatagramChannel peer = datagrams()) {
        for (String message : List.of("hello", "", "x".repeat(60_000))) {
          peer.send(ByteBuffer.wrap(ascii(message)), where);
          assertThat(end.protocol().received.get()).isEqualTo(message);
          assertThat(end.protocol().sender).isEqualTo(peer.getLocalAddress());
        }
        end.transport().sendTo(ascii("answer"), peer.getLocalAddress());
        peer.configureBlocking(false);
        Sockets.Received answer = Sockets.sockRecvfrom(peer, 10);
        assertThat(answer.sender()).isEqualTo(where);
        assertThat(text(answer.data())).isEqualTo("answer");
        assertThatThrownBy(() -> end.transport().sendTo(ascii("nobody")))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("say where to");
        assertThatThrownBy(() -> end.transport().sendTo(new byte[0], peer.getLocalAddress()))
            .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Sockets.sockRecvfrom(socket, 1))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("transport");
      }
      end.transport().close();
      until(() -> !socket.isOpen());
    });
  }

  @Test
  @DisplayName("NET-6, TR-11: an endpoint on a socket that is connected has one peer")
  void connectedDatagrams() {
    run(() -> {
      DatagramChannel other = datagrams();
      SocketAddress where = other.getLocalAddress();
      DatagramChannel socket = DatagramChannel.open().connect(where);
      var end = endpoint(socket);
      var peer = endpoint(other);
      assertThat(end.transport().getExtraInfo(ExtraInfo.PEERNAME)).isEqualTo(where);
      end.transport().sendTo(ascii("question"));
      assertThat(peer.protocol().received.get()).isEqualTo("question");
      peer.transport().sendTo(ascii("answer"), peer.protocol().sender);
      assertThat(end.protocol().received.get()).isEqualTo("answer");
      assertThatThrownBy(
              () -> end.transport().sendTo(ascii("x"), new InetSocketAddress("127.0.0.1", 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be null or");

      peer.transport().close();
      until(() -> !other.isOpen());
      until(() -> {
        end.transport().sendTo(ascii("anybody?"));
        return !end.protocol().errors.isEmpty();
      });
      assertThat(end.protocol().errors.getFirst()).isInstanceOf(PortUnreachableException.class);
      assertThat(end.transport().isClosing()).isFalse();
      end.transport().abort();
      until(() -> !socket.isOpen());
    });
  }

  @Test
  @DisplayName("NET-6: a datagram socket that is not bound gets a port")
  void unboundDatagrams() {
    run(() -> {
      var server = endpoint(datagrams());
      var client = endpoint(DatagramChannel.open());
      client
          .transport()
          .sendTo(ascii("hello"), server.transport().getExtraInfo(ExtraInfo.SOCKNAME));
      assertThat(server.protocol().received.get()).isEqualTo("hello");
      server.transport().sendTo(ascii("back"), server.protocol().sender);
      assertThat(client.protocol().received.get()).isEqualTo("back");
      client.transport().close();
      server.transport().close();
    });
  }

  @Test
  @DisplayName("NET-6: datagram sockets that will not do")
  void refusedDatagrams() {
    run(() -> {
      DatagramChannel closed = DatagramChannel.open();
      closed.close();
      assertThatThrownBy(() -> endpoint(closed)).isInstanceOf(ClosedChannelException.class);
      try (DatagramChannel watched = datagrams()) {
        watched.configureBlocking(false);
        Sockets.addReader(watched, () -> {});
        assertThatThrownBy(() -> endpoint(watched))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("reader");
        Sockets.removeReader(watched);
        assertThat(watched.isOpen()).isTrue();
        var end = endpoint(watched);
        assertThatThrownBy(() -> endpoint(watched))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("transport");
        end.transport().close();
      }
      DatagramChannel unused = datagrams();
      assertThatThrownBy(() ->
              Net.createDatagramEndpoint(
                  () -> {
                    throw new IllegalStateException("no protocol");
                  },
                  unused))
          .hasMessage("no protocol");
      until(() -> !unused.isOpen());
    });
  }
}
