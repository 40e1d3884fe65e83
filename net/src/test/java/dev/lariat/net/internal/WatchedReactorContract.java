package dev.lariat.net.internal;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.context.ContextVar;
import dev.lariat.host.Host;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.BufferedProtocol;
import dev.lariat.net.ConnectOptions;
import dev.lariat.net.Connection;
import dev.lariat.net.Descriptors;
import dev.lariat.net.Net;
import dev.lariat.net.Protocol;
import dev.lariat.net.Server;
import dev.lariat.net.StreamHandler;
import dev.lariat.net.UnixAddress;
import dev.lariat.process.Process;
import dev.lariat.process.Subprocess;
import dev.lariat.process.SubprocessOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Networking on a host that watches Netty's descriptor: what is particular to that. */
@Timeout(60)
public abstract class WatchedReactorContract {
  private static final String HOST = "127.0.0.1";
  private static final byte[] LINE = {'h', 'e', 'l', 'l', 'o', '\n'};
  private static final StreamHandler ECHO =
      (reader, writer) -> {
        for (byte[] line = reader.readline(); line.length > 0; line = reader.readline()) {
          writer.write(line);
        }
        writer.close();
      };

  private CountingHost host;
  private SocketChannel late;
  private final List<String> events = new ArrayList<>();

  /** Runs {@code test} on a thread that the host may have. */
  protected void onHostThread(Executable test) throws Throwable {
    test.execute();
  }

  /** Called on that thread. */
  protected abstract Host newHost();

  /** Runs {@code test} with a loop. Nothing may be reported. */
  private void withLoop(Consumer<EventLoop> test) throws Throwable {
    onHostThread(() -> {
      host = new CountingHost(newHost());
      try (EventLoop loop = new EventLoop(host)) {
        loop.setExceptionHandler((_, report) -> events.add("reported: " + report));
        test.accept(loop);
      }
      assertThat(events).noneMatch(event -> event.startsWith("reported"));
    });
  }

  private void run(Action test) throws Throwable {
    withLoop(loop -> loop.runUntilComplete(test));
  }

  private static String ask(Connection connection) throws IOException {
    connection.writer().write(LINE);
    return connection.reader().readLine();
  }

  private static void end(Server server) {
    server.close();
    server.closeClients();
    server.waitClosed();
  }

  // -- one thread --------------------------------------------------------------------------------

  @Test
  @DisplayName("NET-1 sockets are served by the toolkit's thread, and Netty has none of its own")
  void oneThread() throws Throwable {
    run(() -> {
      assertThat(Reactor.of(getRunningLoop())).isInstanceOf(WatchedReactor.class);
      Server server = startServer(ECHO, HOST, 0);
      try (Connection connection = openConnection(HOST, server.port())) {
        assertThat(ask(connection)).isEqualTo("hello");
      }
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .noneMatch(name -> name.startsWith("lariat-net"));
      end(server);
    });
  }

  @Test
  @DisplayName("SP-1 so are the pipes of a child")
  void pipes() throws Throwable {
    run(() -> {
      var options = SubprocessOptions.PIPES;
      Process process = Subprocess.createSubprocessExec(options, "cat");
      assertThat(EpollPipe.worksWith(Reactor.of(getRunningLoop()))).isTrue();
      assertThat(process.communicate(LINE).stdout()).isEqualTo(LINE);
      assertThat(Reactor.of(getRunningLoop())).isInstanceOf(WatchedReactor.class);
    });
  }

  @Test
  @DisplayName("NET-1 where epoll is not to be used, Netty gets a thread, and all works")
  void otherTransport() throws Throwable {
    System.setProperty("lariat.net.transport", "nio");
    try {
      run(() -> {
        assertThat(Reactor.of(getRunningLoop())).isInstanceOf(CompanionReactor.class);
        Server server = startServer(ECHO, HOST, 0);
        try (Connection connection = openConnection(HOST, server.port())) {
          assertThat(ask(connection)).isEqualTo("hello");
        }
        end(server);
      });
    } finally {
      System.clearProperty("lariat.net.transport");
    }
    assertThat(host.events).containsExactly("close host");
  }

  @Test
  @DisplayName("NET-1 what other threads, and Netty itself, give Netty to do wakes the loop")
  void tasksAndTimers() throws Throwable {
    run(() -> {
      EventLoop loop = getRunningLoop();
      DrivenEventLoop netty = (DrivenEventLoop) Reactor.of(loop).netty();
      Future<Thread> posted = loop.createFuture();
      Thread.ofPlatform()
          .start(() -> netty.execute(() -> posted.setResult(Thread.currentThread())));
      assertThat(posted.await()).isSameAs(Thread.currentThread());

      Future<Void> late = loop.createFuture();
      Reactor.of(loop)
          .toNetty(() -> netty.schedule(() -> late.setResult(null), 5, TimeUnit.MILLISECONDS));
      late.await();

      Future<Void> chain = loop.createFuture();
      Reactor.of(loop).toNetty(() -> executeInTurn(netty, 1000, chain));
      chain.await();
    });
  }

  private static void executeInTurn(DrivenEventLoop netty, int times, Future<Void> end) {
    if (times == 0) {
      end.setResult(null);
    } else {
      netty.execute(() -> executeInTurn(netty, times - 1, end));
    }
  }

  @Test
  @DisplayName("NET-1 however the turns are cut up, no event is slept over")
  void shortTurns() throws Throwable {
    run(() -> {
      getRunningLoop().setTurnBudget(Duration.ZERO); // a turn for each callback
      Server server = startServer(ECHO, HOST, 0);
      List<Task<Void>> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(
            createTask(() -> {
              try (Connection connection = openConnection(HOST, server.port())) {
                for (int j = 0; j < 20; j++) {
                  assertThat(ask(connection)).isEqualTo("hello");
                }
              }
            }));
      }
      gather(clients).await();
      end(server);
    });
  }

  // -- order, context ----------------------------------------------------------------------------

  /** Tells of what it receives. */
  private record Receiver(Consumer<String> told) implements Protocol {
    @Override
    public void dataReceived(byte[] data) {
      told.accept(new String(data, StandardCharsets.US_ASCII).trim());
    }
  }

  /** Connects a protocol with a plain socket; what that sends is here at once. */
  private static SocketChannel peerOf(Consumer<String> told) throws IOException {
    Future<Void> reading = getRunningLoop().createFuture();
    SocketChannel peer =
        peerOf(
            new Receiver(text -> {
              if (text.equals("ready")) {
                reading.setResult(null);
              } else {
                told.accept(text);
              }
            }));
    send(peer, "ready");
    reading.await();
    return peer;
  }

  private static SocketChannel peerOf(BaseProtocol protocol) throws IOException {
    Path path = Files.createTempDirectory("lariat").resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Net.createUnixConnection(() -> protocol, UnixAddress.of(path), ConnectOptions.DEFAULT);
      return server.accept();
    } finally {
      Files.deleteIfExists(path);
      Files.delete(path.getParent());
    }
  }

  private static void send(SocketChannel peer, String text) {
    try {
      peer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException error) {
      throw new AssertionError(error);
    }
  }

  @Test
  @DisplayName(
      "LOOP-6 LOOP-7 in an iteration come what was ready, I/O, then the timers that are due")
  void order() throws Throwable {
    run(() -> {
      EventLoop loop = getRunningLoop();
      Future<Void> end = loop.createFuture();
      try (SocketChannel peer = peerOf(events::add)) {
        loop.callSoon(() -> {
          loop.callSoon(() -> events.add("ready"));
          loop.callLater(
              Duration.ofNanos(1),
              () -> {
                events.add("timer");
                loop.callSoon(() -> end.setResult(null));
              });
          send(peer, "I/O");
        });
        end.await();
      }
      assertThat(events).containsExactly("ready", "I/O", "timer");
    });
  }

  @Test
  @DisplayName("TR-1 a protocol is called in the context of the loop, not in that of what ran last")
  void context() throws Throwable {
    ContextVar<String> variable = ContextVar.withDefault("variable", "none");
    run(() -> {
      Future<String> seen = getRunningLoop().createFuture();
      try (SocketChannel peer = peerOf(_ -> seen.setResult(variable.get()))) {
        Task<Void> other =
            createTask(() -> {
              variable.set("of a task");
              send(peer, "data");
              sleep(Duration.ZERO); // and then comes a poll
            });
        assertThat(seen.await()).isEqualTo("none");
        other.await();
      }
    });
  }

  // -- nested main loops -------------------------------------------------------------------------

  @Test
  @DisplayName("GLIB-2 QT-1 in a nested main loop that a task has opened, I/O goes on")
  void nestedInTask() throws Throwable {
    run(() -> {
      Server server = startServer(ECHO, HOST, 0);
      Task<Void> other =
          createTask(() -> {
            try (Connection connection = openConnection(HOST, server.port())) {
              for (int i = 0; i < 10; i++) {
                events.add(ask(connection));
              }
            }
            host.quit();
          });
      host.run();
      assertThat(events).hasSize(10).containsOnly("hello");
      other.await();
      end(server);
    });
  }

  @Test
  @DisplayName(
      "GLIB-2 QT-1 in one that a protocol has opened, too: also what came with its own event")
  void nestedInProtocol() throws Throwable {
    int sockets = 20;
    run(() -> {
      EventLoop loop = getRunningLoop();
      Future<Void> end = loop.createFuture();
      Consumer<String> protocol =
          text -> {
            events.add(text);
            if (events.size() == 1) {
              host.run();
              events.add("closed");
              end.setResult(null);
            } else if (events.size() == sockets) {
              loop.callSoon(() -> send(late, "late"));
            } else if (text.equals("late")) {
              host.quit();
            }
          };
      List<SocketChannel> peers = new ArrayList<>();
      for (int i = 0; i < sockets; i++) {
        peers.add(peerOf(protocol));
      }
      late = peerOf(protocol);
      loop.callSoon(() -> peers.forEach(peer -> send(peer, "early"))); // comes by one poll
      end.await();
      assertThat(events).hasSize(sockets + 2).endsWith("early", "late", "closed");
      for (SocketChannel peer : peers) {
        peer.close();
      }
      late.close();
    });
  }

  @Test
  @DisplayName(
      "TR-9 in one that a BufferedProtocol has opened, nothing passes what it has not taken")
  void nestedInBufferedProtocol() throws Throwable {
    run(() -> {
      EventLoop loop = getRunningLoop();
      Future<Void> end = loop.createFuture();
      BufferedProtocol protocol =
          new BufferedProtocol() {
            private final ByteBuffer buffer = ByteBuffer.allocate(4);

            @Override
            public ByteBuffer getBuffer(int sizehint) {
              return buffer.clear();
            }

            @Override
            public void bufferUpdated(int count) {
              String text = new String(buffer.array(), 0, count, StandardCharsets.US_ASCII);
              events.add(text);
              if (text.equals("abcd")) {
                host.run();
              } else if (text.equals("late")) {
                end.setResult(null);
              }
            }
          };
      SocketChannel peer = peerOf(protocol);
      SocketChannel other = peerOf(_ -> host.quit());
      loop.callSoon(() -> {
        send(peer, "abcdefgh");
        loop.callSoon(() ->
            loop.callSoon(() -> {
              send(peer, "late");
              loop.callSoon(() -> send(other, "quit"));
            }));
      });
      end.await();
      assertThat(events).containsExactly("abcd", "efgh", "late");
      peer.close();
      other.close();
    });
  }

  // -- cost --------------------------------------------------------------------------------------

  @Test
  @DisplayName("GLIB-8 QT-2 a hundred open connections that are idle cost no turn")
  void idleConnections() throws Throwable {
    run(() -> {
      Server server = startServer(ECHO, HOST, 0);
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        connections.add(openConnection(HOST, server.port()));
        assertThat(ask(connections.getLast())).isEqualTo("hello");
      }
      sleep(Duration.ofMillis(50)); // real time
      int turns = host.turns;
      int readable = host.readable;
      sleep(Duration.ofMillis(300)); // real time
      // The sleep's: two or three, or more if the machine is busy and they are cut up.
      assertThat(host.turns - turns).as("turns").isLessThanOrEqualTo(10);
      assertThat(host.readable - readable).as("told").isZero();
      for (Connection connection : connections) {
        connection.close();
      }
      end(server);
    });
  }

  @Test
  @DisplayName("what comes while the loop does not run keeps the main loop from nothing, and waits")
  void notRunning() throws Throwable {
    withLoop(loop -> {
      Server server = loop.runUntilComplete(() -> startServer(ECHO, HOST, 0));
      try (Socket client = new Socket(HOST, server.port())) {
        client.getOutputStream().write(LINE);
        host.readable = 0;
        host.iterate(50);
        assertThat(host.readable).as("told").isLessThanOrEqualTo(2);
        assertThat(host.events).containsExactly("watch", "off");
        loop.runUntilComplete(() -> {
          while (client.getInputStream().available() < LINE.length) {
            sleep(Duration.ofMillis(1));
          }
        });
        assertThat(host.events).startsWith("watch", "off", "on");
        assertThat(client.getInputStream().readNBytes(LINE.length)).isEqualTo(LINE);
      } catch (IOException error) {
        throw new AssertionError(error);
      }
      loop.runUntilComplete(() -> end(server));
    });
  }

  // -- the end -----------------------------------------------------------------------------------

  @Test
  @DisplayName("closing the loop ends the watch before the host, and leaves no descriptor")
  void close() throws Throwable {
    run(() -> startServer(ECHO, HOST, 0)); // what is loaded once is loaded
    long before = Descriptors.count();
    for (int i = 0; i < 20; i++) {
      withLoop(loop -> {
        loop.setExceptionHandler((_, _) -> {}); // of the handler's task, destroyed
        loop.runUntilComplete(() -> {
          Server server = startServer(ECHO, HOST, 0);
          Connection connection = openConnection(HOST, server.port());
          assertThat(ask(connection)).isEqualTo("hello");
        });
      });
      assertThat(host.events).endsWith("close watch", "close host");
    }
    assertThat(Descriptors.count()).isLessThanOrEqualTo(before + 2);
  }
}
