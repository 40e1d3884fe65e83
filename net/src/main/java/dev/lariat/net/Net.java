package dev.lariat.net;

import static dev.lariat.Asyncio.getRunningLoop;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.Listener;
import dev.lariat.net.internal.Loading;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.Readiness;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Transports and protocols on the running loop: what {@code asyncio}'s loops do for networking.
 * {@link Streams} is easier to use.
 *
 * <p><i>Thread</i>: the loop's, for every method but {@link #prepare}.
 */
public final class Net {
  private static final String LOOPBACK = "127.0.0.1";

  private Net() {}

  /** The sockets of the running loop. Suspends the first time in a process. */
  static Reactor reactor() {
    EventLoop loop = getRunningLoop();
    Loading.await(loop);
    return Reactor.of(loop);
  }

  /**
   * Loads what networking needs, in a thread of its own, and returns at once. Without this the
   * first connection waits while Netty is loaded, beside the loop, and what else it needs is loaded
   * on the loop's thread, for as long as a few frames of an animation take; so a program with
   * windows calls this when it starts. One that gives its first connections little time awaits it,
   * or they would spend that on loading. asyncio has nothing like it.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: any.
   *
   * @return when that is done; it does not fail, for whoever needs what cannot be loaded is told
   */
  public static CompletionStage<Void> prepare() {
    return CompletableFuture.runAsync(
        Net::connectToItself,
        work -> Thread.ofPlatform().daemon().name("lariat-net-prepare").start(work));
  }

  private static void connectToItself() {
    try {
      Asyncio.run(() -> {
        Server server = Streams.startServer((_, writer) -> writer.write("\n"), LOOPBACK, 0);
        try (Connection connection = Streams.openConnection(LOOPBACK, server.port())) {
          connection.reader().readline();
        }
        server.close(Duration.ZERO);
      });
    } catch (Exception | LinkageError error) {
      Callbacks.LOG.log(Level.DEBUG, "Networking was not prepared", error);
    }
  }

  // -- clients -----------------------------------------------------------------------------------

  /**
   * Connects to a TCP server. Models {@code loop.create_connection}.
   *
   * <p>The addresses of the host are tried in turn, the next one as well when one has not answered
   * within 250 ms (Happy Eyeballs).
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param <P> the type of the protocol
   * @param protocolFactory makes the protocol, once the connection is there
   * @param host a name, an address, or null for this machine
   * @param port the port
   * @param options how
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the host is not known, or no address of it can be connected to
   * @throws dev.lariat.ExceptionGroup of all errors, if the options want that
   */
  public static <P extends BaseProtocol> Endpoint<Transport, P> createConnection(
      Supplier<P> protocolFactory, @Nullable String host, int port, ConnectOptions options)
      throws IOException {
    Reactor reactor = reactor();
    TlsLayer layer = clientLayer(options.tls(), host, port);
    List<InetSocketAddress> addresses = Resolver.resolve(host, port);
    ChannelTransport transport = new Connector(reactor, addresses, options).connect();
    return open(transport, protocolFactory, layer);
  }

  /**
   * Makes a transport of a socket of the JDK that is connected. Models {@code
   * loop.create_connection(sock=...)}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then the socket is closed.
   *
   * @param <P> the type of the protocol
   * @param protocolFactory makes the protocol
   * @param socket of TCP or a Unix socket; the transport's from now on, and closed with it
   * @param options how; TLS needs a host name to check, see {@link Tls#withServerHostname}
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the socket is closed or the handshake fails
   * @throws IllegalArgumentException if the socket is not connected
   */
  public static <P extends BaseProtocol> Endpoint<Transport, P> createConnection(
      Supplier<P> protocolFactory, SocketChannel socket, ConnectOptions options)
      throws IOException {
    TlsLayer layer = clientLayer(options.tls(), null, -1);
    return open(Channels.adopt(socket), protocolFactory, layer);
  }

  /**
   * Makes a transport of a connection that was accepted elsewhere. Models {@code
   * loop.connect_accepted_socket}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then the socket is closed.
   *
   * @param <P> the type of the protocol
   * @param protocolFactory makes the protocol
   * @param socket of TCP or a Unix socket; the transport's from now on, and closed with it
   * @param tls the encryption, of a server, or null for none
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the socket is closed or the handshake fails
   * @throws IllegalArgumentException if the socket is not connected
   */
  public static <P extends BaseProtocol> Endpoint<Transport, P> connectAcceptedSocket(
      Supplier<P> protocolFactory, SocketChannel socket, @Nullable Tls tls) throws IOException {
    TlsLayer layer = tls == null ? null : TlsLayer.server(tls);
    return open(Channels.adopt(socket), protocolFactory, layer);
  }

  private static @Nullable TlsLayer clientLayer(
      @Nullable Tls tls, @Nullable String host, int port) {
    return tls == null ? null : TlsLayer.client(tls, host, port);
  }

  /** Opens a transport that is connected: handshake, protocol, connectionMade. */
  static <P extends BaseProtocol> Endpoint<Transport, P> open(
      ChannelTransport transport, Supplier<P> protocolFactory, @Nullable TlsLayer layer)
      throws IOException {
    Reactor reactor = transport.reactor();
    try {
      if (layer != null) {
        transport.setTls(layer);
        reactor.toNetty(() -> layer.addTo(reactor, transport.channel()));
        Channels.await(layer.handshake(reactor, transport.channel()));
      }
      P protocol = Objects.requireNonNull(protocolFactory.get(), "the protocol");
      Future<@Nullable Void> made = reactor.loop.createFuture();
      transport.open(protocol, () -> Channels.complete(made, null));
      made.await();
      return new Endpoint<>(transport, protocol);
    } catch (Throwable error) {
      transport.giveUp();
      throw error;
    }
  }

  /**
   * Encrypts a connection from here on. Models {@code loop.start_tls}.
   *
   * <p><i>Suspends</i>: until the handshake is done. <i>Cancellable</i>: yes; then the connection
   * is closed.
   *
   * @param transport the connection; encrypted already, it is so twice
   * @param protocol what is told from now on; its {@code connectionMade} is not called
   * @param tls the settings: of a server, or of a client with a host name
   * @return the transport to go on with
   * @throws IOException if the handshake fails
   */
  public static Transport startTls(BaseTransport transport, BaseProtocol protocol, Tls tls)
      throws IOException {
    Transport upgraded = StartTls.upgrade(transport, Unpooled.EMPTY_BUFFER, tls);
    upgraded.setProtocol(protocol);
    return upgraded;
  }

  /**
   * Connects to a server's Unix socket. Models {@code loop.create_unix_connection}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param <P> the type of the protocol
   * @param protocolFactory makes the protocol, once the connection is there
   * @param address where the server is
   * @param options how; TLS needs a host name to check, see {@link Tls#withServerHostname}
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if nobody listens there
   */
  public static <P extends BaseProtocol> Endpoint<Transport, P> createUnixConnection(
      Supplier<P> protocolFactory, UnixAddress address, ConnectOptions options) throws IOException {
    Reactor reactor = reactor();
    TlsLayer layer = clientLayer(options.tls(), null, -1);
    SocketAddress remote = address.toSocketAddress(reactor.sockets);
    return open(
        Channels.connect(reactor, reactor.sockets.unix()::get, remote, null),
        protocolFactory,
        layer);
  }

  // -- files -------------------------------------------------------------------------------------

  /**
   * Sends all of a file, in the best way there is; see {@link #sendfile(BaseTransport, FileChannel,
   * long, Long, boolean)}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; part of it may have been sent.
   *
   * @param transport the connection
   * @param file what to send
   * @return how many bytes were sent
   * @throws IOException if the connection is lost or the file cannot be read
   */
  public static long sendfile(BaseTransport transport, FileChannel file) throws IOException {
    return sendfile(transport, file, 0, null, true);
  }

  /**
   * Sends a file, or part of one, after what was written. Models {@code loop.sendfile}.
   *
   * <p>Without TLS the operating system copies from the file to the socket; otherwise the program
   * does. Until it is done the transport does not receive, and refuses writes.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes. The file's position is behind the last byte
   * that was or will be sent: a part of up to 1 MiB may still be under way, so close the file after
   * the transport, or a little later.
   *
   * @param transport of a TCP or Unix connection
   * @param file what to send; must not become shorter meanwhile
   * @param offset where in the file to begin
   * @param count how many bytes to send; null for all until the end of the file
   * @param fallback whether the program may copy
   * @return how many bytes were sent: fewer than {@code count} if the file ends
   * @throws IOException if the connection is lost or closed, or the file cannot be read
   * @throws SendfileNotAvailableException if the program would have to copy, and may not
   * @throws IllegalStateException if the transport is closing, or sends another file
   * @throws IllegalArgumentException for another transport, or if a number is negative
   */
  public static long sendfile(
      BaseTransport transport,
      FileChannel file,
      long offset,
      @Nullable Long count,
      boolean fallback)
      throws IOException {
    return SendFile.send(transport, file, offset, count, fallback);
  }

  // -- datagrams ---------------------------------------------------------------------------------

  /**
   * Makes a UDP socket. Models {@code loop.create_datagram_endpoint}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param <P> the type of the protocol
   * @param protocolFactory makes the protocol
   * @param options the addresses, and more
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the local address cannot be used
   */
  public static <P extends BaseProtocol> Endpoint<DatagramTransport, P> createDatagramEndpoint(
      Supplier<P> protocolFactory, DatagramOptions options) throws IOException {
    Reactor reactor = reactor();
    Channel channel = Channels.makeDatagram(reactor, options);
    return new DatagramEnd(reactor, channel, options.remoteAddress())
        .open(protocolFactory, () -> Channels.openDatagram(reactor, channel, options));
  }

  /**
   * Makes a transport of a UDP socket of the JDK: one with options of its own, or in a multicast
   * group, say. Models {@code loop.create_datagram_endpoint(sock=...)}.
   *
   * <p>One that is connected has its peer as the remote address; one that is not bound is bound to
   * any port. Empty datagrams are received, but cannot be sent.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then the socket is closed.
   *
   * @param <P> the type of the protocol
   * @param protocolFactory makes the protocol
   * @param socket the transport's from now on, and closed with it
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the socket is closed
   * @throws IllegalStateException if a transport has the socket, or somebody waits for it
   */
  public static <P extends BaseProtocol> Endpoint<DatagramTransport, P> createDatagramEndpoint(
      Supplier<P> protocolFactory, DatagramChannel socket) throws IOException {
    Channel channel = Channels.adopt(socket);
    Reactor reactor = Reactor.nio(getRunningLoop());
    InetSocketAddress remote = (InetSocketAddress) socket.getRemoteAddress();
    return new DatagramEnd(reactor, channel, remote)
        .open(
            protocolFactory,
            () -> Channels.register(reactor, channel, channel::newSucceededFuture));
  }

  // -- servers -----------------------------------------------------------------------------------

  /**
   * Listens for TCP connections on one host. Models {@code loop.create_server}.
   *
   * <p><i>Suspends</i>: maybe, to look the host up. <i>Cancellable</i>: yes; then nothing is left
   * open.
   *
   * @param protocolFactory makes a protocol for each connection
   * @param host a name or an address; null for all of this machine's, of both families
   * @param port the port; 0 for one that is free, see {@link Server#port}
   * @param options how
   * @return the server
   * @throws IOException if an address cannot be listened on
   */
  public static Server createServer(
      Supplier<? extends BaseProtocol> protocolFactory,
      @Nullable String host,
      int port,
      ServerOptions options)
      throws IOException {
    return createServer(protocolFactory, Collections.singletonList(host), port, options);
  }

  /**
   * Listens for TCP connections on several hosts.
   *
   * <p><i>Suspends</i>: maybe, to look the hosts up. <i>Cancellable</i>: yes; then nothing is left
   * open.
   *
   * @param protocolFactory makes a protocol for each connection
   * @param hosts names or addresses; of port 0 each gets another port
   * @param port the port
   * @param options how
   * @return the server
   * @throws IOException if one of the addresses cannot be listened on; then none is
   */
  public static Server createServer(
      Supplier<? extends BaseProtocol> protocolFactory,
      Collection<? extends @Nullable String> hosts,
      int port,
      ServerOptions options)
      throws IOException {
    Resolver.checkPort(port);
    List<SocketAddress> addresses = new ArrayList<>();
    for (String host : hosts) {
      if (host == null || host.isEmpty()) {
        addresses.add(new InetSocketAddress(port)); // both families
      } else {
        addresses.addAll(Resolver.resolve(host, port));
      }
    }
    Reactor reactor = reactor();
    return listen(
        reactor,
        protocolFactory,
        address -> listener(reactor, address, options),
        addresses.stream().distinct().toList(),
        options,
        () -> {});
  }

  /**
   * Serves on a socket of the JDK that listens already: one that was inherited, say. Models {@code
   * loop.create_server(sock=...)}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param protocolFactory makes a protocol for each connection
   * @param socket of TCP or a Unix socket; the server's from now on, and closed with it
   * @param options how; what they say of listening comes too late
   * @return the server
   * @throws IOException if the socket is closed
   * @throws IllegalArgumentException if the socket is not bound
   */
  public static Server createServer(
      Supplier<? extends BaseProtocol> protocolFactory,
      ServerSocketChannel socket,
      ServerOptions options)
      throws IOException {
    SocketAddress local = socket.getLocalAddress();
    if (local == null) {
      throw new IllegalArgumentException("The channel does not listen; bind it first: " + socket);
    }
    Readiness.of(getRunningLoop()).take(socket);
    return listen(
        Reactor.nio(getRunningLoop()),
        protocolFactory,
        _ -> Listener.listening(Channels.adopt(socket, local)),
        List.of(local),
        options,
        () -> {});
  }

  /**
   * Listens at a Unix socket. Models {@code loop.create_unix_server}.
   *
   * <p>A socket that is there already is replaced. When the server is closed, its socket is
   * removed, unless another one has taken its place.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing is left open.
   *
   * @param protocolFactory makes a protocol for each connection
   * @param address where
   * @param options how
   * @return the server
   * @throws IOException if that is not possible
   */
  public static Server createUnixServer(
      Supplier<? extends BaseProtocol> protocolFactory, UnixAddress address, ServerOptions options)
      throws IOException {
    Reactor reactor = reactor();
    SocketAddress where = address.toSocketAddress(reactor.sockets);
    address.removeStale();
    @Nullable Object[] key = new @Nullable Object[1];
    Server server =
        listen(
            reactor,
            protocolFactory,
            socket -> listener(reactor, socket, options),
            List.of(where),
            options,
            () -> address.remove(key[0]));
    key[0] = address.fileKey();
    return server;
  }

  /** Makes the socket for an address. */
  private interface ListenerFactory {
    Listener make(SocketAddress address) throws IOException;
  }

  private static Server listen(
      Reactor reactor,
      Supplier<? extends BaseProtocol> protocolFactory,
      ListenerFactory sockets,
      List<SocketAddress> addresses,
      ServerOptions options,
      Runnable cleanUp)
      throws IOException {
    Objects.requireNonNull(protocolFactory, "protocolFactory");
    List<Listener> listeners = new ArrayList<>();
    List<SocketAddress> bound = new ArrayList<>();
    List<Acceptor> acceptors = new ArrayList<>();
    try {
      for (SocketAddress address : addresses) {
        Listener listener = sockets.make(address);
        listeners.add(listener);
        ServerChannel channel = listener.channel();
        Acceptor acceptor = new Acceptor(reactor, options);
        acceptors.add(acceptor);
        channel.pipeline().addLast(acceptor);
        options.setUpAccepting(channel);
        if (!listener.isBound()) {
          options.setUpListening(channel, address instanceof InetSocketAddress);
          Channels.bind(reactor, channel, address);
        }
        SocketAddress local = channel.localAddress(); // with the port that was free
        bound.add(local == null ? address : local);
      }
    } catch (Throwable error) {
      listeners.forEach(listener -> reactor.discard(listener.channel()));
      throw error;
    }
    Server server =
        new Server(reactor, listeners, bound, options.backlog(), protocolFactory, cleanUp);
    acceptors.forEach(acceptor -> acceptor.setServer(server));
    if (options.startServing()) {
      try {
        server.startServing();
      } catch (UncheckedIOException error) {
        server.close();
        throw error.getCause();
      }
    }
    return server;
  }

  /** A socket that listens at once, or one that does not listen yet. */
  private static Listener listener(Reactor reactor, SocketAddress address, ServerOptions options)
      throws IOException {
    boolean later = !options.startServing() || !(address instanceof InetSocketAddress);
    if (later && Listener.canBind(reactor.sockets)) {
      try {
        return Listener.bind(address, options.reusesAddress(), options.reusePort());
      } catch (IOException error) {
        throw Channels.cannotBind(address, error);
      }
    }
    return Listener.unbound(
        Channels.make(
            address instanceof InetSocketAddress
                ? reactor.sockets.tcpServer()::get
                : reactor.sockets.unixServer()::get));
  }

  // -- names -------------------------------------------------------------------------------------

  /**
   * Looks a host up, in another thread. Models {@code loop.getaddrinfo}.
   *
   * <p><i>Suspends</i>: unless the host is an address. <i>Cancellable</i>: yes.
   *
   * @param host a name, an address, or null for this machine
   * @param port the port of the addresses
   * @return its addresses, in the order to try them in
   * @throws IOException if the host is not known
   */
  public static List<InetSocketAddress> getaddrinfo(@Nullable String host, int port)
      throws IOException {
    return Resolver.resolve(host, port);
  }

  /**
   * Looks the name of an address up, in another thread. Models {@code loop.getnameinfo}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @param address the address
   * @return its name; the address itself, as text, if it has none
   */
  public static String getnameinfo(InetSocketAddress address) {
    Objects.requireNonNull(address, "address");
    return getRunningLoop().runInExecutor(null, address::getHostName).await();
  }
}
