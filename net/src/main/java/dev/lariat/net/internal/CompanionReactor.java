package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Netty on a thread of its own, for a loop that waits on something else: a toolkit, or virtual
 * time.
 *
 * <p>Both directions go in batches. Events gather while Netty handles what one wait brought, and
 * cross over as one callback; operations gather for one iteration of the loop, and cross over as
 * one task. A batch is run in order, so what is said above the line about order holds here.
 */
final class CompanionReactor extends QueuedReactor {
  private final IoEventLoopGroup group;
  private final IoEventLoop netty;
  private final QuietTime quietTime;

  /**
   * Batches on their way to the loop: kept here, because the loop drops callbacks when it closes.
   */
  private final Queue<List<Event>> arrivals = new ConcurrentLinkedQueue<>();

  /** Netty's thread only. */
  private List<Event> events = new ArrayList<>();

  /** The loop's thread only. */
  private List<Runnable> operations = new ArrayList<>();

  private boolean closed;

  CompanionReactor(EventLoop loop) {
    this(loop, SocketKind.choose());
  }

  CompanionReactor(EventLoop loop, SocketKind sockets) {
    super(loop, sockets);
    group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("lariat-net-" + sockets.name(), true), sockets.handler());
    netty = group.next();
    quietTime = new QuietTime(loop.getPoller(), netty);
  }

  @Override
  IoEventLoop netty() {
    return netty;
  }

  @Override
  public boolean isOneThread() {
    return false;
  }

  // -- to the loop -------------------------------------------------------------------------------

  @Override
  void add(Event event) {
    quietTime.interrupt();
    events.add(event);
    if (events.size() == 1) {
      netty.execute(this::handOver); // runs after all that this wait brought
    }
  }

  private void handOver() {
    List<Event> batch = events;
    events = new ArrayList<>(batch.size());
    arrivals.add(batch);
    try {
      loop.callSoonThreadsafe(this::runArrivals);
    } catch (IllegalStateException loopClosed) {
      dropArrivals();
    }
  }

  private void runArrivals() {
    List<Event> batch = arrivals.poll();
    if (batch != null) {
      for (Event event : batch) { // one that fails is of one connection only
        Callbacks.runAndReport(loop, event::run, "An event of a channel failed");
      }
    }
  }

  /** On Netty's thread. */
  private void dropEvents() {
    dropArrivals();
    events.forEach(Event::drop);
    events.clear();
  }

  private void dropArrivals() {
    for (List<Event> batch = arrivals.poll(); batch != null; batch = arrivals.poll()) {
      batch.forEach(Event::drop);
    }
  }

  // -- to Netty ----------------------------------------------------------------------------------

  @Override
  public void toNetty(Runnable operation) {
    quietTime.interrupt();
    if (operations.isEmpty() && !loop.isClosed()) {
      loop.callSoon(this::sendOperations); // first: it refuses other threads
    }
    operations.add(operation);
    if (loop.isClosed()) {
      sendOperations();
    }
  }

  @Override
  void active() {
    quietTime.interrupt();
  }

  private void sendOperations() {
    List<Runnable> batch = operations;
    if (batch.isEmpty()) {
      return;
    }
    operations = new ArrayList<>(batch.size());
    quietTime.interrupt(); // it may be long ago that they were added
    try {
      netty.execute(() -> runOperations(batch));
    } catch (RejectedExecutionException shutDown) {
      for (Runnable operation : batch) {
        if (operation instanceof Write write) {
          io.netty.util.ReferenceCountUtil.release(write.data);
        }
      }
    }
  }

  /** Writes to one channel that follow each other leave the process together. */
  private static void runOperations(List<Runnable> batch) {
    Channel unflushed = null;
    for (Runnable operation : batch) {
      Channel channel = operation instanceof Write write ? write.channel : null;
      if (unflushed != null && unflushed != channel) {
        unflushed.flush();
      }
      unflushed = channel;
      try {
        operation.run();
      } catch (RuntimeException error) { // the others are of other connections
        Callbacks.LOG.log(Level.WARNING, "An operation on a channel failed", error);
      }
    }
    if (unflushed != null) {
      unflushed.flush();
    }
  }

  private final class Write implements Runnable {
    private final Channel channel;
    private final Object data;
    private final int bytes;
    private final WriteEvents told;

    Write(Channel channel, Object data, int bytes, WriteEvents told) {
      this.channel = channel;
      this.data = data;
      this.bytes = bytes;
      this.told = told;
    }

    @Override
    public void run() {
      ChannelFuture write = channel.write(data);
      write.addListener(done -> toLoop(() -> told.written(bytes, done.cause())));
    }
  }

  @Override
  public void write(Channel channel, Object data, int bytes, WriteEvents told) {
    toNetty(new Write(channel, data, bytes, told));
  }

  // -- the end -----------------------------------------------------------------------------------

  /** Waits for Netty's thread, so that no descriptor outlives the loop. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    super.close();
    sendOperations();
    netty.submit(this::dropEvents).awaitUninterruptibly(); // there may be connections among them
    group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    dropArrivals();
    quietTime.close();
  }
}
