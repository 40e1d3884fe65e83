package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lariat.CancelledError;
import dev.lariat.ExceptionGroup;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Connecting, listening, accepting, and their ends. */
class ConnectionsTest extends NetTest {
  private static final String HOST = "127.0.0.1";
  private static final StreamHandler GREETER =
      (reader, writer) -> {
        writer.write("hello");
        writer.close();
      };
  private static final StreamHandler PATIENT =
      (reader, writer) -> {
        reader.read();
        writer.close();
      };

  private static String greeting(String host, int port) throws IOException {
    return greeting(host, port, ConnectOptions.DEFAULT);
  }

  private static String greeting(String host, int port, ConnectOptions options) throws IOException {
    try (Connection connection = openConnection(host, port, options)) {
      return StreamFixtures.text(connection.reader().read());
    }
  }

  private static InetSocketAddress address(String literal, int port) {
    return new InetSocketAddress(java.net.InetAddress.ofLiteral(literal), port);
  }

  // -- connecting --------------------------------------------------------------------------------

  /** A thread that counts what it is given to do. */
  private static final class CountingExecutor extends ThreadPoolExecutor {
    private int count; // the loop's thread gives it, and asks

    CountingExecutor() {
      super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }

    @Override
    public void execute(Runnable command) {
      count++;
      super.execute(command);
    }

    int takeCount() {
      int taken = count;
      count = 0;
      return taken;
    }
  }

  @Test
  @DisplayName("NET-1, NET-11: what asks the system is done in another thread, addresses are not")
  void lookUpsInAnotherThread() {
    run(() -> {
      CountingExecutor executor = new CountingExecutor(); // shut down with the loop
      loop.setDefaultExecutor(executor);
      Server server = startServer(GREETER, "localhost", 0);
      assertThat(executor.takeCount()).isOne();
      greeting("localhost", server.port());
      assertThat(executor.takeCount()).isOne();
      Net.getaddrinfo("localhost", 80);
      assertThat(executor.takeCount()).isOne();
      Net.getnameinfo(address(HOST, 80));
      assertThat(executor.takeCount()).isOne();
      server.close();
      server.waitClosed();
      Server numeric = startServer(GREETER, HOST, 0);
      greeting(HOST, numeric.port());
      Net.getaddrinfo("::1", 80);
      assertThat(executor.takeCount()).isZero();
      numeric.close();
      numeric.waitClosed();
    });
  }

  @Test
  @DisplayName("NET-1: names are looked up; addresses are taken as they are")
  void names() {
    run(() -> {
      Server server = startServer(GREETER, null, 0);
      server.use(() -> {
        assertThat(greeting("localhost", server.port())).isEqualTo("hello");
        assertThat(greeting(HOST, server.port())).isEqualTo("hello");
        assertThat(greeting("::1", server.port())).isEqualTo("hello");
      });
      assertThatThrownBy(() -> openConnection("no.such.host.invalid", 80))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("no.such.host.invalid");
    });
  }

  @Test
  @DisplayName("NET-11: addresses of names, and names of addresses")
  void addressesAndNames() {
    run(() -> {
      assertThat(Net.getaddrinfo("127.0.0.1", 80)).containsExactly(address("127.0.0.1", 80));
      assertThat(Net.getaddrinfo("localhost", 80)).contains(address("127.0.0.1", 80));
      assertThat(Net.getaddrinfo(null, 80)).isNotEmpty();
      assertThat(Net.getnameinfo(address("127.0.0.1", 80))).isEqualTo("localhost");
      assertThatThrownBy(() -> Net.getaddrinfo("no.such.host.invalid", 80))
          .isInstanceOf(UnknownHostException.class);
    });
  }

  @Test
  @DisplayName("NET-1: ports must be ports")
  void ports() {
    run(() -> {
      for (int port : new int[] {-1, 65536}) {
        assertThatThrownBy(() -> openConnection(HOST, port))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("port");
        assertThatThrownBy(() -> startServer(GREETER, HOST, port))
            .isInstanceOf(IllegalArgumentException.class);
      }
    });
  }

  @Test
  @DisplayName("NET-1: where to connect from")
  void localAddress() {
    run(() -> {
      List<SocketAddress> peers = new ArrayList<>();
      Server server =
          startServer(
              (reader, writer) -> {
                peers.add(writer.getExtraInfo(ExtraInfo.PEERNAME));
                writer.close();
              },
              HOST,
              0);
      server.use(() -> {
        greeting(
            HOST, server.port(), ConnectOptions.DEFAULT.withLocalAddress(address("127.0.0.2", 0)));
        assertThat(((InetSocketAddress) peers.getFirst()).getAddress().getHostAddress())
            .isEqualTo("127.0.0.2");
      });
    });
  }

  @Test
  @DisplayName("NET-1: one error for all addresses, or a group of all")
  void errors() {
    run(() -> {
      int port = freePort();
      assertThatThrownBy(() -> connect(List.of(address(HOST, port)), ConnectOptions.DEFAULT))
          .isInstanceOf(ConnectException.class);
      List<InetSocketAddress> two = List.of(address("127.0.0.1", port), address("::1", port));
      IOException both =
          catchThrowableOfType(IOException.class, () -> connect(two, ConnectOptions.DEFAULT));
      assertThat(both)
          .hasMessageStartingWith("Multiple exceptions: ")
          .hasMessageContaining("0:1]:");
      assertThat(both.getCause()).isInstanceOf(ConnectException.class);
      assertThat(both.getSuppressed()).hasSize(1);
      ExceptionGroup group =
          catchThrowableOfType(
              ExceptionGroup.class, () -> connect(two, ConnectOptions.DEFAULT.withAllErrors(true)));
      assertThat(group.exceptions()).hasSize(2).allMatch(ConnectException.class::isInstance);
    });
  }

  private static void connect(List<InetSocketAddress> addresses, ConnectOptions options)
      throws IOException {
    new Connector(Net.reactor(), addresses, options).connect().discard();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  // -- Happy Eyeballs ----------------------------------------------------------------------------

  @Test
  @DisplayName(
      "NET-2: who refuses is named, in the words of the JDK, and whoever asked is on the stack")
  void refusedWithNames() {
    run(() -> {
      int port;
      try (ServerSocket gone = new ServerSocket(0)) {
        port = gone.getLocalPort();
      }
      assertThatThrownBy(() -> Streams.openConnection("127.0.0.1", port))
          .isInstanceOf(ConnectException.class)
          .hasMessage("Cannot connect to /127.0.0.1:" + port + ": Connection refused")
          .hasStackTraceContaining("ConnectionsTest");
    });
  }

  @Test
  @DisplayName("NET-2: families take turns")
  void interleaving() {
    InetSocketAddress six1 = address("::1", 1);
    InetSocketAddress six2 = address("::2", 1);
    InetSocketAddress six3 = address("::3", 1);
    InetSocketAddress four1 = address("127.0.0.1", 1);
    InetSocketAddress four2 = address("127.0.0.2", 1);
    List<InetSocketAddress> resolved = List.of(six1, six2, six3, four1, four2);
    assertThat(Resolver.interleave(resolved, 0)).isEqualTo(resolved);
    assertThat(Resolver.interleave(resolved, 1)).containsExactly(six1, four1, six2, four2, six3);
    assertThat(Resolver.interleave(resolved, 2)).containsExactly(six1, six2, four1, six3, four2);
    assertThat(Resolver.interleave(resolved, 9)).containsExactly(six1, six2, six3, four1, four2);
    assertThat(Resolver.interleave(List.of(), 1)).isEmpty();
  }

  @Test
  @DisplayName("NET-2: by default the second address to be tried is of the other family")
  void interleavesByDefault() {
    assertThat(ConnectOptions.DEFAULT.interleave()).isOne();
    run(() -> {
      int port = freePort();
      List<InetSocketAddress> addresses =
          List.of(address("127.0.0.1", port), address("127.0.0.2", port), address("::1", port));
      ExceptionGroup group =
          catchThrowableOfType(
              ExceptionGroup.class,
              () ->
                  connect(
                      addresses,
                      ConnectOptions.DEFAULT.withHappyEyeballsDelay(null).withAllErrors(true)));
      assertThat(group.exceptions())
          .extracting(Throwable::getMessage)
          .satisfiesExactly(
              first -> assertThat(first).contains("127.0.0.1:"),
              second -> assertThat(second).contains("0:1]:"),
              third -> assertThat(third).contains("127.0.0.2:"));
    });
  }

  /** A port that neither answers nor refuses: its backlog is full. */
  static final class Silent implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket();
    private final List<Socket> queued = new ArrayList<>();

    Silent() throws IOException {
      socket.bind(new InetSocketAddress("127.0.0.1", 0), 1);
      for (int i = 0; i < 8; i++) {
        Socket one = new Socket();
        queued.add(one);
        try {
          one.connect(socket.getLocalSocketAddress(), 500);
        } catch (IOException full) {
          break;
        }
      }
    }

    int port() {
      return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket one : queued) {
        one.close();
      }
      socket.close();
    }
  }

  @Test
  @DisplayName("NET-2: an address that does not answer holds the next one up for the delay only")
  void happyEyeballs() {
    run(() -> {
      try (Silent silent = new Silent()) {
        Server server = startServer(GREETER, "127.0.0.3", silent.port());
        server.use(() -> {
          List<InetSocketAddress> addresses =
              List.of(address(HOST, silent.port()), address("127.0.0.3", silent.port()));
          Duration start = loop.time();
          ChannelTransport connected =
              new Connector(
                      Net.reactor(),
                      addresses,
                      ConnectOptions.DEFAULT.withHappyEyeballsDelay(Duration.ofMillis(100)))
                  .connect();
          assertThat(loop.time().minus(start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
          assertThat(connected.channel().remoteAddress()).isEqualTo(addresses.get(1));
          connected.discard();
        });
      }
    });
  }

  @Test
  @DisplayName("NET-2: an address that refuses does not hold the next one up")
  void refusedFirst() {
    run(() -> {
      Server server = startServer(GREETER, "127.0.0.3", 0);
      server.use(() -> {
        connect( // within the time limit of a test
            List.of(address(HOST, server.port()), address("127.0.0.3", server.port())),
            ConnectOptions.DEFAULT.withHappyEyeballsDelay(Duration.ofHours(1)));
      });
    });
  }

  @Test
  @DisplayName("NET-2: without a delay one address is tried after the other")
  void sequential() {
    run(() -> {
      try (Silent silent = new Silent()) {
        Server server = startServer(GREETER, "127.0.0.3", silent.port());
        server.use(() ->
            assertThatThrownBy(() ->
                    timeout(
                        Duration.ofMillis(300),
                        () ->
                            connect(
                                List.of(
                                    address(HOST, silent.port()),
                                    address("127.0.0.3", silent.port())),
                                ConnectOptions.DEFAULT.withHappyEyeballsDelay(null))))
                .isInstanceOf(TimeoutException.class));
      }
    });
  }

  @Test
  @DisplayName("A connect that is cancelled leaves nothing open")
  void cancelledConnect() {
    run(() -> {
      try (Silent silent = new Silent()) {
        long before = Descriptors.count();
        Task<Connection> connecting = createTask(() -> openConnection(HOST, silent.port()));
        sleep(SHORT);
        assertThat(connecting.done()).isFalse();
        connecting.cancel();
        assertThatThrownBy(connecting::await).isInstanceOf(CancelledError.class);
        until(() -> Descriptors.count() <= before + 4); // the loop's own, made on first use
      }
    });
  }

  @Test
  @DisplayName("A protocol that cannot be made closes the connection")
  void factoryFails() {
    run(() -> {
      Server server =
          Net.createServer(
              () -> {
                throw new IllegalStateException("server");
              },
              HOST,
              0,
              ServerOptions.DEFAULT);
      server.use(() -> {
        assertThat(greeting(HOST, server.port())).isEmpty();
        assertThat(takeReport().message())
            .startsWith("Error on transport creation for incoming connection");
        assertThatThrownBy(() ->
                Net.<Protocol>createConnection(
                    () -> {
                      throw new IllegalStateException("client");
                    },
                    HOST,
                    server.port(),
                    ConnectOptions.DEFAULT))
            .hasMessage("client");
        until(this::hasReport);
        takeReport();
      });
    });
  }

  // -- listening ---------------------------------------------------------------------------------

  @Test
  @DisplayName("NET-3: several hosts, port 0, all interfaces")
  void hosts() {
    run(() -> {
      Server several =
          Net.createServer(
              RecordingProtocol::new, List.of(HOST, "127.0.0.2", "::1"), 0, ServerOptions.DEFAULT);
      several.use(() -> assertThat(several.addresses()).hasSize(3).doesNotHaveDuplicates());
      assertThat(several.addresses()).as("closed").isEmpty();
      assertThatThrownBy(several::port).isInstanceOf(IllegalStateException.class);
      Server all = startServer(GREETER, "", 0);
      all.use(() -> {
        assertThat(greeting("127.0.0.1", all.port())).isEqualTo("hello");
        assertThat(greeting("::1", all.port())).isEqualTo("hello");
      });
    });
  }

  @Test
  @DisplayName("NET-3: an address in use: the error names it, and nothing stays bound")
  void addressInUse() {
    run(() -> {
      Server first = startServer(GREETER, "127.0.0.2", 0);
      int port = first.port();
      BindException error =
          catchThrowableOfType(
              BindException.class,
              () ->
                  Net.createServer(
                      RecordingProtocol::new,
                      List.of(HOST, "127.0.0.2"),
                      port,
                      ServerOptions.DEFAULT));
      assertThat(error).hasMessageContaining("127.0.0.2:" + port).hasMessageContaining("in use");
      letNioClose();
      Server second = startServer(GREETER, HOST, port); // free again
      second.close();
      first.close();
      letNioClose();
      Server again = startServer(GREETER, HOST, port); // at once
      again.close();
    });
  }

  @Test
  @DisplayName("NET-3: two servers on one port, where that is wanted")
  void reusePort() {
    run(() -> {
      ServerOptions options = ServerOptions.DEFAULT.withReusePort(true).withKeepAlive(true);
      Server first = startServer(GREETER, HOST, 0, options);
      Server second = startServer(GREETER, HOST, first.port(), options);
      assertThat(greeting(HOST, second.port())).isEqualTo("hello");
      first.close();
      second.close();
      first.waitClosed();
      second.waitClosed();
    });
  }

  @Test
  @DisplayName("NET-3: connections are kept alive by probes where that is wanted, and only there")
  void keepAlive() {
    run(() -> {
      for (boolean keep : new boolean[] {false, true}) {
        Server server = startServer(PATIENT, HOST, 0, ServerOptions.DEFAULT.withKeepAlive(keep));
        server.use(() -> {
          try (Connection connection = openConnection(HOST, server.port())) {
            until(() -> server.transports().size() == 1);
            assertThat(optionOf(server.transports().getFirst(), ChannelOption.SO_KEEPALIVE))
                .isEqualTo(keep);
          }
        });
      }
      assertThat(ServerOptions.DEFAULT.keepAlive()).isFalse();
    });
  }

  private static <T> T optionOf(Transport transport, ChannelOption<T> option) {
    return transport.getExtraInfo(ExtraInfo.SOCKET).config().getOption(option);
  }

  @Test
  @DisplayName("NET-4: one event brings as many connections as the backlog may hold")
  void acceptsPerEvent() {
    run(() -> {
      for (boolean later : new boolean[] {false, true}) { // bound by Netty, or by us
        ServerOptions options = ServerOptions.DEFAULT.withBacklog(37).withStartServing(!later);
        Server server = startServer(PATIENT, HOST, 0, options);
        server.startServing();
        server.use(() -> {
          try (Connection connection = openConnection(HOST, server.port())) {
            until(() -> server.transports().size() == 1);
            Channel listening =
                server.transports().getFirst().getExtraInfo(ExtraInfo.SOCKET).parent();
            MaxMessagesRecvByteBufAllocator limit = listening.config().getRecvByteBufAllocator();
            assertThat(limit.maxMessagesPerRead()).isEqualTo(37);
          }
        });
      }
      assertThat(ServerOptions.DEFAULT.backlog()).isEqualTo(100);
    });
  }

  @Test
  @DisplayName("NET-3: a server that starts later")
  void startServing() {
    needsMoreThanNio("a bound socket of the JDK listens");
    run(() -> {
      Server server = startServer(GREETER, HOST, 0, ServerOptions.DEFAULT.withStartServing(false));
      assertThat(server.isServing()).isFalse();
      assertThat(server.port()).isPositive();
      assertThatThrownBy(() -> greeting(HOST, server.port())).isInstanceOf(ConnectException.class);
      server.startServing();
      server.startServing();
      assertThat(server.isServing()).isTrue();
      assertThat(greeting(HOST, server.port())).isEqualTo("hello");
      server.close();
      assertThat(server.isServing()).isFalse();
      assertThatThrownBy(server::startServing).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> ServerOptions.DEFAULT.withBacklog(0))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  @DisplayName("NET-3: a server that never starts leaves nothing; one whose port is taken says so")
  void neverServing() {
    needsMoreThanNio("a bound socket of the JDK listens");
    ServerOptions later = ServerOptions.DEFAULT.withStartServing(false);
    run(() -> {
      startServer(GREETER, HOST, 0, later).close(); // what is opened on first use
      long descriptors = Descriptors.count();
      Server first = startServer(GREETER, null, 0, later);
      Server second = startServer(GREETER, null, first.port(), later);
      assertThat(Descriptors.count()).isGreaterThan(descriptors);
      first.startServing();
      assertThatThrownBy(second::startServing)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("in use");
      assertThat(second.isServing()).isFalse();
      assertThat(greeting("::1", first.port())).isEqualTo("hello");
      assertThatThrownBy(() -> startServer(GREETER, HOST, first.port(), later))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("cannot bind");
      first.close();
      second.close();
      until(() -> Descriptors.count() <= descriptors);
    });
  }

  @Test
  @DisplayName("A connection is not told of the end of another one that had its descriptor")
  void recycledDescriptor() {
    run(() -> {
      try (ServerSocket peer = new ServerSocket(0, 50, InetAddress.getByName(HOST))) {
        List<Connection> pool = new ArrayList<>();
        List<Socket> peers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          pool.add(openConnection(HOST, peer.getLocalPort()));
          peers.add(peer.accept());
        }
        Future<byte[]> answer = loop.createFuture();
        boolean[] ended = new boolean[1];
        for (Connection one : pool) {
          createTask(() -> {
            assertThat(one.reader().read(1)).isEmpty();
            if (!ended[0]) {
              ended[0] = true;
              pool.getLast().writer().transport().abort();
              try (Connection fresh = openConnection(HOST, peer.getLocalPort());
                  Socket other = peer.accept()) {
                other.getOutputStream().write(StreamFixtures.ascii("hello"));
                answer.setResult(fresh.reader().readexactly(5));
              }
            }
          });
        }
        sleep(SHORT);
        for (Socket one : peers) {
          one.shutdownOutput();
        }
        Thread.sleep(50); // real time: one wait of the loop brings all three ends
        assertThat(answer.await()).isEqualTo(StreamFixtures.ascii("hello"));
        for (int i = 0; i < pool.size(); i++) {
          pool.get(i).close();
          peers.get(i).close();
        }
      }
    });
  }

  // -- servers -----------------------------------------------------------------------------------

  @Test
  @DisplayName("NET-5: close stops listening, leaves connections, and may be repeated")
  void close() {
    run(() -> {
      Server server = startServer(PATIENT, HOST, 0);
      int port = server.port();
      Connection connection = openConnection(HOST, port);
      until(() -> server.transports().size() == 1);
      server.close();
      server.close();
      letNioClose();
      assertThatThrownBy(() -> openConnection(HOST, port)).isInstanceOf(ConnectException.class);
      Task<Void> end = createTask(server::waitClosed);
      Task<Void> other = createTask(server::waitClosed);
      sleep(SHORT);
      assertThat(end.done()).isFalse();
      connection.close();
      end.await();
      other.await();
      server.waitClosed();
    });
  }

  @Test
  @DisplayName("NET-5: waitClosed waits for close, also without connections")
  void waitClosedWaitsForClose() {
    run(() -> {
      Server server = startServer(PATIENT, HOST, 0);
      Task<Void> end = createTask(server::waitClosed);
      sleep(SHORT);
      assertThat(end.done()).isFalse();
      server.close();
      end.await();
    });
  }

  /** A server's end of a connection that was given more than the system takes. */
  private record Unsent(Server server, Connection client, Transport transport) {}

  private static Unsent unsent(byte[] data) throws IOException {
    List<RecordingProtocol> accepted = new ArrayList<>();
    Server server =
        Net.createServer(
            () -> {
              accepted.add(new RecordingProtocol());
              return accepted.getLast();
            },
            HOST,
            0,
            ServerOptions.DEFAULT);
    Connection client = openConnection(HOST, server.port());
    until(() -> !accepted.isEmpty() && accepted.getFirst().transport != null);
    Transport transport = accepted.getFirst().transport;
    transport.write(data);
    server.close();
    return new Unsent(server, client, transport);
  }

  @Test
  @DisplayName("NET-5: closeClients sends what was written first")
  void closeClients() {
    byte[] data = StreamFixtures.pattern(20_000_000);
    run(() -> {
      Unsent unsent = unsent(data);
      unsent.server().closeClients();
      assertThat(unsent.transport().isClosing()).isTrue();
      sleep(SHORT);
      assertThat(unsent.server().transports()).as("still sending").hasSize(1);
      assertThat(unsent.client().reader().read()).isEqualTo(data);
      unsent.server().waitClosed();
      unsent.client().close();
    });
  }

  @Test
  @DisplayName("NET-5: abortClients drops what was not sent, and waits for nobody")
  void abortClients() {
    byte[] data = StreamFixtures.pattern(20_000_000);
    run(() -> {
      Unsent unsent = unsent(data);
      unsent.server().abortClients();
      unsent.server().waitClosed(); // though the client reads nothing
      assertThat(unsent.client().reader().read().length).isLessThan(data.length);
      unsent.client().close();
    });
  }

  @Test
  @DisplayName("NET-5: serveForever ends by cancelling, which closes and waits")
  void serveForever() {
    run(() -> {
      StreamHandler greetAndWait =
          (reader, writer) -> {
            writer.write("hello");
            writer.writeEof();
            reader.read();
            writer.close();
          };
      Server server =
          startServer(greetAndWait, HOST, 0, ServerOptions.DEFAULT.withStartServing(false));
      int port = server.port();
      Task<Void> forever = createTask(server::serveForever);
      until(server::isServing);
      assertThat(greeting(HOST, port)).isEqualTo("hello");
      assertThatThrownBy(server::serveForever)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already");
      Connection open = openConnection(HOST, port);
      until(() -> server.transports().size() == 1);
      forever.cancel();
      until(() -> !server.isServing());
      sleep(SHORT);
      assertThat(forever.done()).as("with a client").isFalse();
      open.close();
      assertThatThrownBy(forever::await).isInstanceOf(CancelledError.class);
      assertThat(server.transports()).isEmpty();
      assertThatThrownBy(server::serveForever).isInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  @DisplayName("NET-5: closing a server ends its serveForever")
  void closeEndsServeForever() {
    run(() -> {
      Server server = startServer(GREETER, HOST, 0);
      Task<Void> forever = createTask(server::serveForever);
      sleep(SHORT);
      server.close();
      assertThatThrownBy(forever::await).isInstanceOf(CancelledError.class);
    });
  }

  @Test
  @DisplayName(
      "close(grace): connections that end by themselves, that are closed, that are aborted")
  void graceful() {
    run(() -> {
      Server quick = startServer(GREETER, HOST, 0);
      greeting(HOST, quick.port());
      assertThat(quick.close(Duration.ofSeconds(5))).isTrue();

      Server slow = startServer(PATIENT, HOST, 0);
      Connection idle = openConnection(HOST, slow.port());
      until(() -> slow.transports().size() == 1);
      assertThat(slow.close(SHORT)).isFalse();
      assertThat(idle.reader().read()).isEmpty();
      idle.close();

      Server stuck =
          startServer(
              (reader, writer) -> {
                while (true) {
                  writer.write(new byte[1 << 20]);
                }
              },
              HOST,
              0);
      Connection deaf = openConnection(HOST, stuck.port());
      deaf.reader().readexactly(1);
      assertThat(stuck.close(SHORT)).isFalse();
      assertThat(stuck.transports()).isEmpty();
      until(this::hasReport);
      assertThat(takeReport().exception()).isInstanceOf(IOException.class);
      deaf.writer().transport().abort();
    });
  }

  @Test
  @DisplayName("A loop that is run by one thread and closed by another closes its sockets")
  void closedByAnotherThread() throws InterruptedException {
    needsAnyThread();
    long before = Descriptors.count();
    dev.lariat.EventLoop other = kind.newLoop();
    try (Logs logs = new Logs()) {
      Thread runner =
          Thread.ofPlatform()
              .start(() ->
                  other.runUntilComplete(() -> {
                    Server server = startServer(PATIENT, HOST, 0);
                    openConnection(HOST, server.port());
                    return null;
                  }));
      runner.join();
      other.setExceptionHandler((_, context) -> {}); // of the handler's task, destroyed
      other.close();
      other.close();
    }
    assertThat(Descriptors.count()).isLessThanOrEqualTo(before);
  }

  @Test
  @DisplayName("A loop that is run by one thread after the other keeps its server")
  void movedToAnotherThread() throws InterruptedException {
    needsAnyThread();
    Server server = run(() -> startServer(GREETER, HOST, 0));
    Throwable[] failure = new Throwable[1];
    Thread runner =
        Thread.ofPlatform()
            .start(() -> {
              try {
                run(() -> assertThat(greeting(HOST, server.port())).isEqualTo("hello"));
              } catch (Throwable error) {
                failure[0] = error;
              }
            });
    runner.join();
    assertThat(failure[0]).isNull();
    run(() -> {
      assertThat(greeting(HOST, server.port())).isEqualTo("hello");
      server.close();
      server.waitClosed();
    });
  }
}
