package dev.lariat.net;

import static dev.lariat.Asyncio.getRunningLoop;

import dev.lariat.Future;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.UnixListener;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Transports and protocols on the running loop: what {@code asyncio}'s loops do for networking.
 * {@link Streams} is easier to use.
 *
 * <p><i>Thread</i>: the loop's, for every method.
 */
public final class Net {
  private Net() {}

  static Reactor reactor() {
    return Reactor.of(getRunningLoop());
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
      P protocol = protocolFactory.get();
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
    DatagramEnd transport = new DatagramEnd(reactor, channel, options.remoteAddress());
    try {
      Channels.openDatagram(reactor, channel, options);
      P protocol = protocolFactory.get();
      Future<@Nullable Void> made = reactor.loop.createFuture();
      transport.open(protocol, () -> Channels.complete(made, null));
      made.await();
      return new Endpoint<>(transport, protocol);
    } catch (Throwable error) {
      transport.discard();
      throw error;
    }
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
        reactor.sockets.tcpServer()::get,
        addresses.stream().distinct().toList(),
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
            () -> UnixListener.open(reactor.sockets, where, options.backlog()),
            List.of(where),
            options,
            () -> address.remove(key[0]));
    key[0] = address.fileKey();
    return server;
  }

  private static Server listen(
      Reactor reactor,
      Supplier<? extends BaseProtocol> protocolFactory,
      Channels.Factory<ServerChannel> sockets,
      List<SocketAddress> addresses,
      ServerOptions options,
      Runnable cleanUp)
      throws IOException {
    List<Channel> channels = new ArrayList<>();
    List<SocketAddress> bound = new ArrayList<>();
    List<Acceptor> acceptors = new ArrayList<>();
    try {
      for (SocketAddress address : addresses) {
        ServerChannel channel = Channels.make(sockets);
        channels.add(channel);
        options.setUpListening(channel, address instanceof InetSocketAddress);
        Acceptor acceptor = new Acceptor(reactor, options);
        acceptors.add(acceptor);
        channel.pipeline().addLast(acceptor);
        Channels.bind(reactor, channel, address);
        SocketAddress local = channel.localAddress(); // with the port that was free
        bound.add(local == null ? address : local);
      }
    } catch (Throwable error) {
      channels.forEach(reactor::discard);
      throw error;
    }
    Server server = new Server(reactor, channels, bound, protocolFactory, cleanUp);
    acceptors.forEach(acceptor -> acceptor.setServer(server));
    if (options.startServing()) {
      server.startServing();
    }
    return server;
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
    return getRunningLoop().runInExecutor(null, address::getHostName).await();
  }
}
