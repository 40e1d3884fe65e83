package dev.lariat;

import dev.lariat.context.Context;
import dev.lariat.internal.Failures;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything a program needs of asyncio, to be imported statically: {@code import static
 * dev.lariat.Asyncio.*}.
 *
 * <pre>{@code
 * String page = run(() -> {
 *   Task<String> a = createTask(() -> fetch("a"));
 *   sleep(Duration.ofMillis(10));
 *   return timeout(Duration.ofSeconds(5), () -> a.await());
 * });
 * }</pre>
 *
 * <p><i>Thread</i>: where nothing else is said, that of the running loop.
 */
@SuppressWarnings(
    "overloads") // scopes with and without a value: a block of code tells which is meant
public final class Asyncio {
  private Asyncio() {}

  // -- running a program -------------------------------------------------------------------------

  /**
   * Runs {@code main} in a new event loop, and closes it: cancels what is left, closes generators,
   * ends the default executor. Models {@code asyncio.run}.
   *
   * <p><i>Thread</i>: any that runs no loop. Ctrl-C cancels {@code main}, if this is the main
   * thread.
   *
   * @param <T> the type of the value
   * @param main the program
   * @return its value
   * @throws IllegalStateException if a loop is running in this thread
   * @throws KeyboardInterrupt if Ctrl-C ended the program
   * @throws CompletionException around a checked exception that {@code main} failed with
   */
  public static <T extends @Nullable Object> T run(Awaitable<T> main) {
    return run(main, null);
  }

  /**
   * Runs {@code main}, as {@link #run(Awaitable)} does.
   *
   * @param main the program
   */
  public static void run(Action main) {
    run(main.toCoroutine(), null);
  }

  /**
   * Runs {@code main}, as {@link #run(Awaitable)} does, in a loop that {@code loopFactory} makes.
   *
   * @param <T> the type of the value
   * @param main the program
   * @param loopFactory makes the loop, or null for the usual one
   * @return its value
   */
  public static <T extends @Nullable Object> T run(
      Awaitable<T> main, @Nullable Supplier<? extends EventLoop> loopFactory) {
    if (EventLoop.running() != null) {
      throw new IllegalStateException(
          "run() cannot be called from a running event loop; await the coroutine, or make it a task");
    }
    try (Runner runner = new Runner(null, loopFactory)) {
      return runner.run(main);
    }
  }

  /**
   * Runs {@code main}, as {@link #run(Awaitable)} does, in a loop that {@code loopFactory} makes.
   *
   * @param main the program
   * @param loopFactory makes the loop, or null for the usual one
   */
  public static void run(Action main, @Nullable Supplier<? extends EventLoop> loopFactory) {
    run(main.toCoroutine(), loopFactory);
  }

  // -- loops -------------------------------------------------------------------------------------

  /**
   * Makes an event loop, to be closed by the caller. Models {@code asyncio.new_event_loop}.
   *
   * @return a new loop that parks its thread while idle
   */
  public static EventLoop newEventLoop() {
    return new EventLoop();
  }

  /**
   * Sets the loop that {@link #getEventLoop} gives in this thread while none runs. Models {@code
   * asyncio.set_event_loop}.
   *
   * @param loop the loop, or null for none
   */
  public static void setEventLoop(@Nullable EventLoop loop) {
    EventLoop.assign(loop);
  }

  /**
   * The running loop, else the one set for this thread. Models {@code asyncio.get_event_loop}.
   *
   * @return the loop
   * @throws IllegalStateException if there is neither
   */
  public static EventLoop getEventLoop() {
    return EventLoop.currentOrAssigned();
  }

  /**
   * The loop that runs in this thread. Models {@code asyncio.get_running_loop}.
   *
   * @return the loop
   * @throws IllegalStateException if there is none
   */
  public static EventLoop getRunningLoop() {
    return EventLoop.requireRunning();
  }

  // -- tasks -------------------------------------------------------------------------------------

  /**
   * Makes a task in the running loop. Models {@code asyncio.create_task}; see {@link
   * EventLoop#createTask(Coroutine)}.
   *
   * @param <T> the type of the value
   * @param coroutine the body
   * @return the task
   * @throws IllegalStateException if no loop is running in this thread
   */
  public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
    return EventLoop.requireRunning().createTask(coroutine);
  }

  /**
   * Makes a task without a value in the running loop.
   *
   * @param coroutine the body
   * @return the task
   */
  public static Task<Void> createTask(Action coroutine) {
    return EventLoop.requireRunning().createTask(coroutine);
  }

  /**
   * Makes a task in the running loop, with a name, a context, an eager start.
   *
   * @param <T> the type of the value
   * @param options how
   * @param coroutine the body
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> createTask(
      TaskOptions options, Coroutine<T> coroutine) {
    return EventLoop.requireRunning().createTask(options, coroutine);
  }

  /**
   * Makes a task without a value in the running loop, with a name, a context, an eager start.
   *
   * @param options how
   * @param coroutine the body
   * @return the task
   */
  public static Task<Void> createTask(TaskOptions options, Action coroutine) {
    return EventLoop.requireRunning().createTask(options, coroutine);
  }

  /**
   * The task that runs now. Models {@code asyncio.current_task}.
   *
   * @return the task; null in a plain callback
   * @throws IllegalStateException if no loop is running in this thread
   */
  public static @Nullable Task<?> currentTask() {
    return EventLoop.requireRunning().scheduler.current;
  }

  /**
   * The task that {@code loop} runs now.
   *
   * @param loop the loop
   * @return the task, or null
   */
  public static @Nullable Task<?> currentTask(EventLoop loop) {
    return loop.scheduler.current;
  }

  /**
   * The unfinished tasks of the running loop. Models {@code asyncio.all_tasks}.
   *
   * @return a snapshot
   * @throws IllegalStateException if no loop is running in this thread
   */
  public static Set<Task<?>> allTasks() {
    return allTasks(EventLoop.requireRunning());
  }

  /**
   * The unfinished tasks of {@code loop}. <i>Thread</i>: any.
   *
   * @param loop the loop
   * @return a snapshot
   */
  public static Set<Task<?>> allTasks(EventLoop loop) {
    return new HashSet<>(loop.scheduler.tasks.snapshot());
  }

  /**
   * Tells whether {@code object} is a {@link Coroutine}. Models {@code asyncio.iscoroutine}.
   *
   * @param object anything
   * @return true if it is
   */
  public static boolean iscoroutine(@Nullable Object object) {
    return object instanceof Coroutine<?>;
  }

  /**
   * Tells whether {@code object} is a {@link Future} or {@link Task}. Models {@code
   * asyncio.isfuture}.
   *
   * @param object anything
   * @return true if it is
   */
  public static boolean isfuture(@Nullable Object object) {
    return object instanceof Future<?>;
  }

  // -- awaiting ----------------------------------------------------------------------------------

  /**
   * Awaits anything that can be awaited, in the current task. Models {@code await}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes.
   *
   * @param <T> the type of the value
   * @param awaitable a future, a task, a coroutine
   * @return its value
   * @throws CompletionException around a checked exception; an unchecked one is thrown as it is
   */
  public static <T extends @Nullable Object> T await(Awaitable<T> awaitable) {
    try {
      return awaitable.await();
    } catch (Exception e) {
      throw Failures.rethrow(e);
    }
  }

  /**
   * Awaits a {@link CompletionStage}, say a {@link CompletableFuture}, of any library.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; that cancels the stage.
   *
   * @param <T> the type of the value
   * @param stage completes on any thread
   * @return its value
   * @throws CompletionException around a checked exception
   */
  public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return wrapFuture(stage).await();
  }

  /**
   * Waits. Models {@code asyncio.sleep}; zero or less lets everything else that is ready run once.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @param delay how long
   * @throws IllegalStateException outside a task
   */
  public static void sleep(Duration delay) {
    Task<?> task = EventLoop.requireCurrentTask();
    if (delay.isZero() || delay.isNegative()) {
      task.yieldOnce();
      return;
    }
    Future<@Nullable Void> elapsed = task.loop.createFuture();
    TimerHandle alarm = task.loop.callLater(delay, () -> Futures.release(elapsed));
    try {
      elapsed.await();
    } finally {
      alarm.cancel();
    }
  }

  /**
   * Waits, and gives {@code result}.
   *
   * @param <T> the type of the value
   * @param delay how long
   * @param result the value
   * @return {@code result}
   */
  public static <T extends @Nullable Object> T sleep(Duration delay, T result) {
    sleep(delay);
    return result;
  }

  /**
   * A future as it is; anything else as a new task. Models {@code asyncio.ensure_future}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param <T> the type of the value
   * @param awaitable a future or a coroutine
   * @return the future
   */
  public static <T extends @Nullable Object> Future<T> ensureFuture(Awaitable<T> awaitable) {
    return Futures.ensure(awaitable, null);
  }

  /**
   * A future of {@code loop} as it is; anything else as a new task of it.
   *
   * @param <T> the type of the value
   * @param awaitable a future or a coroutine
   * @param loop the loop
   * @return the future
   * @throws IllegalArgumentException if the future belongs to another loop
   */
  public static <T extends @Nullable Object> Future<T> ensureFuture(
      Awaitable<T> awaitable, EventLoop loop) {
    return Futures.ensure(awaitable, Objects.requireNonNull(loop, "loop"));
  }

  // -- several at once ---------------------------------------------------------------------------

  /**
   * Runs awaitables together. Models {@code asyncio.gather}.
   *
   * <p>The first exception completes the future at once; the others go on. Cancelling the future
   * cancels them all. The same awaitable given twice runs once.
   *
   * <p><i>Suspends</i>: never; await the future.
   *
   * @param <T> the type of the values
   * @param awaitables futures, coroutines
   * @return a future of the values, in the order of the arguments
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // List.of only reads them
  public static <T extends @Nullable Object> Future<List<T>> gather(
      Awaitable<? extends T>... awaitables) {
    return gather(List.of(awaitables));
  }

  /**
   * Runs awaitables together, as {@link #gather(Awaitable...)} does.
   *
   * @param <T> the type of the values
   * @param awaitables futures, coroutines
   * @return a future of the values, in order
   */
  public static <T extends @Nullable Object> Future<List<T>> gather(
      Collection<? extends Awaitable<? extends T>> awaitables) {
    return Gather.of(awaitables, false);
  }

  /**
   * Runs awaitables together and waits for all of them: exceptions and cancellations stand among
   * the values. Models {@code asyncio.gather} with {@code return_exceptions=True}.
   *
   * <p><i>Suspends</i>: never; await the future.
   *
   * @param awaitables futures, coroutines
   * @return a future of the values and {@link Throwable}s, in order
   */
  public static Future<List<@Nullable Object>> gatherReturnExceptions(Awaitable<?>... awaitables) {
    return gatherReturnExceptions(List.of(awaitables));
  }

  /**
   * Runs awaitables together, as {@link #gatherReturnExceptions(Awaitable...)} does.
   *
   * @param awaitables futures, coroutines
   * @return a future of the values and {@link Throwable}s, in order
   */
  public static Future<List<@Nullable Object>> gatherReturnExceptions(
      Collection<? extends Awaitable<?>> awaitables) {
    return Gather.of(awaitables, true);
  }

  /**
   * Waits for all of {@code futures}. Models {@code asyncio.wait}. Its name cannot be imported
   * statically (that of {@link Object#wait()} hides it); {@link #waitFutures} is the same.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; the futures are left alone.
   *
   * @param <T> the type of the values
   * @param futures at least one; not cancelled, and not looked into
   * @return which are done
   */
  public static <T extends @Nullable Object> Waited<T> wait(
      Collection<? extends Future<? extends T>> futures) {
    return Waiting.wait(futures, null, ReturnWhen.ALL_COMPLETED);
  }

  /**
   * Waits for some or all of {@code futures}. Models {@code asyncio.wait}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; the futures are left alone.
   *
   * @param <T> the type of the values
   * @param futures at least one
   * @param timeout how long at most, or null; when it is over, this returns and cancels nothing
   * @param returnWhen what to wait for
   * @return which are done and which are not
   * @throws IllegalArgumentException if {@code futures} is empty
   */
  public static <T extends @Nullable Object> Waited<T> wait(
      Collection<? extends Future<? extends T>> futures,
      @Nullable Duration timeout,
      ReturnWhen returnWhen) {
    return Waiting.wait(futures, timeout, returnWhen);
  }

  /**
   * {@link #wait(Collection)}, under a name that can be imported statically.
   *
   * @param <T> the type of the values
   * @param futures at least one
   * @return which are done
   */
  public static <T extends @Nullable Object> Waited<T> waitFutures(
      Collection<? extends Future<? extends T>> futures) {
    return Waiting.wait(futures, null, ReturnWhen.ALL_COMPLETED);
  }

  /**
   * {@link #wait(Collection, Duration, ReturnWhen)}, under a name that can be imported statically.
   *
   * @param <T> the type of the values
   * @param futures at least one
   * @param timeout how long at most, or null
   * @param returnWhen what to wait for
   * @return which are done and which are not
   */
  public static <T extends @Nullable Object> Waited<T> waitFutures(
      Collection<? extends Future<? extends T>> futures,
      @Nullable Duration timeout,
      ReturnWhen returnWhen) {
    return Waiting.wait(futures, timeout, returnWhen);
  }

  /**
   * The awaitables in the order they finish. Models {@code asyncio.as_completed}.
   *
   * @param <T> the type of the values
   * @param awaitables futures, coroutines
   * @return an iterable, see there
   */
  public static <T extends @Nullable Object> AsCompleted<T> asCompleted(
      Collection<? extends Awaitable<? extends T>> awaitables) {
    return new AsCompleted<>(awaitables, null);
  }

  /**
   * The awaitables in the order they finish, until time is up.
   *
   * @param <T> the type of the values
   * @param awaitables futures, coroutines
   * @param timeout for all together, or null
   * @return an iterable, see there
   */
  public static <T extends @Nullable Object> AsCompleted<T> asCompleted(
      Collection<? extends Awaitable<? extends T>> awaitables, @Nullable Duration timeout) {
    return new AsCompleted<>(awaitables, timeout);
  }

  /**
   * Lets {@code awaitable} go on when whoever awaits the returned future is cancelled. Models
   * {@code asyncio.shield}.
   *
   * <p><i>Suspends</i>: never; await the future.
   *
   * @param <T> the type of the value
   * @param awaitable a future or a coroutine
   * @return a future of the same outcome
   */
  public static <T extends @Nullable Object> Future<T> shield(Awaitable<T> awaitable) {
    return Waiting.shield(awaitable);
  }

  // -- scopes ------------------------------------------------------------------------------------

  /**
   * Runs {@code body} with a group for its tasks, and waits for them. Models {@code async with
   * asyncio.TaskGroup()}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; the tasks are cancelled and waited for.
   *
   * @param <T> the type of the value
   * @param body makes the tasks
   * @return the value of {@code body}
   * @throws ExceptionGroup of what the tasks and the body threw
   */
  public static <T extends @Nullable Object> T taskGroup(
      ScopedBlock<? super TaskGroup, T, ?> body) {
    return new TaskGroup().run(body);
  }

  /**
   * Runs {@code body} with a group for its tasks, as {@link #taskGroup(ScopedBlock)} does.
   *
   * @param body makes the tasks
   * @throws ExceptionGroup of what the tasks and the body threw
   */
  public static void taskGroup(ScopedVoidBlock<? super TaskGroup, ?> body) {
    new TaskGroup()
        .<@Nullable Void>run(group -> {
          body.run(group);
          return null;
        });
  }

  /**
   * Runs {@code body} for at most {@code delay}. Models {@code async with asyncio.timeout(delay)}.
   *
   * <p><i>Suspends</i>: if the body does. <i>Cancellable</i>: as the body is.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param delay how long, or null for no limit
   * @param body what to run, in the current task
   * @return the value of {@code body}
   * @throws TimeoutException if the time was up
   * @throws E what the body throws
   */
  public static <T extends @Nullable Object, E extends Exception> T timeout(
      @Nullable Duration delay, Block<T, E> body) throws E {
    return newTimeout(delay).run(scope -> body.run());
  }

  /**
   * Runs {@code body} for at most {@code delay}.
   *
   * @param <E> what the body throws
   * @param delay how long, or null for no limit
   * @param body what to run, in the current task
   * @throws TimeoutException if the time was up
   * @throws E what the body throws
   */
  public static <E extends Exception> void timeout(@Nullable Duration delay, VoidBlock<E> body)
      throws E {
    runVoid(newTimeout(delay), scope -> body.run());
  }

  /**
   * Runs {@code body} for at most {@code delay}, which it may change by {@link Timeout#reschedule}.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param delay how long, or null for no limit
   * @param body what to run, in the current task
   * @return the value of {@code body}
   * @throws TimeoutException if the time was up
   * @throws E what the body throws
   */
  public static <T extends @Nullable Object, E extends Exception> T timeout(
      @Nullable Duration delay, ScopedBlock<? super Timeout, T, E> body) throws E {
    return newTimeout(delay).run(body);
  }

  /**
   * Runs {@code body} for at most {@code delay}, which it may change by {@link Timeout#reschedule}.
   *
   * @param <E> what the body throws
   * @param delay how long, or null for no limit
   * @param body what to run, in the current task
   * @throws TimeoutException if the time was up
   * @throws E what the body throws
   */
  public static <E extends Exception> void timeout(
      @Nullable Duration delay, ScopedVoidBlock<? super Timeout, E> body) throws E {
    runVoid(newTimeout(delay), body);
  }

  /**
   * Runs {@code body} until a time. Models {@code async with asyncio.timeout_at(when)}.
   *
   * <p><i>Suspends</i>: if the body does. <i>Cancellable</i>: as the body is.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param when the deadline in the loop's time, or null for none
   * @param body what to run, in the current task
   * @return the value of {@code body}
   * @throws TimeoutException if the time was up
   * @throws E what the body throws
   */
  public static <T extends @Nullable Object, E extends Exception> T timeoutAt(
      @Nullable Duration when, Block<T, E> body) throws E {
    return new Timeout(when).run(scope -> body.run());
  }

  /**
   * Runs {@code body} until a time.
   *
   * @param <E> what the body throws
   * @param when the deadline in the loop's time, or null for none
   * @param body what to run, in the current task
   * @throws TimeoutException if the time was up
   * @throws E what the body throws
   */
  public static <E extends Exception> void timeoutAt(@Nullable Duration when, VoidBlock<E> body)
      throws E {
    runVoid(new Timeout(when), scope -> body.run());
  }

  /**
   * Runs {@code body} until a time, which it may change by {@link Timeout#reschedule}.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param when the deadline in the loop's time, or null for none
   * @param body what to run, in the current task
   * @return the value of {@code body}
   * @throws TimeoutException if the time was up
   * @throws E what the body throws
   */
  public static <T extends @Nullable Object, E extends Exception> T timeoutAt(
      @Nullable Duration when, ScopedBlock<? super Timeout, T, E> body) throws E {
    return new Timeout(when).run(body);
  }

  /**
   * Runs {@code body} until a time, which it may change by {@link Timeout#reschedule}.
   *
   * @param <E> what the body throws
   * @param when the deadline in the loop's time, or null for none
   * @param body what to run, in the current task
   * @throws TimeoutException if the time was up
   * @throws E what the body throws
   */
  public static <E extends Exception> void timeoutAt(
      @Nullable Duration when, ScopedVoidBlock<? super Timeout, E> body) throws E {
    runVoid(new Timeout(when), body);
  }

  private static Timeout newTimeout(@Nullable Duration delay) {
    EventLoop loop = EventLoop.requireRunning();
    return new Timeout(delay == null ? null : Duration.ofNanos(loop.scheduler.deadline(delay)));
  }

  private static <E extends Exception> void runVoid(
      Timeout timeout, ScopedVoidBlock<? super Timeout, E> body) throws E {
    timeout.<@Nullable Void, E>run(scope -> {
      body.run(scope);
      return null;
    });
  }

  /**
   * Awaits {@code awaitable} for at most {@code timeout}; then it is cancelled, and waited for.
   * Models {@code asyncio.wait_for}. A coroutine runs in the current task.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; that cancels the awaitable.
   *
   * @param <T> the type of the value
   * @param awaitable a future or a coroutine
   * @param timeout how long; zero or less does not start a coroutine; null waits without limit
   * @return its value
   * @throws TimeoutException if the time was up
   * @throws CompletionException around a checked exception
   */
  public static <T extends @Nullable Object> T waitFor(
      Awaitable<T> awaitable, @Nullable Duration timeout) {
    return Waiting.waitFor(awaitable, timeout);
  }

  /**
   * Runs something that has a main loop of its own and returns when that ends: a modal dialog.
   * Other tasks go on meanwhile; this one cannot, so an await inside fails, also in a plain
   * callback of the toolkit that runs on top of it. Not of asyncio.
   *
   * <pre>{@code
   * int answer = modal(() -> JOptionPane.showConfirmDialog(frame, "Sure?"));
   * }</pre>
   *
   * <p><i>Suspends</i>: never; it blocks this task alone. <i>Cancellable</i>: at the next await
   * after it; {@link #modal(Block, Runnable)} can be cancelled.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param body shows the dialog
   * @return the value of the body
   * @throws E what the body throws
   */
  public static <T extends @Nullable Object, E extends Exception> T modal(Block<T, E> body)
      throws E {
    return Modal.run(body, null);
  }

  /**
   * Shows a modal dialog, as {@link #modal(Block)} does.
   *
   * @param <E> what the body throws
   * @param body shows the dialog
   * @throws E what the body throws
   */
  public static <E extends Exception> void modal(VoidBlock<E> body) throws E {
    Modal.run(
        () -> {
          body.run();
          return null;
        },
        null);
  }

  /**
   * Shows a modal dialog, which a cancellation of the task dismisses: by a timeout round it, say.
   *
   * <p><i>Suspends</i>: never. <i>Cancellable</i>: yes; {@code dismiss} is called, and when the
   * body has returned the cancellation is thrown in place of its value.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param body shows the dialog
   * @param dismiss makes the body return, soon; called by the loop, while the dialog is shown
   * @return the value of the body
   * @throws E what the body throws
   */
  public static <T extends @Nullable Object, E extends Exception> T modal(
      Block<T, E> body, Runnable dismiss) throws E {
    return Modal.run(body, Objects.requireNonNull(dismiss, "dismiss"));
  }

  /**
   * Shows a modal dialog, which a cancellation of the task dismisses, as {@link #modal(Block,
   * Runnable)} does.
   *
   * @param <E> what the body throws
   * @param body shows the dialog
   * @param dismiss makes the body return, soon
   * @throws E what the body throws
   */
  public static <E extends Exception> void modal(VoidBlock<E> body, Runnable dismiss) throws E {
    Modal.run(
        () -> {
          body.run();
          return null;
        },
        Objects.requireNonNull(dismiss, "dismiss"));
  }

  // -- generators --------------------------------------------------------------------------------

  /**
   * Makes an asynchronous generator. Models an {@code async def} with {@code yield}.
   *
   * @param <T> the type of the values
   * @param body makes the values; must not refer to the generator
   * @return the generator, not started
   */
  public static <T extends @Nullable Object> AsyncGenerator<T> asyncGenerator(
      AsyncGenerator.Body<T> body) {
    return new AsyncGenerator<>(body);
  }

  /**
   * The items of a publisher, asked for one at a time. <i>Suspends</i>: each item may.
   *
   * @param <T> the type of the items
   * @param publisher publishes on any thread
   * @return an iterable whose {@code close} cancels the subscription
   */
  public static <T> AsyncGenerator<T> iterate(Flow.Publisher<T> publisher) {
    return Publishers.iterate(publisher);
  }

  /**
   * A publisher of what {@code items} gives: each subscriber gets a task that iterates, and
   * suspends while nothing is asked for. <i>Thread</i>: any may subscribe.
   *
   * @param <T> the type of the items
   * @param items iterated on the loop's thread; may suspend
   * @param loop the loop
   * @return the publisher
   */
  public static <T> Flow.Publisher<T> publisher(Iterable<? extends T> items, EventLoop loop) {
    return Publishers.publish(items, loop);
  }

  // -- other threads -----------------------------------------------------------------------------

  /**
   * Runs {@code function} in a virtual thread, and waits for it. Models {@code asyncio.to_thread}.
   * Context variables are handed over.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the thread is interrupted, and not waited
   * for.
   *
   * @param <T> the type of the value
   * @param <E> what the function throws
   * @param function may block
   * @return its value
   * @throws E what the function throws
   */
  public static <T extends @Nullable Object, E extends Exception> T toThread(Block<T, E> function)
      throws E {
    Objects.requireNonNull(function, "function");
    Context context = Context.copyContext();
    EventLoop loop = EventLoop.requireCurrentTask().loop;
    Future<T> outcome = loop.executors.submit(null, () -> context.run(function::run), true);
    try {
      return outcome.await();
    } catch (CompletionException wrapped) {
      Throwable thrown = outcome.cancelled() ? null : outcome.exception();
      throw Failures.<RuntimeException>sneak(thrown == null ? wrapped : thrown);
    }
  }

  /**
   * Runs {@code function} in a virtual thread, and waits for it, as {@link #toThread(Block)} does.
   *
   * @param <E> what the function throws
   * @param function may block
   * @throws E what the function throws
   */
  public static <E extends Exception> void toThread(VoidBlock<E> function) throws E {
    Asyncio.<@Nullable Void, E>toThread(() -> {
      function.run();
      return null;
    });
  }

  /**
   * Makes a task of {@code coroutine} in a loop of another thread. Models {@code
   * asyncio.run_coroutine_threadsafe}.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: any but the loop's, if it waits for the result.
   *
   * @param <T> the type of the value
   * @param coroutine the body
   * @param loop runs, now or later, in another thread
   * @return a future for this thread; cancelling it cancels the task
   */
  public static <T extends @Nullable Object> CompletableFuture<T> runCoroutineThreadsafe(
      Coroutine<T> coroutine, EventLoop loop) {
    Objects.requireNonNull(coroutine, "coroutine");
    CompletableFuture<T> promise = new CompletableFuture<>();
    loop.executors.promise(promise);
    loop.callSoonThreadsafe(() -> {
      try {
        Interop.chain(loop.createTask(coroutine), promise);
      } catch (Throwable error) {
        promise.completeExceptionally(error);
        throw error;
      }
    });
    return promise;
  }

  /**
   * Makes a task of a coroutine without a value in a loop of another thread.
   *
   * @param coroutine the body
   * @param loop runs, now or later, in another thread
   * @return a future for this thread
   */
  public static CompletableFuture<Void> runCoroutineThreadsafe(Action coroutine, EventLoop loop) {
    return runCoroutineThreadsafe(coroutine.toCoroutine(), loop);
  }

  /**
   * Runs {@code coroutine} in the loop of another thread, and waits for its value here: the way
   * from one toolkit to another. Neither thread is blocked. Not of asyncio, where it takes {@code
   * wrap_future(run_coroutine_threadsafe(...))}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; that cancels the task in the other loop,
   * and does not wait for its end.
   *
   * @param <T> the type of the value
   * @param loop runs in another thread
   * @param coroutine the body
   * @return its value
   * @throws CompletionException around a checked exception
   */
  public static <T extends @Nullable Object> T runOn(EventLoop loop, Coroutine<T> coroutine) {
    return wrapFuture(runCoroutineThreadsafe(coroutine, loop)).await();
  }

  /**
   * Runs a coroutine without a value in the loop of another thread, as {@link #runOn(EventLoop,
   * Coroutine)} does.
   *
   * @param loop runs in another thread
   * @param coroutine the body
   */
  public static void runOn(EventLoop loop, Action coroutine) {
    runOn(loop, coroutine.toCoroutine());
  }

  /**
   * A future of the running loop for a {@link CompletionStage}; cancelling either cancels the
   * other. Models {@code asyncio.wrap_future}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param <T> the type of the value
   * @param stage completes on any thread
   * @return the future
   */
  public static <T extends @Nullable Object> Future<T> wrapFuture(CompletionStage<T> stage) {
    return Interop.wrap(stage, EventLoop.currentOrAssigned());
  }

  /**
   * A future of the running loop for a {@link CompletableFuture}, as {@link
   * #wrapFuture(CompletionStage)} makes one.
   *
   * @param <T> the type of the value
   * @param future completes on any thread
   * @return the future
   */
  public static <T extends @Nullable Object> Future<T> wrapFuture(CompletableFuture<T> future) {
    return wrapFuture((CompletionStage<T>) future);
  }

  /**
   * A future of the running loop for a {@link java.util.concurrent.Future}; cancelling either
   * cancels the other, which interrupts its thread. Costs a virtual thread that waits.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param <T> the type of the value
   * @param future completes on any thread
   * @return the future
   */
  public static <T extends @Nullable Object> Future<T> wrapFuture(
      java.util.concurrent.Future<T> future) {
    return Interop.wrap(future, EventLoop.currentOrAssigned());
  }
}
