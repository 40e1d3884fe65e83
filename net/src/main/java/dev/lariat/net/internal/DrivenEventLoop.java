package dev.lariat.net.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Netty event loop without a thread: each {@link #poll} of somebody else's thread handles what is
 * ready. It is Netty's ManualIoEventLoop, but for one thing: that one belongs to one thread for
 * ever, while a loop of ours may be run by one thread and closed by another.
 *
 * <p>No wake-up is lost. Netty's handlers publish that they are about to wait, and then ask {@code
 * canBlock}; so a {@link #wakeup} that comes before is seen there, by {@code signalled}, and one
 * that comes later finds the handler waiting.
 */
final class DrivenEventLoop extends AbstractScheduledEventExecutor implements IoEventLoop {
  /** With one processor, looking would keep from it whom we wait for. */
  private static final boolean CAN_LOOK = Runtime.getRuntime().availableProcessors() > 1;

  /** How long a wait looks at most before it sleeps. */
  private static final long LOOK_NANOS = 50_000;

  /**
   * What it is worth not to sleep: about half of it is the processor's time for falling asleep and
   * being woken, and the peer, who would wait for that, may not have to sleep either.
   */
  private static final long SLEEP_NANOS = 30_000;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Promise<?> termination = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);
  private final Waiting waiting = new Waiting();
  private final IoHandler handler;
  private final int maxTasks;
  private final Runnable waker;

  /** The thread that polls now, or did last. */
  private volatile Thread owner = Thread.currentThread();

  /**
   * What looking has spared the processor, but for a tenth of each sleep, which it may cost. It is
   * looked only while this is not negative: where answers come at once, but not where they do not.
   */
  private long spared;

  private volatile boolean signalled;
  private volatile boolean closed;

  /**
   * Makes one.
   *
   * @param maxTasks how many tasks a poll runs at most: a channel that can always read or write
   *     goes on by a task
   * @param waker has {@link #poll} called soon; called by any other thread that has put a task here
   */
  @SuppressWarnings("this-escape") // kept by the handler, not used
  DrivenEventLoop(IoHandlerFactory factory, int maxTasks, Runnable waker) {
    this.maxTasks = maxTasks;
    this.waker = waker;
    handler = factory.newHandler(this);
    handler.initialize();
  }

  // -- being driven ------------------------------------------------------------------------------

  /**
   * Handles what is ready.
   *
   * @param nanos how long to wait for that at most; 0 does not wait, a negative value has no limit
   */
  void poll(long nanos) {
    own();
    var outer = ThreadExecutorMap.setCurrentExecutor(this);
    try {
      if (nanos == 0) {
        run(0);
      } else {
        waitFor(nanos);
      }
      runTasks();
    } finally {
      signalled = false; // whoever woke us has put what for where we look next
      ThreadExecutorMap.setCurrentExecutor(outer);
    }
  }

  private void waitFor(long nanos) {
    boolean mayLook = CAN_LOOK && spared >= 0 && (nanos < 0 || nanos > LOOK_NANOS);
    long looked = mayLook ? look() : 0;
    if (looked >= 0) {
      spared += SLEEP_NANOS / 10;
      run(nanos < 0 ? nanos : Math.max(0, nanos - looked));
    }
  }

  /** Looks again and again. For how long, if nothing came of it; -1 otherwise. */
  private long look() {
    if (isReady()) {
      return -1; // it would not have slept
    }
    long start = System.nanoTime();
    long looked = 0;
    while (looked < LOOK_NANOS) {
      if (isReady()) {
        spared = Math.min(LOOK_NANOS, spared + SLEEP_NANOS - looked);
        return -1;
      }
      looked = System.nanoTime() - start;
    }
    spared -= LOOK_NANOS;
    return looked;
  }

  private boolean isReady() {
    return run(0) > 0 || signalled || !tasks.isEmpty();
  }

  private int run(long nanos) {
    waiting.limit = nanos;
    return handler.run(waiting);
  }

  /** Whether the next {@link #poll} has something to do, whatever the sockets do. */
  boolean hasTasks() {
    return !tasks.isEmpty();
  }

  /** When a {@link #poll} is due, whatever the sockets do, by Netty's clock; -1 is never. */
  long nextDeadline() {
    return nextScheduledTaskDeadlineNanos();
  }

  /** How long it is until {@link #nextDeadline}, at least 0; -1 is for ever. */
  long nanosToDeadline() {
    return nextScheduledTaskNano();
  }

  /** Makes this thread the one that may touch the channels. */
  private void own() {
    Thread here = Thread.currentThread();
    if (owner != here) {
      owner = here;
    }
  }

  private boolean runTasks() {
    fetchFromScheduledTaskQueue(tasks);
    for (int i = 0; i < maxTasks; i++) {
      Runnable task = tasks.poll();
      if (task == null) {
        return i > 0;
      }
      safeExecute(task);
    }
    return true;
  }

  /** Makes the poll under way, or else the next one, return at once. Any thread. */
  void wakeup() {
    signalled = true;
    handler.wakeup();
  }

  /** Closes all channels, and then what this loop waits on. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    own();
    cancelScheduledTasks();
    handler.prepareToDestroy();
    while (runTasks()) {
      // closing a channel is done in several steps, each a task
    }
    closed = true;
    handler.destroy();
    termination.setSuccess(null);
  }

  /** What Netty's handler asks before it waits. */
  private final class Waiting implements IoHandlerContext {
    private long limit;

    @Override
    public boolean canBlock() {
      return limit != 0 && !signalled && tasks.isEmpty();
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
      long longest = limit < 0 ? Long.MAX_VALUE : limit;
      return Math.min(longest, DrivenEventLoop.this.delayNanos(currentTimeNanos, longest));
    }

    @Override
    public long deadlineNanos() {
      long scheduled = nextScheduledTaskDeadlineNanos();
      if (limit < 0) {
        return scheduled;
      }
      long ours = ticker().nanoTime() + limit;
      return scheduled == -1 ? ours : Math.min(ours, scheduled);
    }
  }

  // -- what Netty asks of an event loop ----------------------------------------------------------

  @Override
  public boolean inEventLoop(Thread thread) {
    return thread == owner;
  }

  @Override
  public void execute(Runnable task) {
    if (closed) {
      throw new RejectedExecutionException("the event loop is closed");
    }
    tasks.add(task);
    if (!inEventLoop()) {
      waker.run();
    }
  }

  @Override
  public IoEventLoop next() {
    return this;
  }

  @Override
  public @Nullable IoEventLoopGroup parent() {
    return null;
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel) {
    ChannelPromise promise = new DefaultChannelPromise(channel, this);
    channel.unsafe().register(this, promise);
    return promise;
  }

  @Override
  @Deprecated
  public ChannelFuture register(ChannelPromise promise) {
    promise.channel().unsafe().register(this, promise);
    return promise;
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    channel.unsafe().register(this, promise);
    return promise;
  }

  @Override
  public Future<IoRegistration> register(IoHandle handle) {
    Promise<IoRegistration> promise = newPromise();
    if (inEventLoop()) {
      register(handle, promise);
    } else {
      execute(() -> register(handle, promise));
    }
    return promise;
  }

  private void register(IoHandle handle, Promise<IoRegistration> promise) {
    try {
      promise.setSuccess(handler.register(handle));
    } catch (Exception error) {
      promise.setFailure(error);
    }
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return handler.isCompatible(handleType);
  }

  @Override
  public boolean isIoType(Class<? extends IoHandler> handlerType) {
    return handler.getClass() == handlerType;
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException("closed with the loop that drives it");
  }

  @Override
  @Deprecated
  public void shutdown() {
    throw new UnsupportedOperationException("closed with the loop that drives it");
  }

  @Override
  public Future<?> terminationFuture() {
    return termination;
  }

  @Override
  public boolean isShuttingDown() {
    return closed;
  }

  @Override
  public boolean isShutdown() {
    return closed;
  }

  @Override
  public boolean isTerminated() {
    return closed;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return termination.await(timeout, unit);
  }
}
