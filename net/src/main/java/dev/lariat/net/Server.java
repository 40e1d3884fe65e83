package dev.lariat.net;

import static dev.lariat.Asyncio.timeout;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.TimeoutException;
import dev.lariat.VoidBlock;
import dev.lariat.context.Context;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.Listener;
import dev.lariat.net.internal.Reactor;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that accepts connections. Models {@code asyncio.Server}.
 *
 * <p>A {@code try} statement stops it from listening, and waits for nothing; {@link #use} is
 * asyncio's {@code async with}. <i>Thread</i>: the loop's.
 *
 * <p>Invariant: {@code connections} holds the transports from their acceptance, before any
 * handshake, until their protocols were told of the end.
 */
public final class Server implements AutoCloseable, Reactor.Resource {
  private static final Duration RESUME_AFTER = Duration.ofSeconds(1);

  private final Reactor reactor;
  private final EventLoop loop;
  private final List<Listener> listening;
  private final int backlog;
  private final List<SocketAddress> addresses;
  private final Supplier<? extends BaseProtocol> protocols;
  private final Runnable cleanUp;
  private final Context context = Context.copyContext();
  private final Set<ChannelTransport> connections = new LinkedHashSet<>();
  private List<Future<@Nullable Void>> closedWaiters = new ArrayList<>();
  private boolean serving;
  private boolean closed;
  private @Nullable Future<@Nullable Void> servingForever;

  Server(
      Reactor reactor,
      List<Listener> listening,
      List<SocketAddress> addresses,
      int backlog,
      Supplier<? extends BaseProtocol> protocols,
      Runnable cleanUp) {
    this.reactor = reactor;
    this.loop = reactor.loop;
    this.listening = listening;
    this.backlog = backlog;
    this.addresses = List.copyOf(addresses);
    this.protocols = protocols;
    this.cleanUp = cleanUp;
    reactor.opened(this);
  }

  // -- accepting ---------------------------------------------------------------------------------

  /** A connection was accepted, and its transport has not been opened. */
  void accepted(ChannelTransport transport, @Nullable TlsLayer layer) {
    if (closed) {
      transport.discard();
      return;
    }
    transport.attach(this);
    context.copy().run(() -> open(transport, layer));
  }

  private void open(ChannelTransport transport, @Nullable TlsLayer layer) {
    if (layer == null) {
      start(transport);
      return;
    }
    transport.setTls(layer);
    layer
        .handshake(reactor, transport.channel())
        .addDoneCallback(handshake -> {
          Throwable failure = handshake.exception();
          if (failure == null && !transport.isClosing()) {
            start(transport);
          } else {
            Callbacks.LOG.log(Level.DEBUG, () -> "TLS handshake failed: " + transport, failure);
            transport.discard();
          }
        });
  }

  private void start(ChannelTransport transport) {
    BaseProtocol[] protocol = new BaseProtocol[1];
    Throwable error =
        Callbacks.run(
            loop, () -> protocol[0] = Objects.requireNonNull(protocols.get(), "the protocol"));
    if (error != null) {
      Callbacks.report(
          loop, "Error on transport creation for incoming connection: " + transport, error);
    }
    if (protocol[0] == null) {
      transport.discard();
    } else {
      transport.open(protocol[0], () -> {});
    }
  }

  /** The operating system would not give the next connection; the acceptor has paused. */
  void acceptFailed(Channel channel, Throwable cause) {
    Callbacks.report(
        loop,
        Channels.isOutOfResources(cause)
            ? "accept() out of system resource; goes on in " + RESUME_AFTER.toSeconds() + " s"
            : "accept() failed; goes on in " + RESUME_AFTER.toSeconds() + " s",
        cause);
    loop.callLater(
        RESUME_AFTER,
        () -> {
          if (serving) {
            reactor.toNetty(() -> reactor.setReading(channel, true));
          }
        });
  }

  void attached(ChannelTransport transport) {
    connections.add(transport);
  }

  void detached(ChannelTransport transport) {
    connections.remove(transport);
    wakeIfOver();
  }

  // -- the server --------------------------------------------------------------------------------

  /**
   * Begins to accept connections; does nothing if it does already. Models {@code start_serving}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @throws IllegalStateException if this is closed
   * @throws UncheckedIOException if another socket listens on the address by now; then this is
   *     closed, for it may listen on others
   */
  public void startServing() {
    loop.checkThread();
    requireOpen();
    if (!serving) {
      try {
        for (Listener listener : listening) {
          listener.start(reactor, backlog);
        }
      } catch (IOException error) {
        close();
        throw new UncheckedIOException(error);
      }
      serving = true;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The server is closed: " + this);
    }
  }

  /**
   * Accepts connections until the task is cancelled; then closes the server, and waits until all is
   * closed. Models {@code serve_forever}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; that is how it ends.
   *
   * @throws IllegalStateException if this is closed, or if another task is here already
   */
  public void serveForever() {
    if (servingForever != null) {
      throw new IllegalStateException("The server is already being awaited on serveForever()");
    }
    startServing();
    Future<@Nullable Void> forever = loop.createFuture();
    servingForever = forever;
    try {
      forever.await();
    } catch (CancelledError end) {
      close();
      waitClosed();
      throw end;
    } finally {
      servingForever = null;
    }
  }

  /** {@return whether connections are accepted; models {@code is_serving}} */
  public boolean isServing() {
    return serving;
  }

  /** {@return the addresses it listens on; none once it is closed. Models {@code sockets}} */
  public List<SocketAddress> addresses() {
    return closed ? List.of() : addresses;
  }

  /**
   * The port of the first address: for a server that was made with port 0.
   *
   * @return the port
   * @throws IllegalStateException if this has none, as a server of Unix sockets, or is closed
   */
  public int port() {
    for (SocketAddress address : addresses()) {
      if (address instanceof InetSocketAddress internet) {
        return internet.getPort();
      }
    }
    throw new IllegalStateException("This server has no port: " + this);
  }

  /**
   * Stops listening; a second call does nothing. Connections stay open. Models {@code close}.
   *
   * <p><i>Suspends</i>: never.
   */
  @Override
  public void close() {
    loop.checkThread();
    if (closed) {
      return;
    }
    closed = true;
    serving = false;
    listening.forEach(listener -> reactor.discard(listener.channel()));
    cleanUp.run();
    reactor.closed(this);
    if (servingForever != null) {
      servingForever.cancel();
    }
    wakeIfOver();
  }

  /** {@return the connections there are: a snapshot} */
  public List<Transport> transports() {
    return List.copyOf(connections);
  }

  /** Closes the connections, each once what was written is sent. Models {@code close_clients}. */
  public void closeClients() {
    loop.checkThread();
    List.copyOf(connections).forEach(ChannelTransport::closeOrDiscard);
  }

  /** Closes the connections at once. Models {@code abort_clients}. */
  public void abortClients() {
    loop.checkThread();
    List.copyOf(connections).forEach(ChannelTransport::abort);
  }

  /**
   * Waits until this is closed and the last connection is gone. Models {@code wait_closed}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes.
   */
  public void waitClosed() {
    if (!isOver()) {
      Future<@Nullable Void> over = loop.createFuture();
      closedWaiters.add(over);
      try {
        over.await();
      } finally {
        closedWaiters.remove(over);
      }
    }
  }

  private boolean isOver() {
    return closed && connections.isEmpty();
  }

  private void wakeIfOver() {
    if (isOver() && !loop.isClosed()) {
      List<Future<@Nullable Void>> waiters = closedWaiters;
      closedWaiters = new ArrayList<>();
      for (Future<@Nullable Void> waiter : waiters) {
        Channels.complete(waiter, null);
      }
    }
  }

  /**
   * Closes in good order: stops listening, gives the connections time to end by themselves, then
   * closes those that are left, and aborts what does not close in as much time again.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; connections may then be left.
   *
   * @param grace how long the connections may take
   * @return whether all ended by themselves
   */
  public boolean close(Duration grace) {
    close();
    if (isOverWithin(grace)) {
      return true;
    }
    closeClients();
    if (!isOverWithin(grace)) {
      abortClients();
      waitClosed();
    }
    return false;
  }

  private boolean isOverWithin(Duration limit) {
    try {
      timeout(limit, this::waitClosed);
      return true;
    } catch (TimeoutException late) {
      return isOver();
    }
  }

  /**
   * Runs {@code block} with this server, then closes it and waits for its connections to end.
   * Models {@code async with server}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes.
   *
   * @param <E> what the block throws
   * @param block the block
   * @throws E from the block
   */
  public <E extends Exception> void use(VoidBlock<E> block) throws E {
    try {
      block.run();
    } finally {
      close();
      waitClosed();
    }
  }

  /** Not for callers: the loop is closed. */
  @Override
  public void loopClosed() {
    Callbacks.LOG.log(Level.WARNING, "unclosed server " + this + ": close() it");
    closed = true;
    listening.forEach(listener -> reactor.discard(listener.channel()));
    cleanUp.run();
  }

  @Override
  public String toString() {
    return "Server" + addresses + (closed ? " closed" : serving ? " serving" : " not serving");
  }
}
