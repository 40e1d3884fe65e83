package dev.lariat.net;

import dev.lariat.Future;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.UnixListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is done with channels before they are transports. */
final class Channels {
  /** ENOMEM, ENFILE, EMFILE, ENOBUFS (of Linux, and of macOS). */
  private static final Set<Integer> OUT_OF_RESOURCES = Set.of(-12, -23, -24, -105, -55);

  private static final int ECONNABORTED = -103;
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
  }

  /** Connects a stream. <i>Cancellable</i>: yes; then the channel is closed. */
  static ChannelTransport connect(
      Reactor reactor,
      Factory<Channel> factory,
      SocketAddress remote,
      @Nullable SocketAddress local)
      throws IOException {
    Channel channel = make(factory);
    setUpStream(channel);
    ChannelTransport transport = new ChannelTransport(reactor, channel);
    transport.attach(null);
    try {
      register(reactor, channel, () -> channel.connect(remote, local, channel.newPromise()));
      return transport;
    } catch (Throwable error) {
      transport.discard();
      throw error;
    }
  }

  /** Binds a channel, and has it listen if it can. The caller closes it if that fails. */
  static void bind(Reactor reactor, Channel channel, SocketAddress address) throws IOException {
    boolean bound = UnixListener.isBound(channel);
    try {
      register(
          reactor, channel, () -> bound ? channel.newSucceededFuture() : channel.bind(address));
    } catch (IOException error) {
      String message = "cannot bind to " + address + ": " + error.getMessage();
      BindException failure = new BindException(message);
      failure.initCause(error);
      throw failure;
    }
  }

  /** Gives a channel to Netty's loop, begins {@code operation}, and waits until that is done. */
  private static void register(Reactor reactor, Channel channel, Supplier<ChannelFuture> operation)
      throws IOException {
    Future<@Nullable Void> done = reactor.loop.createFuture();
    reactor.toNetty(() ->
        reactor
            .register(channel)
            .addListener(registered -> {
              var begun = registered.isSuccess() ? operation.get() : registered;
              begun.addListener(outcome -> reactor.toLoop(() -> complete(done, outcome.cause())));
            }));
    await(done);
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
    channel.config().setAutoClose(false); // a datagram that cannot be sent is not the end
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(MAX_DATAGRAM));
    Reactor.set(channel, ChannelOption.SO_BROADCAST, options.allowBroadcast());
    if (options.reusePort()) {
      setReusePort(channel);
    }
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
    return cause instanceof Errors.NativeIoException error && error.expectedErr() == ECONNABORTED;
  }
}
