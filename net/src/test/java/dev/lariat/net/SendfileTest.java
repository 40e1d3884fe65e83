package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.openUnixConnection;
import static dev.lariat.net.Streams.startServer;
import static dev.lariat.net.Streams.startUnixServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.ScopedVoidBlock;
import dev.lariat.Task;
import dev.lariat.queue.Queue;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files sent over transports. */
class SendfileTest extends NetTest {
  /** More than the operating system holds for a peer that does not read. */
  private static final byte[] DATA = pattern(24_000_000);

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void writeFile() throws IOException {
    path = Files.write(directory.resolve("file"), DATA);
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  /** A client, and the connection it has to a server that does nothing. */
  private record Ends(Connection client, Connection server) {
    Transport transport() {
      return (Transport) client.writer().transport();
    }

    byte[] receiveAll() throws IOException {
      return server.reader().read();
    }
  }

  private void withConnection(
      ServerOptions options, ConnectOptions how, ScopedVoidBlock<Ends, Exception> test) {
    run(() -> {
      Queue<Connection> accepted = new Queue<>();
      Server server =
          startServer(
              (reader, writer) -> {
                accepted.putNowait(new Connection(reader, writer));
                writer.waitClosed();
              },
              "localhost",
              0,
              options);
      server.use(() -> {
        Connection client = openConnection("localhost", server.port(), how);
        client
            .writer()
            .getExtraInfo(ExtraInfo.SOCKET)
            .config()
            .setOption(ChannelOption.SO_SNDBUF, 65536);
        Connection peer = accepted.get();
        try {
          test.run(new Ends(client, peer));
        } finally {
          client.writer().transport().abort();
          peer.writer().transport().abort();
        }
      });
    });
  }

  private void withPlainConnection(ScopedVoidBlock<Ends, Exception> test) {
    withConnection(ServerOptions.DEFAULT, ConnectOptions.DEFAULT, test);
  }

  private void withTls(ScopedVoidBlock<Ends, Exception> test) throws Exception {
    withConnection(
        ServerOptions.tls(Certificates.serverTls()),
        ConnectOptions.tls(Tls.unverifiedClient()),
        test);
  }

  private static byte[] joined(byte[]... parts) throws IOException {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  /** The file between other data, whole and in part. */
  private void checkSending(Ends ends) throws Exception {
    try (FileChannel file = open()) {
      Task<byte[]> receiving = createTask(ends::receiveAll);
      ends.transport().write(ascii("before"));
      assertThat(Net.sendfile(ends.transport(), file)).isEqualTo(DATA.length);
      assertThat(file.position()).isEqualTo(DATA.length);
      ends.transport().write(ascii("between"));
      assertThat(Net.sendfile(ends.transport(), file, 1_000, 50L, true)).isEqualTo(50);
      assertThat(file.position()).isEqualTo(1_050);
      assertThat(Net.sendfile(ends.transport(), file, DATA.length - 1_000, 2_000L, true))
          .isEqualTo(1_000);
      assertThat(Net.sendfile(ends.transport(), file, DATA.length + 1_000_000, null, true))
          .isZero();
      assertThat(ends.transport().getWriteBufferSize()).isZero();
      assertThat(ends.transport().isReading()).isTrue();
      ends.transport().write(ascii("after"));
      ends.client().close();
      byte[] expected =
          joined(
              ascii("before"),
              DATA,
              ascii("between"),
              Arrays.copyOfRange(DATA, 1_000, 1_050),
              Arrays.copyOfRange(DATA, DATA.length - 1_000, DATA.length),
              ascii("after"));
      assertThat(receiving.await()).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("NET-8: a file, in order with what is written, by TCP")
  void plain() {
    withPlainConnection(this::checkSending);
  }

  @Test
  @DisplayName("NET-8: the system sends a file by itself, whether it might be copied or not")
  void notCopied() {
    withPlainConnection(ends -> {
      try (FileChannel file = open()) {
        Outgoing outgoing = Outgoing.of(ends.transport());
        assertThat(Net.sendfile(ends.transport(), file, 0, 5_000L, true)).isEqualTo(5_000);
        assertThat(Net.sendfile(ends.transport(), file, 0, 6_000L, false)).isEqualTo(6_000);
        assertThat(outgoing.noted).containsExactly("file of 5000", "file of 6000");
      }
    });
  }

  @Test
  @DisplayName("NET-8: a file by TLS is copied, and only if it may be")
  void tls() throws Exception {
    withTls(this::checkSending);
    withTls(ends -> {
      try (FileChannel file = open()) {
        assertThatThrownBy(() -> Net.sendfile(ends.transport(), file, 0, null, false))
            .isInstanceOf(SendfileNotAvailableException.class)
            .hasMessageContaining("encrypted");
      }
    });
  }

  @Test
  @DisplayName("NET-8: a file by a Unix socket, without a fallback")
  void unix() {
    Path socket = directory.resolve("socket");
    run(() -> {
      Server server =
          startUnixServer(
              (reader, writer) -> {
                try (FileChannel file = open()) {
                  Net.sendfile(writer.transport(), file, 0, null, false);
                }
                writer.close();
              },
              socket);
      server.use(() -> {
        try (Connection client = openUnixConnection(socket)) {
          assertThat(client.reader().read()).isEqualTo(DATA);
        }
      });
    });
  }

  @Test
  @DisplayName("NET-8: a file that is not the operating system's is copied")
  void notOfTheSystem() throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(directory.resolve("zip"), Map.of("create", "true"))) {
      Path inZip = Files.write(zip.getPath("file"), DATA);
      withPlainConnection(ends -> {
        try (FileChannel file = FileChannel.open(inZip, StandardOpenOption.READ)) {
          assertThatThrownBy(() -> Net.sendfile(ends.transport(), file, 0, null, false))
              .isInstanceOf(SendfileNotAvailableException.class);
          Task<byte[]> receiving = createTask(ends::receiveAll);
          assertThat(Net.sendfile(ends.transport(), file)).isEqualTo(DATA.length);
          ends.client().close();
          assertThat(receiving.await()).isEqualTo(DATA);
        }
      });
    }
  }

  @Test
  @DisplayName("NET-8: while a file is sent, writes are refused, and nothing is received")
  void writesAndReadsWait() {
    withPlainConnection(ends -> {
      try (FileChannel file = open()) {
        Task<Long> sending = createTask(() -> Net.sendfile(ends.transport(), file));
        until(() -> !ends.transport().isReading());
        ends.server().writer().write("question\n");
        Task<String> answer = createTask(() -> ends.client().reader().readLine());
        sleep(SHORT);
        assertThat(sending.done()).isFalse();
        assertThat(answer.done()).isFalse();
        assertThatThrownBy(() -> ends.transport().write(ascii("x")))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("sendfile is in progress");
        assertThatThrownBy(() -> Net.sendfile(ends.transport(), file))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("sendfile is in progress");
        ends.transport().writeEof(); // after the file
        Task<byte[]> receiving = createTask(ends::receiveAll);
        assertThat(sending.await()).isEqualTo(DATA.length);
        assertThat(answer.await()).isEqualTo("question");
        assertThat(receiving.await()).isEqualTo(DATA);
        assertThatThrownBy(() -> Net.sendfile(ends.transport(), file))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("Cannot call sendfile() after writeEof()");
      }
    });
  }

  private void checkCancelled(Ends ends) throws Exception {
    try (FileChannel file = open()) {
      Task<Long> sending = createTask(() -> Net.sendfile(ends.transport(), file));
      until(() -> ends.transport().getWriteBufferSize() > 0);
      assertThat(sending.done()).isFalse();
      sending.cancel();
      assertThatThrownBy(sending::await).isInstanceOf(CancelledError.class);
      long sent = file.position();
      assertThat(sent).isPositive().isLessThan(DATA.length);
      Task<byte[]> receiving = createTask(ends::receiveAll);
      assertThat(Net.sendfile(ends.transport(), file, sent, null, true))
          .isEqualTo(DATA.length - sent);
      ends.client().close();
      assertThat(receiving.await()).isEqualTo(DATA);
    }
  }

  @Test
  @DisplayName("NET-8: cancelled, the file can be sent on from its position")
  void cancelled() throws Exception {
    withPlainConnection(this::checkCancelled);
    withTls(this::checkCancelled);
  }

  @Test
  @DisplayName("NET-8: a connection that is closed, or lost, half-way")
  void lostHalfWay() {
    withPlainConnection(ends -> {
      try (FileChannel file = open()) {
        Task<Long> sending = createTask(() -> Net.sendfile(ends.transport(), file));
        sleep(SHORT);
        ends.transport().abort();
        assertThatThrownBy(sending::await).hasCauseInstanceOf(IOException.class);
        assertThat(file.isOpen()).isTrue();
        assertThatThrownBy(() -> Net.sendfile(ends.transport(), file))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("closing");
      }
    });
    withPlainConnection(ends -> {
      try (FileChannel file = open()) {
        Task<Long> sending = createTask(() -> Net.sendfile(ends.transport(), file));
        sleep(SHORT);
        ends.transport().close();
        createTask(ends::receiveAll);
        assertThatThrownBy(sending::await).hasCauseInstanceOf(IOException.class);
      }
    });
    withPlainConnection(ends -> {
      try (FileChannel file = open()) {
        Task<Long> sending = createTask(() -> Net.sendfile(ends.transport(), file));
        sleep(SHORT);
        ends.server().writer().transport().abort();
        assertThatThrownBy(sending::await).hasCauseInstanceOf(IOException.class);
      }
    });
  }

  @Test
  @DisplayName("NET-8: what cannot be sent is refused before anything is")
  void refused() {
    withPlainConnection(ends -> {
      try (FileChannel file = open();
          FileChannel output = FileChannel.open(path, StandardOpenOption.APPEND)) {
        assertThatThrownBy(() -> Net.sendfile(ends.transport(), output))
            .isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(() -> Net.sendfile(ends.transport(), file, -1, null, true))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Net.sendfile(ends.transport(), file, 0, -1L, true))
            .isInstanceOf(IllegalArgumentException.class);
        DatagramTransport datagrams =
            Net.createDatagramEndpoint(
                    () -> new DatagramProtocol() {},
                    DatagramOptions.boundTo(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .transport();
        assertThatThrownBy(() -> Net.sendfile(datagrams, file))
            .isInstanceOf(IllegalArgumentException.class);
        datagrams.abort();
        ends.client().close();
        assertThat(ends.receiveAll()).isEmpty();
      }
    });
  }
}
