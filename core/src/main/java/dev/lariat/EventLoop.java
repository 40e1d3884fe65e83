package dev.lariat;

import dev.lariat.context.Context;
import dev.lariat.host.Host;
import dev.lariat.host.Poller;
import dev.lariat.internal.Durations;
import dev.lariat.internal.JvmOptions;
import dev.lariat.internal.context.ContextAccess;
import dev.lariat.internal.context.ContextSource;
import dev.lariat.internal.loop.ParkingPoller;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks and callbacks, one at a time, on one thread. Models {@code asyncio.AbstractEventLoop}.
 *
 * <p>Programs rarely need one by name: {@link Asyncio#run} makes, runs and closes it.
 * <i>Thread</i>: where nothing else is said, a method may be called by the thread that runs the
 * loop, and by any one thread while none does; this is always checked.
 */
public class EventLoop implements AutoCloseable {
  private static final class Slot {
    @Nullable EventLoop running;
    @Nullable EventLoop assigned;
  }

  private static final ThreadLocal<Slot> SLOT = ThreadLocal.withInitial(Slot::new);
  private static @Nullable EventLoop lastStarted;

  final Diagnostics diagnostics = new Diagnostics(this);
  final Executors executors = new Executors(this);
  final AsyncGenerators generators = new AsyncGenerators(this);
  final Scheduler scheduler;
  private final Attachments attachments = new Attachments();
  private @Nullable TaskFactory taskFactory;

  /** Makes a loop that parks its thread while it has nothing to do. */
  public EventLoop() {
    this(new ParkingPoller());
  }

  /**
   * Makes a loop that waits by means of {@code poller}: for sockets, or for virtual time.
   *
   * @param poller what the loop waits on; closed with the loop
   */
  public EventLoop(Poller poller) {
    this(Objects.requireNonNull(poller, "poller"), null);
  }

  /**
   * Makes a loop that is a guest on a toolkit's main loop. {@link #runForever} and its like run the
   * main loop; {@link #attach} joins one that runs already.
   *
   * @param host the main loop; closed with the loop
   */
  public EventLoop(Host host) {
    Turns turns = new Turns(Objects.requireNonNull(host, "host"));
    this(turns, turns);
    turns.bind(scheduler);
  }

  @SuppressWarnings("this-escape") // kept, not used, until the loop is run
  private EventLoop(Poller poller, @Nullable Turns turns) {
    JvmOptions.require();
    super();
    scheduler = new Scheduler(this, poller, turns);
    scheduler.debug = Boolean.getBoolean("lariat.debug");
  }

  // -- the loop of a thread ----------------------------------------------------------------------

  /**
   * The loop that runs in this thread. Mostly there is one loop, so the last one that was started
   * is looked at first: a racy guess, but {@code isLoopThread} is true for its own thread only.
   */
  static @Nullable EventLoop running() {
    EventLoop guess = lastStarted;
    return guess != null && guess.scheduler.isLoopThread() ? guess : SLOT.get().running;
  }

  private static void setRunning(@Nullable EventLoop loop) {
    SLOT.get().running = loop;
    lastStarted = loop;
  }

  static EventLoop requireRunning() {
    EventLoop loop = running();
    if (loop == null) {
      throw Misuse.noRunningLoop();
    }
    return loop;
  }

  static Task<?> requireCurrentTask() {
    Task<?> task = requireRunning().scheduler.current;
    if (task == null) {
      throw Misuse.noTask();
    }
    return task;
  }

  /** The loop for new futures: the running one, else the one set for this thread. */
  static EventLoop currentOrAssigned() {
    EventLoop running = running();
    if (running != null) {
      return running;
    }
    EventLoop assigned = SLOT.get().assigned;
    if (assigned != null) {
      return assigned;
    }
    throw new IllegalStateException(
        "There is no current event loop in thread \""
            + Thread.currentThread().getName()
            + "\". Use Asyncio.run(...), or Asyncio.setEventLoop(Asyncio.newEventLoop()).");
  }

  static void assign(@Nullable EventLoop loop) {
    SLOT.get().assigned = loop;
  }

  /**
   * Refuses other threads while the loop runs: for the methods of what belongs to a loop, as its
   * own do. Without this, a call on a wrong thread would be found out by what it broke.
   *
   * @throws IllegalStateException if the loop runs on another thread; the message says what to do
   */
  public void checkThread() {
    scheduler.checkThread();
  }

  // -- running -----------------------------------------------------------------------------------

  /**
   * Runs until {@link #stop} is called. Models {@code loop.run_forever}.
   *
   * <p><i>Thread</i>: any that runs no loop; it becomes the loop's thread until this returns.
   *
   * @throws IllegalStateException if this loop is running or closed, or another runs in this thread
   */
  public void runForever() {
    checkCanRun();
    setRunning(this);
    try {
      scheduler.runForever();
    } finally {
      setRunning(null);
    }
  }

  /**
   * Lives from now on as a guest on the main loop that its host's toolkit runs, and returns at
   * once. The loop is the running one of this thread until {@link #stop} or {@link #close}: in
   * whatever callback of the toolkit, {@code createTask} and its like just work.
   *
   * <p>No function of asyncio does this; PyGObject's {@code EventLoop.running} comes near.
   *
   * <p><i>Thread</i>: the host's.
   *
   * @throws IllegalStateException if this is no guest, on another thread than the host's, and as
   *     {@link #runForever}
   */
  public void attach() {
    attach(() -> {});
  }

  /**
   * Lives on the main loop that runs already, as {@link #attach()} does.
   *
   * @param whenStopped called on the host's thread when that has come to an end; may close this
   *     loop
   */
  public void attach(Runnable whenStopped) {
    Objects.requireNonNull(whenStopped, "whenStopped");
    Turns turns = scheduler.turns;
    if (turns == null) {
      throw Misuse.noGuest();
    }
    checkCanRun();
    setRunning(this);
    turns.attach(() -> {
      setRunning(null);
      whenStopped.run();
    });
  }

  private void checkCanRun() {
    if (scheduler.thread != null) {
      throw new IllegalStateException("This event loop is already running");
    }
    if (running() != null) {
      throw new IllegalStateException(
          "Cannot run the event loop while another loop is running in this thread");
    }
    if (scheduler.closed) {
      throw Misuse.closed();
    }
    if (scheduler.turns != null && !scheduler.turns.isHostThread()) {
      throw Misuse.notHostThread(scheduler.turns.host());
    }
    scheduler.checkMayRunHere();
  }

  /**
   * Runs until {@code main} is done. Models {@code loop.run_until_complete}.
   *
   * <p><i>Thread</i>: as {@link #runForever}.
   *
   * @param <T> the type of the value
   * @param main a future of this loop, or a coroutine, which becomes a task
   * @return its value
   * @throws IllegalStateException as {@link #runForever}; or if the loop was stopped before {@code
   *     main} was done
   */
  public <T extends @Nullable Object> T runUntilComplete(Awaitable<T> main) {
    checkCanRun();
    boolean newTask = !(main instanceof Future<?>);
    Future<T> future = Futures.ensure(main, this);
    if (newTask) {
      ((Task<T>) future).silent = true;
    }
    java.util.function.Consumer<Future<T>> stop = done -> stopAfter(done);
    future.addDoneCallback(stop);
    try {
      runForever();
    } catch (Throwable error) {
      if (newTask && future.done() && !future.cancelled()) {
        future.noteRetrieved(); // the caller gets this error, and no second report of it
      }
      throw error;
    } finally {
      future.removeDoneCallback(stop);
    }
    if (!future.done()) {
      throw new IllegalStateException("Event loop stopped before Future completed.");
    }
    return future.result();
  }

  private void stopAfter(Future<?> done) {
    Throwable error = done.cancelled() ? null : done.peekException();
    if (error == null || !Diagnostics.isFatal(error)) {
      stop(); // a fatal error has left the loop already, and must not stop its next run
    }
  }

  /**
   * Runs {@code main} until it is done, as {@link #runUntilComplete(Awaitable)} does.
   *
   * @param main a coroutine without a value
   */
  public void runUntilComplete(Action main) {
    runUntilComplete(main.toCoroutine());
  }

  /**
   * Ends {@link #runForever}, or what {@link #attach} began, after this iteration: what is ready
   * now still runs. Models {@code loop.stop}.
   */
  public void stop() {
    scheduler.checkThread();
    scheduler.stopping = true;
    if (scheduler.turns != null) {
      scheduler.turns.arm();
    }
  }

  /**
   * {@return whether a thread runs this loop now}
   *
   * <p><i>Thread</i>: any.
   */
  public boolean isRunning() {
    return scheduler.thread != null;
  }

  /**
   * {@return whether this was closed}
   *
   * <p><i>Thread</i>: any.
   */
  public boolean isClosed() {
    return scheduler.closed;
  }

  /**
   * Closes the loop; a second call does nothing. Models {@code loop.close}.
   *
   * <p>What waits to run is dropped. A task that is still suspended is reported, and unwound: its
   * {@code finally} blocks run, and cannot wait for anything.
   *
   * @throws IllegalStateException if the loop is running; one that is attached may be closed from
   *     outside its tasks and callbacks
   */
  @Override
  public void close() {
    if (scheduler.turns != null && scheduler.turns.mayDetach()) {
      scheduler.checkThread();
      scheduler.turns.detach();
    }
    if (isRunning()) {
      throw new IllegalStateException("Cannot close a running event loop");
    }
    if (!isClosed()) {
      EventLoop outer = running();
      setRunning(this); // for the finally blocks of what is still suspended
      try {
        scheduler.close(attachments::close);
      } finally {
        setRunning(outer);
      }
      executors.close();
      diagnostics.close();
    }
  }

  /**
   * Closes this, and what is attached to it, after its thread has ended, which leaves nothing to
   * unwind tasks on. Any thread.
   */
  void abandon() {
    diagnostics.reportLost(scheduler.tasks.snapshot());
    scheduler.abandon(attachments::close);
    executors.close();
    diagnostics.close();
  }

  // -- callbacks ---------------------------------------------------------------------------------

  /**
   * Has {@code callback} run in the next iteration, after what is ready already. Models {@code
   * loop.call_soon}.
   *
   * @param callback runs in a copy of the current context
   * @return what cancels it
   * @throws IllegalStateException if the loop is closed, or runs on another thread
   */
  public Handle callSoon(Runnable callback) {
    scheduler.check();
    return soon(callback, scheduler.contextValues());
  }

  /**
   * Has {@code callback} run soon, as {@link #callSoon(Runnable)} does, in a given context.
   *
   * @param callback what to run
   * @param context the context it runs in
   * @return what cancels it
   */
  public Handle callSoon(Runnable callback, Context context) {
    scheduler.check();
    return soon(callback, ContextAccess.cell(context));
  }

  private Handle soon(Runnable callback, ContextSource context) {
    Handle handle = new Handle(diagnostics.traced(callback), context);
    scheduler.scheduleSoon(handle);
    return handle;
  }

  /**
   * Has {@code callback} run on the loop's thread, and wakes the loop. Models {@code
   * loop.call_soon_threadsafe}.
   *
   * <p><i>Thread</i>: any. What one thread posts runs in the order it was posted in.
   *
   * @param callback runs in a copy of this thread's current context
   * @return what cancels it, from any thread; its {@code cancel} waits for a callback that is
   *     running
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callSoonThreadsafe(Runnable callback) {
    return soonThreadsafe(callback, scheduler.contextValues());
  }

  /**
   * Has {@code callback} run on the loop's thread, in a given context.
   *
   * <p><i>Thread</i>: any.
   *
   * @param callback what to run
   * @param context the context it runs in
   * @return what cancels it
   */
  public Handle callSoonThreadsafe(Runnable callback, Context context) {
    return soonThreadsafe(callback, ContextAccess.cell(context));
  }

  private Handle soonThreadsafe(Runnable callback, ContextSource context) {
    ThreadsafeHandle handle = new ThreadsafeHandle(diagnostics.traced(callback), context);
    scheduler.post(handle);
    return handle;
  }

  /**
   * Has {@code callback} run after a delay. Models {@code loop.call_later}.
   *
   * @param delay how long; zero or less is as soon as possible
   * @param callback runs in a copy of the current context
   * @return what cancels it
   */
  public TimerHandle callLater(Duration delay, Runnable callback) {
    scheduler.check();
    return at(
        scheduler.deadline(Objects.requireNonNull(delay, "delay")),
        callback,
        scheduler.contextValues());
  }

  /**
   * Has {@code callback} run after a delay, in a given context.
   *
   * @param delay how long; zero or less is as soon as possible
   * @param callback what to run
   * @param context the context it runs in
   * @return what cancels it
   */
  public TimerHandle callLater(Duration delay, Runnable callback, Context context) {
    scheduler.check();
    return at(
        scheduler.deadline(Objects.requireNonNull(delay, "delay")),
        callback,
        ContextAccess.cell(context));
  }

  /**
   * Has {@code callback} run at a time. Callbacks of equal times run in the order they were
   * scheduled in. Models {@code loop.call_at}.
   *
   * @param when in the time of {@link #time}
   * @param callback runs in a copy of the current context
   * @return what cancels it
   */
  public TimerHandle callAt(Duration when, Runnable callback) {
    scheduler.check();
    return at(
        Durations.toNanos(Objects.requireNonNull(when, "when")),
        callback,
        scheduler.contextValues());
  }

  /**
   * Has {@code callback} run at a time, in a given context.
   *
   * @param when in the time of {@link #time}
   * @param callback what to run
   * @param context the context it runs in
   * @return what cancels it
   */
  public TimerHandle callAt(Duration when, Runnable callback, Context context) {
    scheduler.check();
    return at(
        Durations.toNanos(Objects.requireNonNull(when, "when")),
        callback,
        ContextAccess.cell(context));
  }

  private TimerHandle at(long when, Runnable callback, ContextSource context) {
    TimerHandle handle = scheduler.schedule(when, diagnostics.traced(callback), context);
    return handle;
  }

  /**
   * {@return the loop's clock: the time since an arbitrary origin, never decreasing}
   *
   * <p><i>Thread</i>: any.
   */
  public Duration time() {
    return Duration.ofNanos(scheduler.now());
  }

  // -- futures and tasks -------------------------------------------------------------------------

  /**
   * Makes a pending future. Models {@code loop.create_future}.
   *
   * @param <T> the type of the value
   * @return the future
   */
  public <T extends @Nullable Object> Future<T> createFuture() {
    return new Future<>(this);
  }

  /**
   * Makes a task of {@code coroutine}, which starts in the next iteration. Models {@code
   * loop.create_task}.
   *
   * <p>The loop holds the task until it ends. It inherits the context variables (a copy) and the
   * scoped values of its creator.
   *
   * @param <T> the type of the value
   * @param coroutine the body
   * @return the task
   * @throws IllegalStateException if the loop is closed, or runs on another thread
   */
  public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
    return createTask(TaskOptions.DEFAULT, coroutine);
  }

  /**
   * Makes a task of a coroutine without a value.
   *
   * @param coroutine the body
   * @return the task
   */
  public Task<Void> createTask(Action coroutine) {
    return createTask(TaskOptions.DEFAULT, coroutine.toCoroutine());
  }

  /**
   * Makes a task with a name, a context, an eager start.
   *
   * @param <T> the type of the value
   * @param options how
   * @param coroutine the body
   * @return the task
   */
  public <T extends @Nullable Object> Task<T> createTask(
      TaskOptions options, Coroutine<T> coroutine) {
    Objects.requireNonNull(coroutine, "coroutine");
    scheduler.check();
    TaskFactory factory = taskFactory;
    return factory == null
        ? new Task<>(this, coroutine, options)
        : factory.create(this, coroutine, options);
  }

  /**
   * Makes a task of a coroutine without a value, with a name, a context, an eager start.
   *
   * @param options how
   * @param coroutine the body
   * @return the task
   */
  public Task<Void> createTask(TaskOptions options, Action coroutine) {
    return createTask(options, coroutine.toCoroutine());
  }

  /**
   * Sets what makes the tasks. Models {@code loop.set_task_factory}.
   *
   * @param factory the factory, or null for the default
   */
  public void setTaskFactory(@Nullable TaskFactory factory) {
    scheduler.checkThread();
    taskFactory = factory;
  }

  /** {@return what was given to {@link #setTaskFactory}, or null} */
  public @Nullable TaskFactory getTaskFactory() {
    return taskFactory;
  }

  /**
   * Gives each task values of its own for some thread-locals, from now on.
   *
   * @param locals which; null for none
   */
  public void setTaskLocals(@Nullable TaskLocals locals) {
    scheduler.checkThread();
    scheduler.locals = TaskLocalsCarrier.of(locals);
  }

  // -- other threads -----------------------------------------------------------------------------

  /**
   * Runs {@code function} in another thread. Models {@code loop.run_in_executor}.
   *
   * <p>Cancelling the future does not stop the thread; {@link Asyncio#toThread} does. Context
   * variables are not handed over.
   *
   * @param <T> the type of the value
   * @param executor where; null for the default, which starts a virtual thread
   * @param function what to run
   * @return a future of its outcome
   * @throws IllegalStateException after {@link #shutdownDefaultExecutor}, with a null executor
   */
  public <T extends @Nullable Object> Future<T> runInExecutor(
      @Nullable Executor executor, Callable<T> function) {
    scheduler.check();
    return executors.submit(executor, Objects.requireNonNull(function, "function"), false);
  }

  /**
   * Sets the executor that {@link #runInExecutor} uses when given none; it is shut down with the
   * loop. Models {@code loop.set_default_executor}.
   *
   * @param executor the executor
   */
  public void setDefaultExecutor(java.util.concurrent.ExecutorService executor) {
    scheduler.checkThread();
    executors.setDefault(Objects.requireNonNull(executor, "executor"));
  }

  /**
   * Ends the default executor and waits for its threads. Models {@code
   * loop.shutdown_default_executor}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; the executor is shut down all the same.
   *
   * @param timeout how long to wait, after which a warning is logged; null waits without limit
   */
  public void shutdownDefaultExecutor(@Nullable Duration timeout) {
    scheduler.checkThread();
    executors.shutdown(timeout);
  }

  /**
   * Closes all asynchronous generators that are open. Models {@code loop.shutdown_asyncgens}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes.
   */
  public void shutdownAsyncgens() {
    scheduler.checkThread();
    generators.shutdown();
  }

  // -- what a loop stands on, and what stands on a loop ------------------------------------------

  /**
   * {@return what the loop waits on}
   *
   * <p><i>Thread</i>: any.
   */
  public Poller getPoller() {
    return scheduler.poller;
  }

  /**
   * Has the loop wait on another poller from its next wait on, and closes the one before. A loop
   * begins with one that can only park the thread; networking puts its own in the place of that.
   *
   * <p>Not to be called from inside a poller. Another thread may still wake the old poller while
   * this is going on, so {@link Poller#wakeup} must do no harm after {@link Poller#close}.
   *
   * @param poller the new one, whose {@link Poller#nanoTime} must go on where the old one's is
   */
  public void setPoller(Poller poller) {
    Objects.requireNonNull(poller, "poller");
    scheduler.check();
    Poller before = scheduler.poller;
    scheduler.poller = poller;
    if (before != poller) {
      before.close();
    }
  }

  /**
   * Reads a little of all that completing {@code future} will read, down to the stack of the task
   * that waits for it: for a {@link Poller} that is about to complete some of very many. The
   * processor fetches what is not in its cache, and for several futures side by side.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: the loop's.
   *
   * @param future one that is not done
   * @return a number without meaning; add it up, or the compiler may leave the reading out
   */
  public static int prefetch(Future<?> future) {
    return future.prefetch();
  }

  /**
   * Runs what is ready now, and not what that makes ready: for a {@link Poller}, which may call
   * this from {@link Poller#poll} between the events of different sources, so that each is dealt
   * with while its data are at hand. May throw what must leave the loop; {@code poll} lets it pass.
   *
   * @throws IllegalStateException if called by anything but the poller of a loop that runs
   */
  public void runReady() {
    if (!scheduler.isLoopThread() || scheduler.current != null) {
      throw new IllegalStateException("runReady() is for the loop's poller, while it polls");
    }
    scheduler.runReadyInPoll();
  }

  /**
   * What another part of a program keeps with this loop: made when first asked for, and closed with
   * the loop, after its tasks have ended and before its poller is closed. That is on the loop's
   * thread; on another only if this has ended, with a toolkit, before the loop was closed.
   *
   * @param <A> the type
   * @param type what it is kept under
   * @param make makes it
   * @return the one of this loop
   */
  public <A extends AutoCloseable> A attachment(
      Class<A> type, java.util.function.Function<? super EventLoop, ? extends A> make) {
    scheduler.check();
    return attachments.get(type, () -> make.apply(this));
  }

  // -- errors and debugging ----------------------------------------------------------------------

  /**
   * Sets who is told of errors that nobody awaits. Models {@code loop.set_exception_handler}.
   *
   * @param handler the handler, or null for the default, which logs
   */
  public void setExceptionHandler(@Nullable ExceptionHandler handler) {
    scheduler.checkThread();
    diagnostics.handler = handler;
  }

  /** {@return what was given to {@link #setExceptionHandler}, or null} */
  public @Nullable ExceptionHandler getExceptionHandler() {
    return diagnostics.handler;
  }

  /**
   * Tells the exception handler. Models {@code loop.call_exception_handler}.
   *
   * @param context what happened
   */
  public void callExceptionHandler(ExceptionContext context) {
    diagnostics.report(Objects.requireNonNull(context, "context"));
  }

  /**
   * Logs {@code context} as an error of the logger {@code dev.lariat}. Models {@code
   * loop.default_exception_handler}; a subclass may do something else.
   *
   * @param context what happened
   */
  public void defaultExceptionHandler(ExceptionContext context) {
    Diagnostics.logContext(context);
  }

  /**
   * Turns debug mode on or off: slow callbacks are logged, awaiting while a monitor is held is
   * refused, futures and handles remember where they were made. Models {@code loop.set_debug}; the
   * system property {@code lariat.debug} sets the default.
   *
   * @param enabled whether it is on
   */
  public void setDebug(boolean enabled) {
    scheduler.checkThread();
    scheduler.debug = enabled;
    if (enabled) {
      diagnostics.watchForUnclosed();
    }
  }

  /** {@return whether debug mode is on} */
  public boolean getDebug() {
    return scheduler.debug;
  }

  /**
   * Sets how long this loop, a guest, may run before its toolkit gets to draw; half as long while
   * that does. Work that is ready for longer goes on right after.
   *
   * @param budget the limit of a turn; 4 ms at first
   * @throws IllegalStateException if this loop is no guest
   */
  public void setTurnBudget(Duration budget) {
    scheduler.checkThread();
    if (budget.isNegative()) {
      throw Misuse.negative("budget", budget);
    }
    if (scheduler.turns == null) {
      throw Misuse.noGuest();
    }
    scheduler.turns.budget.set(Durations.toNanos(budget));
  }

  /**
   * Sets how long a callback or step may take before debug mode logs it. Models {@code
   * loop.slow_callback_duration}.
   *
   * @param duration the limit; 100 ms at first
   */
  public void setSlowCallbackDuration(Duration duration) {
    if (duration.isNegative()) {
      throw Misuse.negative("duration", duration);
    }
    diagnostics.slowCallbackNanos = Durations.toNanos(duration);
  }

  /** {@return how long a callback may take before debug mode logs it} */
  public Duration getSlowCallbackDuration() {
    return Duration.ofNanos(diagnostics.slowCallbackNanos);
  }

  @Override
  public String toString() {
    String state = isClosed() ? "closed" : isRunning() ? "running" : "idle";
    return getClass().getSimpleName() + "[" + state + (getDebug() ? ", debug" : "") + "]";
  }
}
