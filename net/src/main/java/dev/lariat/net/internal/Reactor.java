package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.DuplexChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one loop. Everything above this line is the same on every loop; below it, Netty is
 * either polled by the loop itself ({@link LoopReactor}), or by a loop that is a guest, while its
 * host watches ({@link WatchedReactor}), or runs on a thread beside the loop ({@link
 * CompanionReactor}).
 *
 * <p>Two threads are meant in what follows, which may be one: the loop's, where all of a transport
 * but its channel lives, and Netty's, where the channel does. What goes from one to the other
 * arrives in the order it was sent in.
 */
public abstract class Reactor implements AutoCloseable {
  /** Something that holds a descriptor, and is closed with the loop at the latest. */
  public interface Resource {
    /** Closes at once; the loop is closed, so nobody can be told. */
    void loopClosed();
  }

  /** With caches for the loop's thread, whatever class of thread it is. */
  public static final ByteBufAllocator ALLOCATOR = new AdaptiveByteBufAllocator(true, true);

  public final EventLoop loop;
  public final SocketKind sockets;
  private final Set<Resource> open = new LinkedHashSet<>();

  Reactor(EventLoop loop) {
    this(loop, SocketKind.choose());
  }

  Reactor(EventLoop loop, SocketKind sockets) {
    this.loop = loop;
    this.sockets = sockets;
  }

  /** The reactor of {@code loop}, made when it is first needed. The loop's thread. */
  public static Reactor of(EventLoop loop) {
    return loop.attachment(Reactor.class, Reactor::create);
  }

  private static Reactor create(EventLoop loop) {
    if (loop.getPoller().isReplaceable()) {
      LoopReactor reactor = new LoopReactor(loop);
      loop.setPoller(reactor);
      return reactor;
    }
    WatchedReactor watched = WatchedReactor.tryOn(loop);
    return watched != null ? watched : new CompanionReactor(loop);
  }

  /**
   * The reactor of {@code loop} that knows the JDK's channels: the usual one if it is on the JDK's
   * selector anyway, or else a second one beside it. The loop's thread.
   */
  public static Reactor nio(EventLoop loop) {
    return SocketKind.choose().isNio()
        ? of(loop)
        : loop.attachment(
            CompanionReactor.class, _ -> new CompanionReactor(loop, SocketKind.nio()));
  }

  /** Netty's side. */
  abstract IoEventLoop netty();

  /** Has {@code event} run on the loop's thread. Called on Netty's. */
  public final void toLoop(Runnable event) {
    toLoop(event, () -> {});
  }

  /** As {@link #toLoop(Runnable)}; {@code drop} runs instead, on Netty's, if the loop is closed. */
  public abstract void toLoop(Runnable event, Runnable drop);

  /** Has {@code operation} run on Netty's thread. Called on the loop's. */
  public abstract void toNetty(Runnable operation);

  /** Has a channel read, or not. Called on Netty's thread. */
  public abstract void setReading(Channel channel, boolean reading);

  /** Hands over what a channel read. Called on Netty's thread. */
  abstract void received(Channel channel, ChannelEvents events, ByteBuf data);

  /** The loop's side has dealt with what {@link #received} handed over. Called on the loop's. */
  public abstract void consumed(Channel channel, int bytes);

  /** A channel has been read until it was empty. Called on Netty's thread. */
  public abstract void readComplete();

  /** Whether the loop's thread and Netty's are one. */
  public boolean isOneThread() {
    return true;
  }

  /**
   * Writes {@code data} and tells {@code events} when that is done, at once if possible. Called on
   * the loop's thread.
   */
  public abstract void write(Channel channel, Object data, int bytes, WriteEvents events);

  /** Something was done to a socket that this does not know of. Called on the loop's thread. */
  void active() {}

  // -- channels ----------------------------------------------------------------------------------

  /** What every channel of ours is set to. */
  public static <C extends Channel> C configured(C channel) {
    channel.config().setAllocator(ALLOCATOR);
    channel.config().setAutoRead(false); // until its transport says so
    channel.config().setConnectTimeoutMillis(0); // the operating system's; ours are timeouts
    return channel;
  }

  /** Gives a channel to Netty's event loop. On Netty's thread. */
  public final ChannelFuture register(Channel channel) {
    ChannelPromise promise = new DefaultChannelPromise(channel, netty());
    channel.unsafe().register(netty(), promise);
    return promise;
  }

  /**
   * Has a channel read by itself, or not; not once its input has ended, for epoll may have let go
   * of it then, and would fail.
   */
  static void setAutoRead(Channel channel, boolean reading) {
    boolean ended = channel instanceof DuplexChannel duplex && duplex.isInputShutdown();
    channel.config().setAutoRead(reading && !ended);
  }

  /** Sets an option where the channel has it. */
  public static <T> void set(Channel channel, ChannelOption<T> option, @Nullable T value) {
    if (value != null) {
      channel.config().setOption(option, value);
    }
  }

  /** Closes a channel, waiting for nothing. Called on the loop's thread. */
  public final void discard(Channel channel) {
    toNetty(() -> channel.unsafe().close(channel.unsafe().voidPromise()));
  }

  // -- the end -----------------------------------------------------------------------------------

  /** Notes something to be closed with the loop. The loop's thread. */
  public final void opened(Resource resource) {
    open.add(resource);
  }

  /** What was noted is closed. The loop's thread. */
  public final void closed(Resource resource) {
    open.remove(resource);
  }

  /** Closes what is still open. */
  @Override
  public void close() {
    for (Resource resource : List.copyOf(open)) {
      resource.loopClosed();
    }
    open.clear();
  }
}
