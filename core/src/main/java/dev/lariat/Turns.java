package dev.lariat;

import dev.lariat.event.Registration;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.Poller;
import dev.lariat.internal.Failures;
import dev.lariat.internal.coroutine.LockStack;
import dev.lariat.internal.coroutine.PinnedFrames;
import dev.lariat.internal.coroutine.StackRoom;
import dev.lariat.internal.loop.Budget;
import dev.lariat.internal.loop.ReadyQueue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Drives a {@link Scheduler} by the turns that a {@link Host} gives it, where an own loop would
 * iterate and wait.
 *
 * <p>A turn runs iterations until nothing is ready or its budget is spent; it may end in the midst
 * of one, which the next turn goes on with. So the order of events is that of an own loop, however
 * the host cuts it up.
 *
 * <p>Any callback or step may enter a nested main loop (a modal dialog), and nobody is told. So
 * <i>while anything runs and something else is ready, a wake-up is outstanding</i>: the nested main
 * loop then gives a turn of its own, inside the one under way, and everything but the task beneath
 * goes on. {@link #armed} keeps that to one wake-up at a time, from whichever thread; a turn takes
 * it back before it looks for work, so no wake-up is lost.
 *
 * <p>Likewise {@link #alarm} is never later than the earliest timer. It may be earlier, if that was
 * cancelled: then a turn comes for nothing.
 */
final class Turns implements Guest, Poller {
  private static final long NEVER = Long.MAX_VALUE;

  /** Enough for a timer's event and the drawing that it asks for. */
  private static final int COURTESY = 2;

  private static final VarHandle ARMED;

  static {
    try {
      ARMED = MethodHandles.lookup().findVarHandle(Turns.class, "armed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Host host;
  final Budget budget = new Budget();
  private @Nullable Scheduler scheduler;
  private boolean started;

  /** The host has been asked for a turn that has not come. */
  private volatile boolean armed;

  /** The loop runs: between {@link #begin} and {@link #end}. */
  private volatile boolean active;

  /** What to call at the end, if nobody waits in {@link #run}: the main loop is somebody else's. */
  private @Nullable Runnable whenDetached;

  /** The loop is to end, and nothing runs in it any more. */
  private boolean ending;

  /** How many turns are under way, each but the first in a nested main loop. */
  private int depth;

  /** The innermost thing under way is a turn, and not the toolkit's main loop. */
  private boolean inTurn;

  /**
   * The turn has begun an iteration, so it has seen what came from other threads and sockets; one
   * that only went on with the last has not.
   */
  private boolean looked;

  /**
   * How many wake-ups pass before the next turn, each behind all that the toolkit has to do by
   * then. A turn's wake-up is asked for while the one before runs, and so would come before what
   * came meanwhile: busy tasks would have two turns for each event of the toolkit.
   */
  private int passes;

  /** What left the loop. */
  private @Nullable Throwable escaped;

  /** When the host was asked to call, by its clock. */
  private long alarm = NEVER;

  /** It has called. */
  private volatile boolean rang;

  private @Nullable WatchedEvents watched;

  Turns(Host host) {
    this.host = host;
  }

  void bind(Scheduler bound) {
    scheduler = bound;
  }

  boolean isHostThread() {
    return host.isHostThread();
  }

  Host host() {
    return host;
  }

  // -- runs --------------------------------------------------------------------------------------

  /** Runs the host's main loop until the loop is stopped. */
  void run() {
    begin(null);
    try {
      host.run();
    } finally {
      end();
    }
    Throwable error = escaped;
    if (error != null) {
      escaped = null;
      throw Failures.<RuntimeException>sneak(error);
    }
  }

  /** Lives on the main loop that runs already, until the loop is stopped. */
  void attach(Runnable atEnd) {
    begin(atEnd);
  }

  private void begin(@Nullable Runnable atEnd) {
    if (!started) {
      host.start(this);
      started = true;
    }
    scheduler().begin();
    whenDetached = atEnd;
    ending = false;
    alarm = NEVER;
    passes = 0;
    armed = false;
    active = true;
    arm();
  }

  /** Ends what {@link #attach} began; from outside any turn. */
  void detach() {
    Runnable atEnd = Objects.requireNonNull(whenDetached);
    whenDetached = null;
    end();
    atEnd.run();
  }

  private void end() {
    active = false;
    scheduler().end();
  }

  /** Whether a callback of the toolkit runs: no task, and no callback of the loop. */
  boolean inToolkit() {
    return !inTurn && scheduler().current == null && scheduler().isLoopThread();
  }

  /** Whether an attached loop can be ended here: outside any turn. */
  boolean mayDetach() {
    return active && whenDetached != null && depth == 0;
  }

  // -- turns -------------------------------------------------------------------------------------

  @Override
  public void turn() {
    armed = false;
    if (!active || ending) {
      return;
    }
    if (passes > 0) {
      passes--;
      arm();
      return;
    }
    try {
      StackRoom.require();
    } catch (StackOverflowError full) { // by nested main loops: a turn in one beneath will do
      arm();
      return;
    }
    Scheduler loop = scheduler();
    if (rang) {
      rang = false;
      alarm = NEVER;
    }
    Beneath beneath = Beneath.leave(loop);
    boolean nested = inTurn;
    inTurn = true;
    depth++;
    budget.start();
    try {
      iterate(loop);
    } catch (Throwable error) {
      escape(error);
    } finally {
      depth--;
      inTurn = nested;
      beneath.comeBack(loop);
    }
    if (loop.hasStopped()) {
      finish();
    } else if (!loop.ready.isEmpty() || !looked) {
      passes = budget.wasCut() ? COURTESY : 0;
      arm();
    }
  }

  /**
   * Runs iterations, beginning with what is left of the last, until nothing is ready. Whatever runs
   * may enter a nested main loop, so before it the host must know of all that is to come.
   */
  private void iterate(Scheduler loop) {
    LockStack.flush();
    ReadyQueue ready = loop.ready;
    looked = false;
    do {
      if (loop.todo == 0) {
        loop.collect(0);
        looked = true;
        scheduleAlarm(loop.nextDeadline());
      }
      while (loop.todo > 0) {
        if (ready.size() > 1 || !looked) {
          arm();
        }
        loop.runNext();
        if (!ready.isEmpty() && budget.isSpent()) {
          return;
        }
      }
    } while (!loop.stopping && !ready.isEmpty());
  }

  @Override
  public boolean isTurnDue() {
    return armed;
  }

  @Override
  public void alarm() {
    rang = true;
    arm();
  }

  private void escape(Throwable error) {
    scheduler().abortIteration();
    if (whenDetached != null) {
      host.uncaught(error);
    } else {
      escaped = error;
    }
  }

  private void finish() {
    ending = true;
    if (whenDetached == null) {
      host.quit();
    } else if (depth == 0) {
      try {
        detach();
      } catch (Throwable error) {
        host.uncaught(error);
      }
    }
  }

  @Override
  public long nextDeadline() {
    return scheduler().nextDeadline();
  }

  @Override
  public void dispatch(Runnable event) {
    Scheduler loop = scheduler();
    if (!active || !inTurn) {
      event.run();
      return;
    }
    Beneath beneath = Beneath.leave(loop);
    enterToolkit();
    try {
      event.run();
    } finally {
      leaveToolkit();
      beneath.comeBack(loop);
    }
  }

  /** Fails where the current task, if it suspended, would take a nested main loop along. */
  void checkMayAwait() {
    String nestedLoop = host.nestedLoop();
    if (nestedLoop != null && PinnedFrames.contain(nestedLoop)) {
      throw Misuse.onNestedLoop(nestedLoop);
    }
  }

  @Override
  public void hostEnded() {
    if (active) {
      active = false;
      scheduler().loop.abandon();
      Runnable atEnd = whenDetached;
      if (atEnd != null) {
        whenDetached = null;
        atEnd.run();
      }
    }
  }

  /** The toolkit's main loop runs inside a turn; or none is under way, and this returns false. */
  boolean enterToolkit() {
    boolean was = inTurn;
    inTurn = false;
    return was;
  }

  void leaveToolkit() {
    inTurn = true;
  }

  private Scheduler scheduler() {
    return Objects.requireNonNull(scheduler);
  }

  // -- wake-ups ----------------------------------------------------------------------------------

  /** Sees to it that a turn comes. Any thread. */
  void arm() {
    if (!armed && active && ARMED.compareAndSet(this, false, true)) {
      host.wake();
    }
  }

  /** Sees to it that a turn comes at {@code deadline}, by the host's clock, or before. */
  void scheduleAlarm(long deadline) {
    if (deadline < alarm && active) {
      alarm = deadline;
      host.wakeAt(deadline);
    }
  }

  // -- as a poller -------------------------------------------------------------------------------

  @Override
  public long nanoTime() {
    return host.nanoTime();
  }

  /** Never waits: the host does that. */
  @Override
  public void poll(long nanos) {
    if (watched != null) {
      watched.handle();
    }
  }

  @Override
  public @Nullable Registration watch(int descriptor, Runnable events) {
    if (watched != null && !watched.isClosed()) {
      throw new IllegalStateException("The host of this loop watches a descriptor for it already");
    }
    watched = new WatchedEvents(events, this::arm);
    return started && watched.watchBy(host, descriptor) ? watched : null;
  }

  @Override
  public @Nullable Registration watchSignal(String name, Runnable received) {
    return host.watchSignal(name, received);
  }

  @Override
  public void wakeup() {
    arm();
  }

  @Override
  public boolean isVirtual() {
    return host.isVirtual();
  }

  @Override
  public void workStarted() {
    host.workStarted();
  }

  @Override
  public void workFinished() {
    host.workFinished();
  }

  @Override
  public void close() {
    if (watched != null) {
      watched.close();
    }
    host.close();
  }
}
