package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.Sockets.addReader;
import static dev.lariat.net.Sockets.addWriter;
import static dev.lariat.net.Sockets.removeReader;
import static dev.lariat.net.Sockets.removeWriter;
import static dev.lariat.net.Sockets.sockAccept;
import static dev.lariat.net.Sockets.sockConnect;
import static dev.lariat.net.Sockets.sockRecv;
import static dev.lariat.net.Sockets.sockRecvInto;
import static dev.lariat.net.Sockets.sockRecvfrom;
import static dev.lariat.net.Sockets.sockRecvfromInto;
import static dev.lariat.net.Sockets.sockSendall;
import static dev.lariat.net.Sockets.sockSendfile;
import static dev.lariat.net.Sockets.sockSendto;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.StreamFixtures.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.VoidBlock;
import dev.lariat.context.ContextVar;
import dev.lariat.event.Registration;
import dev.lariat.host.VirtualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels of the JDK on a loop. */
class SocketsTest extends NetTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path directory;

  // -- fixtures ----------------------------------------------------------------------------------

  /** Both ends of a connection, neither of which blocks. */
  private record Pair(SocketChannel here, SocketChannel there) implements AutoCloseable {
    static Pair open() throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY)) {
        SocketChannel here = SocketChannel.open(server.getLocalAddress());
        SocketChannel there = server.accept();
        here.configureBlocking(false);
        there.configureBlocking(false);
        return new Pair(here, there);
      }
    }

    @Override
    public void close() throws IOException {
      here.close();
      there.close();
    }
  }

  private static DatagramChannel datagrams() throws IOException {
    DatagramChannel channel = DatagramChannel.open().bind(ANY);
    channel.configureBlocking(false);
    return channel;
  }

  private static ServerSocketChannel listening() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open().bind(ANY);
    server.configureBlocking(false);
    return server;
  }

  private static byte[] receiveAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] data = sockRecv(channel, 65_536); data.length > 0; ) {
      all.writeBytes(data);
      data = sockRecv(channel, 65_536);
    }
    return all.toByteArray();
  }

  /** Cancels a task after it has begun to wait, and sees that end it. */
  private static void cancel(Task<?> task) {
    sleep(SHORT);
    assertThat(task.done()).isFalse();
    task.cancel();
    assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
  }

  private static void fill(SocketChannel channel) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(1 << 20);
    while (channel.write(block.clear()) > 0) {
      // until there is no room
    }
  }

  private static int readOne(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(1));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  // -- callbacks ---------------------------------------------------------------------------------

  @Test
  @DisplayName("NET-10: a reader is called while there is something to read, and not once removed")
  void readerIsLevelTriggered() {
    run(() -> {
      try (Pair pair = Pair.open()) {
        Future<Void> threeRead = getRunningLoop().createFuture();
        List<Thread> threads = new ArrayList<>();
        addReader(
            pair.here(),
            () -> {
              threads.add(Thread.currentThread());
              readOne(pair.here());
              if (threads.size() == 3) {
                assertThat(removeReader(pair.here())).isTrue();
                threeRead.setResult(null);
              }
            });
        sleep(SHORT);
        assertThat(threads).isEmpty();
        pair.there().write(ByteBuffer.wrap(ascii("12345")));
        threeRead.await();
        sleep(SHORT);
        assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
        assertThat(removeReader(pair.here())).isFalse();
        assertThat(text(sockRecv(pair.here(), 10))).isEqualTo("45");
      }
    });
  }

  @Test
  @DisplayName("NET-10: a second reader takes the place of the first; readers and writers coexist")
  void replaced() {
    run(() -> {
      try (Pair pair = Pair.open()) {
        List<String> events = new ArrayList<>();
        addReader(pair.here(), () -> events.add("first"));
        addReader(
            pair.here(),
            () -> {
              events.add("second " + readOne(pair.here()));
              removeReader(pair.here());
            });
        addWriter(
            pair.here(),
            () -> {
              events.add("writer");
              removeWriter(pair.here());
            });
        until(() -> events.contains("writer"));
        pair.there().write(ByteBuffer.wrap(ascii("x")));
        until(() -> events.size() == 2);
        sleep(SHORT);
        assertThat(events).containsExactly("writer", "second 1");
        assertThat(removeWriter(pair.here())).isFalse();
      }
    });
  }

  @Test
  @DisplayName("NET-10: a callback that was scheduled and is removed before its turn is not called")
  void removedAtTheLastMoment() {
    run(() -> {
      try (Pair pair = Pair.open();
          Pair other = Pair.open()) {
        List<String> called = new ArrayList<>();
        for (Pair each : List.of(pair, other)) {
          addWriter(
              each.here(),
              () -> {
                called.add("one");
                removeWriter(pair.here());
                removeWriter(other.here());
              });
        }
        until(() -> !called.isEmpty());
        sleep(SHORT);
        assertThat(called).hasSize(1);
      }
    });
  }

  @Test
  @DisplayName("NET-10, CTX-1: a callback runs in the context it was added in; errors are reported")
  void contextAndErrors() {
    ContextVar<String> variable = ContextVar.of("variable");
    run(() -> {
      try (Pair pair = Pair.open()) {
        variable.set("before");
        List<String> seen = new ArrayList<>();
        addWriter(
            pair.here(),
            () -> {
              seen.add(variable.get());
              if (seen.size() == 2) {
                removeWriter(pair.here());
              }
              throw new IllegalStateException("on purpose");
            });
        variable.set("after");
        until(() -> seen.size() == 2);
        sleep(SHORT);
        assertThat(seen).containsExactly("before", "before");
        assertThat(takeReports())
            .hasSize(2)
            .allSatisfy(report -> assertThat(report.exception()).hasMessage("on purpose"));
      }
    });
  }

  @Test
  @DisplayName("NET-9, NET-10: what cannot be watched is refused with a sentence")
  void refused() {
    run(() -> {
      try (Pair pair = Pair.open();
          ServerSocketChannel server = listening()) {
        assertThatThrownBy(() -> addWriter(server, () -> {}))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("cannot be written to");
        pair.here().configureBlocking(true);
        assertThatThrownBy(() -> addReader(pair.here(), () -> {}))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("configureBlocking(false)");
        for (VoidBlock<Exception> call :
            List.<VoidBlock<Exception>>of(
                () -> sockRecv(pair.here(), 1),
                () -> sockSendall(pair.here(), ascii("x")),
                () -> sockConnect(pair.here(), ANY))) {
          assertThatThrownBy(call::run)
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("configureBlocking(false)");
        }
        pair.here().close();
        assertThatThrownBy(() -> addReader(pair.here(), () -> {}))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("closed");
        assertThatThrownBy(() -> sockRecv(pair.here(), 1))
            .isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  @DisplayName("NET-10: a task and a callback cannot both wait for a channel, and neither is lost")
  void taskAndCallback() {
    run(() -> {
      try (Pair pair = Pair.open()) {
        addReader(pair.here(), () -> {});
        assertThatThrownBy(() -> sockRecv(pair.here(), 1))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("callback waits");
        removeReader(pair.here());
        Task<byte[]> task = createTask(() -> sockRecv(pair.here(), 1));
        sleep(SHORT);
        assertThatThrownBy(() -> addReader(pair.here(), () -> {}))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("task is waiting");
        assertThat(removeReader(pair.here())).isFalse();
        pair.there().write(ByteBuffer.wrap(ascii("x")));
        assertThat(text(task.await())).isEqualTo("x");
      }
    });
  }

  @Test
  @DisplayName("NET-10: a channel that is closed while it is watched; real time, up to a second")
  void closedWhileWatched() {
    long descriptors = Descriptors.count();
    run(() -> {
      Pair pair = Pair.open();
      List<String> called = new ArrayList<>();
      addReader(pair.here(), () -> called.add("reader"));
      Task<byte[]> task = createTask(() -> sockRecv(pair.there(), 1));
      sleep(SHORT);
      pair.close();
      assertThatThrownBy(task::await).hasCauseInstanceOf(ClosedChannelException.class);
      until(() -> !called.isEmpty());
      sleep(SHORT);
      assertThat(called).hasSize(1);
      assertThat(removeReader(pair.here())).isFalse();
    });
    loop.close();
    assertThat(Descriptors.count()).isLessThanOrEqualTo(descriptors);
  }

  @Test
  @DisplayName("NET-10: the loop's end leaves the channels alone")
  void loopClosed() throws IOException {
    try (Pair pair = Pair.open()) {
      run(() -> {
        addReader(pair.here(), () -> {});
        sleep(SHORT);
      });
      loop.close();
      assertThat(pair.here().isOpen()).isTrue();
      assertThat(pair.here().isRegistered()).isFalse();
      pair.here().configureBlocking(true);
    }
  }

  @Test
  @DisplayName(
      "NET-10: a channel can be watched by one loop after the other, and by a second reader")
  void watchedAgain() {
    run(() -> {
      try (Pair pair = Pair.open()) {
        for (int i = 0; i < 50; i++) {
          addReader(pair.here(), () -> {});
          if (i % 3 == 0) {
            sleep(Duration.ZERO);
          }
          assertThat(removeReader(pair.here())).isTrue();
        }
        pair.there().write(ByteBuffer.wrap(ascii("x")));
        assertThat(text(sockRecv(pair.here(), 1))).isEqualTo("x");
      }
    });
  }

  @Test
  @DisplayName("NET-9: on virtual time the clock stands still while bytes are on their way")
  void virtualTime() {
    try (EventLoop virtual = new EventLoop(new VirtualTime())) {
      Duration took =
          virtual.runUntilComplete(() -> {
            try (Pair pair = Pair.open()) {
              Task<byte[]> task = createTask(() -> sockRecv(pair.here(), 5));
              sleep(Duration.ofHours(1));
              sockSendall(pair.there(), ascii("hello"));
              assertThat(text(task.await())).isEqualTo("hello");
              return getRunningLoop().time();
            }
          });
      assertThat(took).isEqualTo(Duration.ofHours(1));
    }
  }

  // -- streams -----------------------------------------------------------------------------------

  @Test
  @DisplayName("NET-9: connecting, accepting, sending and receiving")
  void echo() {
    byte[] data = pattern(3_000_000);
    run(() -> {
      try (ServerSocketChannel server = listening()) {
        Task<Void> echo =
            createTask(() -> {
              try (SocketChannel peer = sockAccept(server)) {
                assertThat(peer.isBlocking()).isFalse();
                for (byte[] some = sockRecv(peer, 65_536); some.length > 0; ) {
                  sockSendall(peer, some);
                  some = sockRecv(peer, 65_536);
                }
              }
            });
        try (SocketChannel client = SocketChannel.open()) {
          client.configureBlocking(false);
          int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
          sockConnect(client, InetSocketAddress.createUnresolved("127.0.0.1", port));
          Task<Void> sending =
              createTask(() -> {
                sockSendall(client, data);
                client.shutdownOutput();
              });
          assertThat(receiveAll(client)).isEqualTo(data);
          sending.await();
          echo.await();
          assertThat(sockRecvInto(client, ByteBuffer.allocate(1))).isZero();
          assertThat(sockRecv(client, 0)).isEmpty();
        }
      }
    });
  }

  @Test
  @DisplayName("NET-10: what addReader returns removes that callback, and not the one after it")
  void registrations() {
    run(() -> {
      try (Pair pair = Pair.open()) {
        Registration first = addReader(pair.here(), () -> {});
        Registration second = addReader(pair.here(), () -> {});
        first.close();
        assertThat(removeReader(pair.here())).isTrue();
        second.close();
        Registration third = addReader(pair.here(), () -> {});
        third.close();
        third.close();
        assertThat(removeReader(pair.here())).isFalse();
      }
    });
  }

  @Test
  @DisplayName("NET-9: a connection that is refused")
  void connectionRefused() {
    run(() -> {
      SocketAddress nobody;
      try (ServerSocketChannel gone = listening()) {
        nobody = gone.getLocalAddress();
      }
      try (SocketChannel client = SocketChannel.open()) {
        client.configureBlocking(false);
        assertThatThrownBy(() -> sockConnect(client, nobody)).isInstanceOf(ConnectException.class);
      }
    });
  }

  @Test
  @DisplayName("NET-9: a cancelled call has taken nothing, and leaves no watcher")
  void cancelledLosesNothing() {
    run(() -> {
      try (Pair pair = Pair.open();
          ServerSocketChannel server = listening();
          DatagramChannel datagrams = datagrams()) {
        cancel(createTask(() -> sockRecv(pair.here(), 5)));
        cancel(createTask(() -> sockAccept(server)));
        cancel(createTask(() -> sockRecvfrom(datagrams, 5)));
        until(() -> !pair.here().isRegistered() && !server.isRegistered());

        // And at the last moment: the task has been woken, but has not had its turn.
        for (int i = 0; i < 20; i++) {
          Task<byte[]> task = createTask(() -> sockRecv(pair.here(), 5));
          sleep(Duration.ofMillis(1));
          pair.there().write(ByteBuffer.wrap(ascii("hello")));
          for (int steps = 0; steps < i; steps++) {
            sleep(Duration.ZERO);
          }
          task.cancel();
          String got;
          try {
            got = text(task.await());
          } catch (CancelledError nothingTaken) {
            got = text(sockRecv(pair.here(), 5));
          }
          assertThat(got).isEqualTo("hello");
        }
      }
    });
  }

  @Test
  @DisplayName(
      "NET-9: a cancelled sockSendall says how much is left; a cancelled sockConnect goes on")
  void cancelledSending() {
    byte[] data = pattern(20_000_000);
    run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        cancel(createTask(() -> sockSendall(pair.here(), buffer)));
        assertThat(buffer.position()).isPositive().isLessThan(data.length);
        Task<byte[]> receiving = createTask(() -> receiveAll(pair.there()));
        sockSendall(pair.here(), buffer);
        pair.here().shutdownOutput();
        assertThat(receiving.await()).isEqualTo(data);
      }
      try (ServerSocketChannel server = listening();
          SocketChannel client = SocketChannel.open()) {
        client.configureBlocking(false);
        Task<Void> connecting = createTask(() -> sockConnect(client, server.getLocalAddress()));
        sleep(Duration.ZERO);
        connecting.cancel();
        try {
          connecting.await();
        } catch (CancelledError stillConnecting) {
          sockConnect(client, server.getLocalAddress());
        }
        assertThat(client.isConnected()).isTrue();
      }
    });
  }

  @Test
  @DisplayName("NET-9: several tasks may wait for one channel; pipes are channels, too")
  void severalTasks() {
    run(() -> {
      Pipe pipe = Pipe.open();
      try (Pipe.SourceChannel source = pipe.source();
          Pipe.SinkChannel sink = pipe.sink()) {
        source.configureBlocking(false);
        sink.configureBlocking(false);
        List<Task<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          readers.add(createTask(() -> sockRecv(source, 1)));
        }
        sleep(SHORT);
        readers.removeFirst().cancel();
        sockSendall(sink, ascii("ab"));
        List<byte[]> got = gather(readers).await();
        assertThat(got).extracting(StreamFixtures::text).containsExactlyInAnyOrder("a", "b");
      }
    });
  }

  @Test
  @DisplayName("NET-8: a file, whole and in part; its position tells how much was sent")
  void sendfile() throws IOException {
    byte[] data = pattern(5_000_000);
    Path path = Files.write(directory.resolve("file"), data);
    run(() -> {
      try (Pair pair = Pair.open();
          FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
        Task<byte[]> receiving = createTask(() -> receiveAll(pair.there()));
        assertThat(sockSendfile(pair.here(), file, 0, null)).isEqualTo(data.length);
        assertThat(file.position()).isEqualTo(data.length);
        assertThat(sockSendfile(pair.here(), file, 4_999_990, 5L)).isEqualTo(5);
        assertThat(file.position()).isEqualTo(4_999_995);
        assertThat(sockSendfile(pair.here(), file, 4_999_990, 100L)).isEqualTo(10);
        assertThat(sockSendfile(pair.here(), file, 6_000_000, null)).isZero();
        pair.here().shutdownOutput();
        assertThat(receiving.await()).hasSize(data.length + 15).startsWith(data);
        assertThatThrownBy(() -> sockSendfile(pair.here(), file, -1, null))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("offset");
        assertThatThrownBy(() -> sockSendfile(pair.here(), file, 0, 0L))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("count");
      }
    });
  }

  @Test
  @DisplayName("NET-8: a file whose sending is cancelled can be sent on from its position")
  void cancelledSendfile() throws IOException {
    byte[] data = pattern(20_000_000);
    Path path = Files.write(directory.resolve("file"), data);
    run(() -> {
      try (Pair pair = Pair.open();
          FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
        cancel(createTask(() -> sockSendfile(pair.here(), file, 0, null)));
        long sent = file.position();
        assertThat(sent).isPositive().isLessThan(data.length);
        Task<byte[]> receiving = createTask(() -> receiveAll(pair.there()));
        assertThat(sockSendfile(pair.here(), file, sent, null)).isEqualTo(data.length - sent);
        pair.here().shutdownOutput();
        assertThat(receiving.await()).isEqualTo(data);
      }
    });
  }

  @Test
  @DisplayName("NET-8: a file that becomes shorter while it is sent ends there")
  void shorterFile() throws IOException {
    Path path = Files.write(directory.resolve("file"), new byte[30_000_000]);
    run(() -> {
      try (ServerSocketChannel listening = listening();
          SocketChannel channel = SocketChannel.open();
          FileChannel file = FileChannel.open(path)) {
        channel.configureBlocking(false);
        sockConnect(channel, listening.getLocalAddress());
        SocketChannel peer = sockAccept(listening);
        Task<Long> sending = createTask(() -> sockSendfile(channel, file, 0, null));
        sleep(SHORT); // real time: until there is no more room
        try (FileChannel shorter = FileChannel.open(path, StandardOpenOption.WRITE)) {
          shorter.truncate(1000);
        }
        Task<byte[]> receiving = createTask(() -> receiveAll(peer));
        long sent = sending.await();
        channel.close();
        assertThat(receiving.await()).hasSize((int) sent);
        peer.close();
      }
    });
  }

  @Test
  @DisplayName("NET-8: a channel that the JDK's selector cannot wait for")
  void foreignChannel() {
    class Foreign extends Pipe.SourceChannel {
      Foreign() {
        super(
            new SelectorProvider() {
              @Override
              public DatagramChannel openDatagramChannel() {
                throw new UnsupportedOperationException();
              }

              @Override
              public DatagramChannel openDatagramChannel(ProtocolFamily family) {
                throw new UnsupportedOperationException();
              }

              @Override
              public Pipe openPipe() {
                throw new UnsupportedOperationException();
              }

              @Override
              public AbstractSelector openSelector() {
                throw new UnsupportedOperationException();
              }

              @Override
              public ServerSocketChannel openServerSocketChannel() {
                throw new UnsupportedOperationException();
              }

              @Override
              public SocketChannel openSocketChannel() {
                throw new UnsupportedOperationException();
              }

              @Override
              public String toString() {
                return "another provider";
              }
            });
      }

      @Override
      public int read(ByteBuffer target) {
        return 0;
      }

      @Override
      public long read(ByteBuffer[] targets, int offset, int length) {
        return 0;
      }

      @Override
      public long read(ByteBuffer[] targets) {
        return 0;
      }

      @Override
      protected void implCloseSelectableChannel() {}

      @Override
      protected void implConfigureBlocking(boolean blocks) {}
    }

    run(() -> {
      Foreign channel = new Foreign();
      channel.configureBlocking(false);
      assertThatThrownBy(() -> addReader(channel, () -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another provider");
    });
  }

  @Test
  @DisplayName("NET-9: a task that waits for room goes on when there is some")
  void waitsForRoom() {
    run(() -> {
      try (Pair pair = Pair.open()) {
        pair.here().setOption(StandardSocketOptions.SO_SNDBUF, 8_192);
        fill(pair.here());
        // Much: what is on its way makes room for a little more when it has arrived.
        byte[] more = ascii("x".repeat(8 << 20) + "last");
        Task<Void> sending = createTask(() -> sockSendall(pair.here(), more));
        sleep(SHORT);
        assertThat(sending.done()).isFalse();
        Task<byte[]> receiving = createTask(() -> receiveAll(pair.there()));
        sending.await();
        pair.here().shutdownOutput();
        assertThat(text(receiving.await())).endsWith("last");
      }
    });
  }

  // -- datagrams ---------------------------------------------------------------------------------

  @Test
  @DisplayName("NET-9: datagrams, empty ones too")
  void datagramsThereAndBack() {
    run(() -> {
      try (DatagramChannel one = datagrams();
          DatagramChannel two = datagrams()) {
        Task<Sockets.Received> waiting = createTask(() -> sockRecvfrom(two, 100));
        sleep(Duration.ZERO);
        assertThat(sockSendto(one, ascii("hello"), two.getLocalAddress())).isEqualTo(5);
        assertThat(text(waiting.await().data())).isEqualTo("hello");
        assertThat(waiting.await().sender()).isEqualTo(one.getLocalAddress());
        assertThat(sockSendto(two, new byte[0], one.getLocalAddress())).isZero();
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThat(sockRecvfromInto(one, buffer)).isEqualTo(two.getLocalAddress());
        assertThat(buffer.position()).isZero();

        one.connect(two.getLocalAddress());
        two.connect(one.getLocalAddress());
        sockSendall(one, ascii("connected"));
        assertThat(text(sockRecv(two, 100))).isEqualTo("connected");
        assertThatThrownBy(() -> sockSendto(two, new byte[0], one.getLocalAddress()))
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("connected");
      }
    });
  }

  @Test
  @DisplayName("NET-9: a datagram socket is connected at once, by name, and to another peer")
  void datagramsConnected() {
    run(() -> {
      try (DatagramChannel client = datagrams();
          DatagramChannel one = datagrams();
          DatagramChannel two = datagrams()) {
        for (DatagramChannel peer : List.of(one, two)) {
          int port = ((InetSocketAddress) peer.getLocalAddress()).getPort();
          sockConnect(client, InetSocketAddress.createUnresolved("localhost", port));
          assertThat(client.getRemoteAddress()).isEqualTo(peer.getLocalAddress());
          sockSendall(client, ascii("question"));
          Sockets.Received question = sockRecvfrom(peer, 100);
          assertThat(text(question.data())).isEqualTo("question");
          assertThat(sockSendto(peer, ascii("answer"), question.sender())).isEqualTo(6);
          assertThat(text(sockRecv(client, 3))).isEqualTo("ans"); // the rest is lost
          assertThat(sockSendto(client, ascii("again"), peer.getLocalAddress())).isEqualTo(5);
          assertThat(text(sockRecv(peer, 100))).isEqualTo("again");
        }
        sockSendto(one, ascii("of a stranger"), client.getLocalAddress());
        sockSendto(two, ascii("of the peer"), client.getLocalAddress());
        assertThat(text(sockRecv(client, 100))).isEqualTo("of the peer");
        assertThatThrownBy(() -> sockSendto(client, ascii("x"), one.getLocalAddress()))
            .isInstanceOf(AlreadyConnectedException.class);
        assertThatThrownBy(() -> sockSendall(client, new byte[70_000]))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("too long");
      }
    });
  }

  @Test
  @DisplayName("NET-9: a datagram socket whose peer is not there learns that when it receives")
  void datagramsRefused() {
    run(() -> {
      SocketAddress nobody;
      try (DatagramChannel gone = datagrams()) {
        nobody = gone.getLocalAddress();
      }
      try (DatagramChannel client = datagrams()) {
        sockConnect(client, nobody);
        sockSendall(client, ascii("anybody?"));
        assertThatThrownBy(() -> sockRecv(client, 100))
            .isInstanceOf(PortUnreachableException.class);
        client.configureBlocking(true);
        assertThatThrownBy(() -> sockConnect(client, nobody))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("blocks");
        client.close();
        assertThatThrownBy(() -> sockConnect(client, nobody))
            .isInstanceOf(ClosedChannelException.class);
      }
    });
  }
}
