package dev.lariat.net;

import static dev.lariat.Asyncio.getRunningLoop;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.Readiness;
import dev.lariat.net.internal.ReceiveSizes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is done with channels before they are transports. */
final class Channels {
  /** ENOMEM, ENFILE, EMFILE, ENOBUFS (of Linux, and of macOS). */
  private static final Set<Integer> OUT_OF_RESOURCES = Set.of(-12, -23, -24, -105, -55);

  /** ECONNABORTED of Linux, and of macOS. */
  private static final Set<Integer> ABORTED = Set.of(-103, -53);

  private static final String NO_FILE = "No such file or directory";
  private static final String IN_USE = "Address already in use";
  private static final String NOT_HERE = "Cannot assign requested address";

  private static final int MAX_DATAGRAM = 64 * 1024;

  private Channels() {}

  /** Makes a channel. */
  interface Factory<C> {
    C make() throws IOException;
  }

  /** Makes a channel; the operating system may refuse one. */
  static <C extends Channel> C make(Factory<C> factory) throws IOException {
    try {
      return Reactor.configured(factory.make());
    } catch (ChannelException error) {
      throw error.getCause() instanceof IOException cause ? cause : new IOException(error);
    }
  }

  static void setUpStream(Channel channel) {
    Reactor.set(channel, ChannelOption.ALLOW_HALF_CLOSURE, true);
    Reactor.set(channel, ChannelOption.TCP_NODELAY, true);
    channel.config().setRecvByteBufAllocator(new ReceiveSizes());
  }

  /** Connects a stream. <i>Cancellable</i>: yes; then the channel is closed. */
  static ChannelTransport connect(
      Reactor reactor,
      Factory<Channel> factory,
      SocketAddress remote,
      @Nullable SocketAddress local)
      throws IOException {
    Channel channel = make(factory);
    try {
      return open(reactor, channel, () -> channel.connect(remote, local, channel.newPromise()));
    } catch (IOException error) {
      throw cannotConnect(remote, local, error);
    }
  }

  /** Says to whom, and has the caller on its stack; not so what is a matter of TLS, or of ours. */
  private static IOException cannotConnect(
      SocketAddress remote, @Nullable SocketAddress local, IOException error) {
    String whom = remote + (local == null ? "" : " from " + local);
    String reason = reason(error.getCause() == null ? error : error.getCause());
    String message = "Cannot connect to " + whom + ": " + reason;
    IOException failure =
        switch (error) {
          case ConnectException _ -> new ConnectException(message);
          case NoRouteToHostException _ -> new NoRouteToHostException(message);
          case FileNotFoundException _ -> new FileNotFoundException(message);
          case SocketException _, Errors.NativeIoException _ ->
              switch (reason) {
                case NO_FILE -> new FileNotFoundException(message);
                case IN_USE, NOT_HERE -> new BindException(message);
                default -> new SocketException(message);
              };
          default -> error;
        };
    if (failure != error) {
      failure.initCause(error);
    }
    return failure;
  }

  /** What the operating system says, without the name of the system call. */
  private static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error instanceof FileNotFoundException ? NO_FILE : "no route"
        : message.replaceFirst("^\\w+\\(.*\\): ", "");
  }

  /** An error of a connection as the JDK would have it. */
  static Throwable plain(Throwable error) {
    return error instanceof Errors.NativeIoException
        ? new SocketException(reason(error)).initCause(error)
        : error;
  }

  private static ChannelTransport open(
      Reactor reactor, Channel channel, Supplier<ChannelFuture> operation) throws IOException {
    setUpStream(channel);
    ChannelTransport transport = new ChannelTransport(reactor, channel);
    transport.attach(null);
    try {
      register(reactor, channel, operation);
      return transport;
    } catch (Throwable error) {
      transport.discard();
      throw error;
    }
  }

  /** Makes a transport of a socket of the JDK that is connected. */
  static ChannelTransport adopt(SocketChannel socket) throws IOException {
    EventLoop loop = getRunningLoop();
    SocketAddress peer = socket.getRemoteAddress();
    if (peer == null) {
      throw new IllegalArgumentException("The channel is not connected: " + socket);
    }
    Readiness.of(loop).take(socket);
    Reactor reactor = Reactor.nio(loop);
    Channel channel =
        make(() ->
            peer instanceof UnixDomainSocketAddress
                ? new NioDomainSocketChannel(socket)
                : new NioSocketChannel(socket));
    return open(reactor, channel, channel::newSucceededFuture);
  }

  static ServerChannel adopt(ServerSocketChannel socket, SocketAddress local) {
    return local instanceof UnixDomainSocketAddress
        ? new NioServerDomainSocketChannel(socket)
        : new NioServerSocketChannel(socket);
  }

  /** Binds a channel, and has it listen if it can. The caller closes it if that fails. */
  static void bind(Reactor reactor, Channel channel, SocketAddress address) throws IOException {
    try {
      register(reactor, channel, () -> channel.bind(address));
    } catch (IOException error) {
      throw cannotBind(address, error);
    }
  }

  static BindException cannotBind(SocketAddress address, IOException error) {
    BindException failure = new BindException("cannot bind to " + address + ": " + reason(error));
    failure.initCause(error);
    return failure;
  }

  /** Gives a channel to Netty's loop, begins {@code operation}, and waits until that is done. */
  static void register(Reactor reactor, Channel channel, Supplier<ChannelFuture> operation)
      throws IOException {
    Future<@Nullable Void> done = reactor.loop.createFuture();
    reactor.toNetty(() ->
        reactor
            .register(channel)
            .addListener(registered -> {
              var begun = registered.isSuccess() ? operation.get() : registered;
              begun.addListener(outcome -> reactor.toLoop(() -> complete(done, outcome.cause())));
            }));
    try {
      await(done);
    } catch (Throwable error) {
      done.cancel(); // nobody is to be told any more, if this cannot even wait
      throw error;
    }
  }

  static void setReusePort(Channel channel) {
    boolean set =
        channel instanceof UnixChannel
            ? channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true)
            : channel
                .config()
                .setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
    if (!set) {
      throw new IllegalArgumentException("reusePort is not supported by " + channel);
    }
  }

  // -- datagrams ---------------------------------------------------------------------------------

  static Channel makeDatagram(Reactor reactor, DatagramOptions options) throws IOException {
    InetSocketAddress local = options.localAddress();
    InetSocketAddress either = local == null ? options.remoteAddress() : local;
    boolean six = either != null && either.getAddress() instanceof Inet6Address;
    Channel channel =
        make(() ->
            reactor
                .sockets
                .udp()
                .apply(six ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET));
    setUpDatagrams(channel);
    Reactor.set(channel, ChannelOption.SO_BROADCAST, options.allowBroadcast());
    if (options.reusePort()) {
      setReusePort(channel);
    }
    return channel;
  }

  private static void setUpDatagrams(Channel channel) {
    channel.config().setAutoClose(false); // a datagram that cannot be sent is not the end
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(MAX_DATAGRAM));
  }

  /** Makes a channel of a UDP socket of the JDK, and binds it if it is not. */
  static Channel adopt(DatagramChannel socket) throws IOException {
    SocketAddress local = socket.getLocalAddress();
    Readiness.of(getRunningLoop()).take(socket);
    if (local == null) {
      socket.bind(null);
    }
    Channel channel = make(() -> new NioDatagramChannel(socket));
    setUpDatagrams(channel);
    return channel;
  }

  static void openDatagram(Reactor reactor, Channel channel, DatagramOptions options)
      throws IOException {
    InetSocketAddress local = options.localAddress();
    InetSocketAddress remote = options.remoteAddress();
    if (remote == null) {
      bind(reactor, channel, Objects.requireNonNull(local));
    } else {
      register(reactor, channel, () -> channel.connect(remote, local, channel.newPromise()));
    }
  }

  // -- futures and errors ------------------------------------------------------------------------

  static void complete(Future<@Nullable Void> future, @Nullable Throwable cause) {
    if (future.done() || future.getLoop().isClosed()) {
      return;
    }
    if (cause == null) {
      future.setResult(null);
    } else {
      future.setException(cause);
    }
  }

  /** Waits, and throws a checked exception as it is. */
  static <T extends @Nullable Object> T await(Future<T> future) throws IOException {
    try {
      return future.await();
    } catch (CompletionException error) {
      if (error.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw error;
    }
  }

  static boolean isOutOfResources(Throwable cause) {
    return cause instanceof Errors.NativeIoException error
        ? OUT_OF_RESOURCES.contains(error.expectedErr())
        : String.valueOf(cause.getMessage()).contains("Too many open files");
  }

  static boolean isAborted(Throwable cause) {
    return cause instanceof Errors.NativeIoException error && ABORTED.contains(error.expectedErr());
  }
}
