package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import dev.lariat.TimerHandle;
import dev.lariat.event.Registration;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Netty polled by a loop that is a guest, in each of its iterations, while the host watches Netty's
 * epoll descriptor: both sides are one thread, the toolkit's.
 *
 * <p>Any callback of the loop may run a nested main loop, a modal dialog's, in which the loop goes
 * on, and polls. Netty must not be on the stack then. So what a poll brings is queued, as callbacks
 * of the loop, one for each event: they run in asyncio's order, and within the turn's budget.
 *
 * <p>Netty also has tasks and timers of its own, of which the descriptor does not tell. Whatever
 * may have made some is followed by {@link #plan}, which sees to it that a poll comes for them.
 */
final class WatchedReactor extends QueuedReactor {
  /**
   * How many events and tasks a poll handles: few, because the turn's budget does not cut it short.
   */
  private static final int AT_ONCE = 64;

  private static final long NEVER = -1;

  private final DrivenEventLoop netty =
      new DrivenEventLoop(
          EpollHandler.newFactory(AT_ONCE), AT_ONCE, () -> loop.getPoller().wakeup());

  /** What callbacks of the loop are on their way for; kept, because it drops those when closed. */
  private final Queue<Event> arrivals = new ArrayDeque<>();

  private final Runnable runNext = this::runNext;
  private Registration watch = () -> {};

  /** The deadline of Netty's that {@link #alarm} is for. */
  private long planned = NEVER;

  private @Nullable TimerHandle alarm;

  private WatchedReactor(EventLoop loop, SocketKind epoll) {
    super(loop, epoll);
  }

  /** One on {@code loop}; null if there is no epoll, or its descriptor cannot be watched. */
  static @Nullable WatchedReactor tryOn(EventLoop loop) {
    SocketKind sockets = SocketKind.choose();
    if (!sockets.name().equals("epoll")) {
      return null;
    }
    WatchedReactor reactor = new WatchedReactor(loop, sockets);
    if (!reactor.begin()) {
      reactor.close();
      return null;
    }
    return reactor;
  }

  private boolean begin() {
    try {
      Registration made = loop.getPoller().watch(EpollDescriptor.of(netty), this::poll);
      if (made != null) {
        watch = made;
        return true;
      }
    } catch (IOException error) {
      Callbacks.LOG.log(
          Level.INFO, "Netty gets a thread of its own: its epoll descriptor is not found", error);
    }
    return false;
  }

  private void poll() {
    netty.poll(0);
    plan();
  }

  /** Has a poll come at once for Netty's tasks, and in time for its timers. */
  private void plan() {
    if (loop.isClosed()) {
      return;
    }
    if (netty.hasTasks()) {
      loop.getPoller().wakeup();
    }
    long deadline = netty.nextDeadline();
    if (deadline != planned) {
      planned = deadline;
      if (alarm != null) {
        alarm.cancel();
      }
      alarm =
          deadline == NEVER
              ? null
              : loop.callLater(Duration.ofNanos(netty.nanosToDeadline()), this::replan);
    }
  }

  /** This iteration has polled; perhaps a moment too early. */
  private void replan() {
    alarm = null;
    planned = NEVER;
    plan();
  }

  @Override
  IoEventLoop netty() {
    return netty;
  }

  @Override
  void add(Event event) {
    if (loop.isClosed()) {
      event.drop();
    } else {
      arrivals.add(event);
      loop.callSoon(runNext);
    }
  }

  private void runNext() {
    Event event = arrivals.poll();
    if (event != null) {
      event.run();
    }
  }

  @Override
  public void toNetty(Runnable operation) {
    if (netty.inEventLoop() || netty.isShutdown()) {
      operation.run();
      plan();
    } else {
      netty.execute(operation); // another thread has the loop that is not running
    }
  }

  @Override
  public void write(Channel channel, Object data, int bytes, WriteEvents events) {
    ChannelFuture write = channel.writeAndFlush(data);
    if (write.isSuccess() && arrivals.isEmpty()) { // or it would overtake the one before it
      events.written(bytes, null);
    } else {
      write.addListener(done -> toLoop(() -> events.written(bytes, done.cause())));
    }
    plan();
  }

  @Override
  public void close() {
    watch.close(); // before the descriptor is
    super.close();
    netty.close();
    arrivals.forEach(Event::drop);
    arrivals.clear();
  }
}
