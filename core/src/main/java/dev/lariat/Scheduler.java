package dev.lariat;

import dev.lariat.host.Poller;
import dev.lariat.internal.Durations;
import dev.lariat.internal.Failures;
import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.context.ContextSource;
import dev.lariat.internal.context.ContextValues;
import dev.lariat.internal.context.ThreadContext;
import dev.lariat.internal.coroutine.LockStack;
import dev.lariat.internal.coroutine.ScopedBindings;
import dev.lariat.internal.coroutine.StackRoom;
import dev.lariat.internal.loop.Inbox;
import dev.lariat.internal.loop.ReadyQueue;
import dev.lariat.internal.loop.TimerHeap;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The heart of an {@link EventLoop}: what is ready, what is due when, and which task runs now.
 *
 * <p>One iteration polls, moves in what other threads posted, then what is due, and then runs just
 * what was ready at that moment; whatever that makes ready waits for the next iteration. This is
 * asyncio's order to the letter, and the conformance programs hold it there.
 *
 * <p>Three kinds of things can be ready: a {@link Task} (its first step, or one more), a {@link
 * Handle}, a {@link DoneCallback}. A task whose await failed half way may have left itself behind
 * in the queue; {@link Task#mayResume} tells.
 *
 * <p>Everything but {@link #thread}, {@link #closed}, the inbox and the poller's wake-up belongs to
 * the thread that runs the loop, and to any one thread while none does.
 *
 * <p>The poller may be exchanged, and no wake-up is lost by that. Another thread puts an item into
 * the inbox, then reads {@link #poller} and wakes it. If it reads the old one, its item was in the
 * inbox before the exchange; and between the exchange and the next poll the loop looks at the inbox
 * once more ({@link #timeout}), and does not wait. So an old poller may be woken after its end.
 */
final class Scheduler {
  /** As CPython: the longest single wait. */
  private static final long MAX_WAIT_NANOS = Duration.ofHours(24).toNanos();

  final EventLoop loop;

  /** What drives this; null for a loop of its own. */
  final @Nullable Turns turns;

  final TaskRegistry tasks = new TaskRegistry();
  final ReadyQueue ready = new ReadyQueue();
  private final TimerHeap<TimerHandle> timers = new TimerHeap<>(Handle::cancelled);
  private final Inbox<ThreadsafeHandle> inbox = new Inbox<>();
  private final long origin;

  volatile Poller poller;

  /** The thread that runs the loop now. */
  volatile @Nullable Thread thread;

  volatile boolean closed;
  boolean stopping;
  boolean debug;

  @Nullable TaskLocalsCarrier locals;

  /** The task that runs now. */
  @Nullable Task<?> current;

  /** The innermost modal dialog of a task. */
  @Nullable Modal modal;

  /** Of the thread that runs the loop; of the last one when none does. */
  ThreadContext threadContext = ThreadContext.current();

  /** How many of those that were ready when the iteration began have yet to run. */
  int todo;

  /** The contexts of the thread before the run, and its scoped values. */
  @Nullable ContextCell outerCell;

  @Nullable Object outerBindings;

  /** The loop's thread was interrupted, and the flag taken. */
  private boolean interrupted;

  /** The thread that ran a task last. */
  private @Nullable Thread fiberThread;

  /** What a task let out that must leave the loop, until the step is over. */
  private @Nullable Throwable fatal;

  Scheduler(EventLoop loop, Poller poller, @Nullable Turns turns) {
    this.loop = loop;
    this.poller = poller;
    this.turns = turns;
    this.origin = poller.nanoTime();
  }

  // -- time, checks ------------------------------------------------------------------------------

  /** Nanoseconds since the loop was made. */
  long now() {
    return poller.nanoTime() - origin;
  }

  /** The deadline that is {@code delay} from now; too far to count is never. */
  long deadline(Duration delay) {
    long nanos = Durations.toNanos(delay);
    long deadline = now() + nanos;
    return nanos > 0 && deadline < 0 ? Long.MAX_VALUE : deadline;
  }

  boolean isLoopThread() {
    return thread == Thread.currentThread();
  }

  /** Fails on a thread that is not the one that runs the loop. */
  void checkThread() {
    Thread running = thread;
    if (running != null && running != Thread.currentThread()) {
      throw Misuse.wrongThread(running);
    }
  }

  /** Fails on the wrong thread, and on a closed loop. */
  void check() {
    checkThread();
    if (closed) {
      throw Misuse.closed();
    }
  }

  // -- scheduling --------------------------------------------------------------------------------

  /** The values of the current context, for a task or callback to begin with. */
  ContextValues contextValues() {
    return (isLoopThread() ? threadContext : ThreadContext.current()).cell.values();
  }

  /**
   * Makes a callback ready behind what other threads have posted by now: one queue, as in asyncio.
   */
  void scheduleSoon(Handle handle) {
    if (!inbox.isEmpty()) {
      inbox.drain(ready::push);
    }
    makeReady(handle);
  }

  void makeReady(Object item) {
    ready.push(item);
    if (turns != null) {
      turns.arm();
    }
  }

  /**
   * Takes back what was made ready in this iteration; for a task that could not suspend after all.
   */
  void unready(Object item) {
    ready.remove(item);
  }

  TimerHandle schedule(long when, Runnable callback, ContextSource context) {
    TimerHandle handle = new TimerHandle(this, when, callback, context);
    if (when == Long.MAX_VALUE) {
      handle.scheduler = null; // never
    } else {
      timers.add(handle, when);
      if (turns != null) {
        turns.scheduleAlarm(origin + when);
      }
    }
    return handle;
  }

  void noteTimerCancelled() {
    timers.noteCancelled();
  }

  void post(ThreadsafeHandle handle) {
    if (isLoopThread()) {
      check();
      makeReady(handle);
      return;
    }
    if (closed) {
      throw Misuse.closed();
    }
    if (inbox.put(handle)) {
      poller.wakeup();
    }
    if (closed && handle.withdraw()) { // closed meanwhile: nobody will look again
      throw Misuse.closed();
    }
  }

  // -- the iteration -----------------------------------------------------------------------------

  /** Runs iterations on this thread until {@link #stopping} or an exception. */
  void runForever() {
    if (turns != null) {
      turns.run();
      return;
    }
    begin();
    LockStack.flush();
    try {
      do {
        collect(timeout());
        while (todo > 0) {
          runNext();
        }
      } while (!stopping);
    } finally {
      end();
    }
  }

  /** This thread runs the loop from now on. */
  void begin() {
    StackRoom.require();
    threadContext = ThreadContext.current();
    outerCell = threadContext.cell;
    outerBindings = ScopedBindings.capture();
    thread = Thread.currentThread();
  }

  void end() {
    stopping = false;
    todo = 0;
    threadContext.cell = Objects.requireNonNull(outerCell);
    thread = null;
    if (interrupted) {
      interrupted = false;
      Thread.currentThread().interrupt();
    }
  }

  /** Begins an iteration: waits, and finds out what it has to run. */
  void collect(long timeout) {
    if (timeout != 0 && Thread.interrupted()) {
      interrupted = true; // or no wait would wait; end puts it back
    }
    threadContext.cell = Objects.requireNonNull(outerCell); // for what the poller handles
    poller.poll(timeout);
    inbox.drain(ready::push);
    promoteDueTimers();
    todo = ready.size();
  }

  void runNext() {
    todo--;
    Object item = ready.pop();
    if (debug) {
      long start = System.nanoTime();
      run(item);
      loop.diagnostics.reportIfSlow(item, System.nanoTime() - start);
    } else {
      run(item);
    }
  }

  /**
   * For a poller, between two of its events: runs what is ready now, and not what that makes ready.
   * The events go on in the context they had.
   */
  void runReadyInPoll() {
    ContextCell eventCell = threadContext.cell;
    for (todo = ready.size(); todo > 0; ) {
      runNext();
    }
    threadContext.cell = eventCell;
  }

  private long timeout() {
    if (!ready.isEmpty() || stopping || !inbox.isEmpty()) {
      return 0;
    }
    long next = timers.nextDeadline();
    if (next == Long.MAX_VALUE) {
      return timers.isEmpty() ? -1 : MAX_WAIT_NANOS;
    }
    long now = now();
    return next <= now ? 0 : Math.min(next - now, MAX_WAIT_NANOS);
  }

  private void promoteDueTimers() {
    if (timers.isEmpty()) {
      return;
    }
    long now = now();
    for (TimerHandle timer = timers.pollDue(now); timer != null; timer = timers.pollDue(now)) {
      timer.scheduler = null;
      ready.push(timer);
    }
  }

  private void run(Object item) {
    if (item instanceof Task<?> task) {
      step(task);
      return;
    }
    try {
      if (item instanceof Handle handle) {
        threadContext.cell = handle.cell();
        handle.run();
      } else {
        DoneCallback<?> callback = (DoneCallback<?>) item;
        threadContext.cell = callback.context.toCell();
        callback.run();
      }
    } catch (Throwable error) {
      if (Diagnostics.isFatal(error)) {
        throw error;
      }
      loop.diagnostics.reportCallback(item, error);
    }
  }

  // -- for turns, which run iterations in pieces -------------------------------------------------

  /** Whether {@link EventLoop#stop} was called, and the iteration it was called in is over. */
  boolean hasStopped() {
    return stopping && todo == 0;
  }

  /** Ends the run as it is. */
  void abortIteration() {
    todo = 0;
    stopping = true;
  }

  /** By the clock of the poller. */
  long nextDeadline() {
    long next = timers.nextDeadline();
    return next == Long.MAX_VALUE ? next : origin + next;
  }

  // -- coroutines --------------------------------------------------------------------------------

  /** Runs {@code task} until it suspends or ends. */
  private void step(Task<?> task) {
    if (!task.mayResume()) {
      return;
    }
    Thread self = Thread.currentThread();
    Object bindings = ScopedBindings.get(self);
    current = task;
    resume(task);
    current = null;
    if (ScopedBindings.get(self) != bindings) {
      ScopedBindings.set(self, bindings);
    }
    throwFatal();
  }

  /** Runs the first step of {@code task} here and now, inside whatever runs. */
  void startEagerly(Task<?> task) {
    Task<?> outer = current;
    ContextCell outerContext = threadContext.cell;
    Thread self = Thread.currentThread();
    Object bindings = ScopedBindings.get(self);
    LockStack.flush();
    current = task;
    try {
      resume(task);
    } catch (Throwable notStarted) { // the body's first call has found the stack full
      task.abandon();
      tasks.remove(task.slot);
      throw notStarted;
    } finally {
      ScopedBindings.set(self, bindings);
      threadContext.cell = outerContext;
      current = outer;
    }
    throwFatal();
  }

  private void resume(Task<?> task) {
    TaskFiber fiber = task.fiber;
    if (fiber == null) {
      fiber = new TaskFiber(task);
      task.fiber = fiber;
    }
    if (fiberThread != Thread.currentThread()) {
      fiberThread = Thread.currentThread();
    }
    if (locals == null) {
      fiber.resume();
    } else {
      locals.step(task, fiber);
    }
    if (fiber.isDone()) {
      task.finish();
      tasks.remove(task.slot);
    }
  }

  /**
   * Fails where tasks are suspended that began on another thread: compiled code takes the current
   * thread for a constant, and their frames would go on with the old one.
   */
  void checkMayRunHere() {
    Thread here = Thread.currentThread();
    if (fiberThread != null
        && fiberThread != here
        && tasks.snapshot().stream().anyMatch(task -> task.fiber != null)) {
      throw Misuse.movedLoop(fiberThread, here);
    }
  }

  /** Makes {@code error} leave the loop once this step is over. */
  void raise(Throwable error) {
    fatal = error;
  }

  private void throwFatal() {
    Throwable error = fatal;
    if (error != null) {
      fatal = null;
      throw Failures.<RuntimeException>sneak(error);
    }
  }

  // -- the end -----------------------------------------------------------------------------------

  /**
   * Drops everything, ends what is attached, and unwinds nothing: the thread of the loop has ended.
   * Any thread.
   */
  void abandon(Runnable closeAttached) {
    closed = true;
    thread = null;
    tasks.snapshot().forEach(Task::abandon);
    inbox.drain(Handle::cancel);
    ready.clear();
    timers.clear();
    closeAttached.run();
    poller.close();
  }

  /**
   * Drops everything that waits to run, ends the tasks that are suspended, then what is attached,
   * and frees the poller.
   */
  void close(Runnable closeAttached) {
    closed = true;
    inbox.drain(Handle::cancel);
    ready.clear();
    timers.clear();
    LockStack.flush();
    ThreadContext outerContext = threadContext;
    threadContext = ThreadContext.current();
    ContextCell outerCell = threadContext.cell;
    thread = Thread.currentThread();
    try {
      for (Task<?> task : tasks.snapshot()) {
        loop.diagnostics.reportDestroyed(task);
        if (task.fiber != null) {
          step(task); // it sees that the loop is closed, and unwinds
        }
      }
      closeAttached.run();
    } finally {
      threadContext.cell = outerCell;
      threadContext = outerContext;
      thread = null;
      ready.clear();
      timers.clear();
      poller.close();
    }
  }
}
