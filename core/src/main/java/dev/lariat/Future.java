package dev.lariat;

import dev.lariat.context.Context;
import dev.lariat.internal.Failures;
import dev.lariat.internal.Unchecked;
import dev.lariat.internal.context.ContextAccess;
import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.context.ContextSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A value that will be there later. Tasks await it; callbacks may be added. Models {@code
 * asyncio.Future}.
 *
 * <pre>
 *   state      outcome                    left by
 *   PENDING    null                       setResult, setException, cancel: once, and never back
 *   FINISHED   the value
 *   FAILED     a Failure (the exception, and whether anybody retrieved it)
 *   CANCELLED  a CancelledError to throw, or the message for one, or null
 * </pre>
 *
 * <p>While pending, {@code callbacks} holds whom to tell, in order of arrival: null, one {@link
 * Task} or {@link DoneCallback}, or a list of them. On completion they go into the loop's ready
 * queue as they are; nothing is ever called from inside {@code setResult}.
 *
 * <p><i>Thread</i>: the loop's, for every method.
 *
 * @param <T> the type of the value
 */
public class Future<T extends @Nullable Object> implements Awaitable<T> {
  private static final byte PENDING = 0;
  private static final byte FINISHED = 1;
  private static final byte FAILED = 2;
  private static final byte CANCELLED = 3;

  final EventLoop loop;
  private @Nullable Object outcome;
  private @Nullable Object callbacks;
  private byte state;

  /**
   * A task that once awaited itself fails everybody who awaits it while it is pending, as in
   * CPython.
   */
  boolean awaitedByItself;

  /**
   * Makes a pending future. Prefer {@link EventLoop#createFuture}.
   *
   * @param loop the loop it belongs to
   */
  @SuppressWarnings("this-escape") // debug mode files the future under its identity, nothing more
  protected Future(EventLoop loop) {
    this.loop = Objects.requireNonNull(loop, "loop");
    loop.diagnostics.noteSource(this);
  }

  // -- the outcome -------------------------------------------------------------------------------

  /** {@return whether there is an outcome: a value, an exception or a cancellation} */
  public final boolean done() {
    return state != PENDING;
  }

  /** {@return whether this was cancelled} */
  public final boolean cancelled() {
    return state == CANCELLED;
  }

  /**
   * The outcome of a future that is done. Models {@code Future.result}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @return the value
   * @throws InvalidStateException if this is not done
   * @throws CancelledError if this was cancelled
   * @throws CompletionException with the cause that this failed with, if that is a checked
   *     exception; an unchecked one is thrown as it is
   */
  public final T result() {
    if (state == FINISHED) {
      return Unchecked.cast(outcome);
    }
    throw Failures.rethrow(failure("Result is not set."));
  }

  /**
   * The exception of a future that is done. Models {@code Future.exception}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @return the exception, or null if there is a value
   * @throws InvalidStateException if this is not done
   * @throws CancelledError if this was cancelled
   */
  public final @Nullable Throwable exception() {
    if (state == FINISHED) {
      return null;
    }
    Throwable failure = failure("Exception is not set.");
    if (state == FAILED) {
      return failure;
    }
    throw Failures.rethrow(failure);
  }

  /** Marks a failure as seen, as reading it would. */
  final void noteRetrieved() {
    if (state == FAILED) {
      failure("");
    }
  }

  /** Whether awaiting this throws a {@link CancelledError}. */
  final boolean endsInCancellation() {
    return state == CANCELLED || peekException() instanceof CancelledError;
  }

  /** The exception, without marking it as seen; null if there is none. */
  final @Nullable Throwable peekException() {
    return outcome instanceof Diagnostics.Failure failure && state == FAILED
        ? failure.exception
        : null;
  }

  private Throwable failure(String pending) {
    return switch (state) {
      case FAILED -> ((Diagnostics.Failure) Objects.requireNonNull(outcome)).retrieve();
      case CANCELLED -> makeCancelledError();
      default -> new InvalidStateException(pending);
    };
  }

  /**
   * The error that says this was cancelled: the one that escaped the task, the first time; then new
   * ones, with the message of {@link #cancel(String)} if it was that which cancelled this.
   */
  final CancelledError makeCancelledError() {
    if (outcome instanceof CancelledError error) {
      outcome = null;
      return error;
    }
    return new CancelledError(cancelMessage());
  }

  final @Nullable String cancelMessage() {
    if (state != CANCELLED) {
      return pendingCancelMessage();
    }
    return outcome instanceof String message ? message : null;
  }

  /** The message of the last request to cancel that is not the outcome. */
  @Nullable String pendingCancelMessage() {
    return null;
  }

  /**
   * Waits until this is done, and gives the outcome; at once if it is done already. Models {@code
   * await future}.
   *
   * <p><i>Suspends</i>: unless done. <i>Cancellable</i>: yes; that cancels this future too.
   *
   * @return the value
   * @throws CancelledError if this or the waiting task was cancelled
   * @throws CompletionException as {@link #result} does
   * @throws IllegalStateException outside a task; in a task of another loop; by a task of itself
   */
  @Override
  public T await() {
    if (state == PENDING) {
      awaitingTask().awaitOn(this);
    }
    return result();
  }

  private Task<?> awaitingTask() {
    Scheduler scheduler = loop.scheduler;
    Task<?> task = scheduler.current;
    return task != null && scheduler.isLoopThread() ? task : EventLoop.requireCurrentTask();
  }

  // -- completion --------------------------------------------------------------------------------

  /**
   * Completes this with a value. Models {@code Future.set_result}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param value the value
   * @throws InvalidStateException if this is done
   */
  public void setResult(T value) {
    complete(FINISHED, value);
  }

  /**
   * Completes this with an exception. Models {@code Future.set_exception}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param exception what waiting tasks will be thrown
   * @throws InvalidStateException if this is done
   */
  public void setException(Throwable exception) {
    Objects.requireNonNull(exception, "exception");
    complete(FAILED, exception);
  }

  /**
   * Cancels this. Models {@code Future.cancel}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @return false if this is done already
   */
  public final boolean cancel() {
    return cancel(null);
  }

  /**
   * Cancels this, with a message for the {@link CancelledError}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param message the message, or null
   * @return false if this is done already
   */
  public boolean cancel(@Nullable String message) {
    if (state != PENDING) {
      noteRetrieved(); // asking to cancel counts as looking
      return false;
    }
    complete(CANCELLED, message);
    return true;
  }

  /** For a task whose body is over: keeps what it came to until that is made the outcome. */
  final void keepValue(@Nullable Object value) {
    outcome = value;
  }

  final @Nullable Object takeKept() {
    Object kept = outcome;
    outcome = null;
    return kept;
  }

  final void completeCancelled(CancelledError error) {
    complete(CANCELLED, error);
  }

  final void completeFailed(Throwable error) {
    complete(FAILED, error);
  }

  final void completeFinished(@Nullable Object value) {
    complete(FINISHED, value);
  }

  private void complete(byte newState, @Nullable Object newOutcome) {
    if (state != PENDING) {
      throw new InvalidStateException("The outcome is already set: " + this);
    }
    Scheduler scheduler = loop.scheduler;
    scheduler.checkThread();
    state = newState;
    outcome = newOutcome;
    Object told = callbacks;
    callbacks = null;
    if (newState == FAILED) {
      Throwable exception = (Throwable) Objects.requireNonNull(newOutcome);
      outcome = loop.diagnostics.track(this, exception, told != null);
    }
    if (told != null) {
      tell(told, scheduler);
    }
  }

  /** See {@link EventLoop#prefetch}. */
  final int prefetch() {
    TaskFiber stack = callbacks instanceof Task<?> task ? task.fiber : null;
    return stack == null || stack.isDone() ? 0 : stack.task.slot;
  }

  private static void tell(Object told, Scheduler scheduler) {
    if (scheduler.closed) {
      if (scheduler.thread == null) {
        throw Misuse.closed();
      }
      return; // the loop is closing; whoever waits is being unwound as well
    }
    if (told instanceof List<?> list) {
      for (Object one : list) {
        scheduler.makeReady(one);
      }
    } else {
      scheduler.makeReady(told);
    }
  }

  /** Ends a future of a closed loop, telling nobody. */
  final void abandon() {
    callbacks = null;
    if (state == PENDING) {
      state = CANCELLED;
      outcome = "the event loop was closed";
    }
  }

  // -- whom to tell ------------------------------------------------------------------------------

  /**
   * Has {@code callback} called, through the loop, when this is done; soon, if it is done already.
   * Models {@code Future.add_done_callback}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param callback gets this future; runs in a copy of the current context
   */
  public final void addDoneCallback(Consumer<? super Future<T>> callback) {
    loop.scheduler.check();
    add(callback, loop.scheduler.contextValues());
  }

  /**
   * Has {@code callback} called, as {@link #addDoneCallback(Consumer)} does, in a given context.
   *
   * @param callback gets this future
   * @param context the context it runs in
   */
  public final void addDoneCallback(Consumer<? super Future<T>> callback, Context context) {
    loop.scheduler.check();
    add(callback, ContextAccess.cell(context));
  }

  private void add(Consumer<? super Future<T>> callback, ContextSource context) {
    addListener(new DoneCallback<>(this, Objects.requireNonNull(callback, "callback"), context));
  }

  /** Adds a {@link Task} to be stepped or a {@link DoneCallback} to be run. */
  @SuppressWarnings("unchecked")
  final void addListener(Object listener) {
    Object told = callbacks;
    if (state != PENDING) {
      tell(listener, loop.scheduler);
    } else if (told == null) {
      callbacks = listener;
    } else if (told instanceof ArrayList<?> list) {
      ((ArrayList<Object>) list).add(listener);
    } else {
      ArrayList<Object> list = new ArrayList<>(4);
      list.add(told);
      list.add(listener);
      callbacks = list;
    }
  }

  /**
   * Removes a callback, however often it was added. Models {@code Future.remove_done_callback}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param callback equal to the one that was added
   * @return how many were removed
   */
  public final int removeDoneCallback(Consumer<? super Future<T>> callback) {
    Objects.requireNonNull(callback, "callback");
    loop.scheduler.checkThread();
    return removeListeners(
        listener -> listener instanceof DoneCallback<?> done && done.callback.equals(callback));
  }

  final int removeListeners(java.util.function.Predicate<Object> which) {
    Object told = callbacks;
    if (told instanceof ArrayList<?> list) {
      List<Object> kept = new ArrayList<>(); // apart: a callback's equals may do anything
      for (Object one : list.toArray()) {
        if (!which.test(one)) {
          kept.add(one);
        }
      }
      int removed = list.size() - kept.size();
      if (callbacks == told) {
        callbacks = kept.isEmpty() ? null : kept;
      }
      return removed;
    }
    if (told != null && which.test(told)) {
      callbacks = null;
      return 1;
    }
    return 0;
  }

  /**
   * The tasks that wait for this: those that await it, and those that wait for it in a task group,
   * {@code gather}, {@code wait} or {@code shield}. Models the edges of asyncio's call graph.
   *
   * <p><i>Suspends</i>: never.
   *
   * @return a snapshot; empty once this is done
   */
  public final Set<Task<?>> awaitedBy() {
    Object told = callbacks;
    if (told == null) {
      return Set.of();
    }
    Set<Task<?>> tasks = new LinkedHashSet<>();
    for (Object listener : told instanceof List<?> list ? list : List.of(told)) {
      if (listener instanceof Task<?> task) {
        tasks.add(task);
      } else if (((DoneCallback<?>) listener).callback instanceof AwaitingCallback<?> awaiting) {
        tasks.add(awaiting.task());
      }
    }
    return tasks;
  }

  // -- the rest ----------------------------------------------------------------------------------

  /** {@return the loop this belongs to} */
  public final EventLoop getLoop() {
    return loop;
  }

  /**
   * A {@link CompletableFuture} of the same outcome; cancelling either cancels the other. Models
   * {@code asyncio.wrap_future} in reverse.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: the loop's for this call; any for the result.
   *
   * @return a new future for other threads; a cancelled one is a {@link
   *     java.util.concurrent.CancellationException}
   */
  public final CompletableFuture<T> toCompletableFuture() {
    return Interop.toCompletableFuture(this);
  }

  /** The context of a task; a plain future has none. */
  @Nullable ContextCell contextCell() {
    return null;
  }

  /** What a report calls this once it is gone. */
  String label() {
    return "Future";
  }

  @Nullable Throwable source() {
    return loop.diagnostics.sourceOf(this);
  }

  /** {@return the kind, the state and the outcome, and how many wait} */
  @Override
  public String toString() {
    return describe(getClass().getSimpleName()) + Diagnostics.createdAt(source());
  }

  /** The state alone, for the text of something that refers to this. */
  final String brief() {
    String name = this instanceof Task<?> task ? "[" + task.getName() + "]" : "";
    return getClass().getSimpleName() + name + (done() ? " done" : " pending");
  }

  final String describe(String who) {
    StringBuilder text = new StringBuilder(who);
    switch (state) {
      case FINISHED -> text.append(" finished result=").append(Diagnostics.shortText(outcome));
      case FAILED -> text.append(" finished exception=").append(exceptionText());
      case CANCELLED -> text.append(" cancelled");
      default -> text.append(" pending");
    }
    Object told = callbacks;
    if (told != null) {
      text.append(" cb=")
          .append(told instanceof List<?> list ? list.size() + " callbacks" : "1 callback");
    }
    return text.toString();
  }

  private String exceptionText() {
    return outcome instanceof Diagnostics.Failure failure
        ? failure.exception.toString()
        : String.valueOf(outcome);
  }
}
