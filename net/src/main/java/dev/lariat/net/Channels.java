package dev.lariat.net;

import dev.lariat.Future;
import dev.lariat.net.internal.Reactor;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is done with channels before they are transports. */
final class Channels {
  /** ENOMEM, ENFILE, EMFILE, ENOBUFS (of Linux, and of macOS). */
  private static final Set<Integer> OUT_OF_RESOURCES = Set.of(-12, -23, -24, -105, -55);

  private static final int ECONNABORTED = -103;

  private Channels() {}

  /** Makes a channel; the operating system may refuse one. */
  static <C extends Channel> C make(Supplier<C> factory) throws IOException {
    try {
      return Reactor.configured(factory.get());
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
      Supplier<Channel> factory,
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
    try {
      register(reactor, channel, () -> channel.bind(address));
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
