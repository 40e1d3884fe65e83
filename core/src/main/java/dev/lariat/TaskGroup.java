package dev.lariat;

import dev.lariat.internal.Failures;
import dev.lariat.internal.Unchecked;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that end together: leaving the group waits for all of them, and the first failure cancels
 * the others. Models {@code asyncio.TaskGroup}; made by {@link Asyncio#taskGroup}.
 *
 * <pre>
 *   entered    the body runs; createTask is open
 *   exiting    the body is over; tasks may still make tasks, while any is left
 *   aborting   something failed or cancel() was called: all were cancelled; createTask is closed
 * </pre>
 *
 * <p>When a child fails while the body runs, the parent is cancelled too, once; that request is
 * taken back at the end, so that a cancellation from outside is never mistaken for it.
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class TaskGroup {
  private @Nullable Consumer<Future<?>> onTaskDone;
  private final List<Task<?>> tasks = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();

  /** How many tasks have not been through {@link #taskDone}; {@link #tasks} may hold more. */
  private int unfinished;

  private @Nullable Task<?> parent;
  private @Nullable Throwable fatal;
  private @Nullable Future<@Nullable Void> allDone;
  private boolean exiting;
  private boolean aborting;
  private boolean cancelOnEntry;
  private boolean parentCancelRequested;
  private @Nullable CancelledError swallowed;

  /** Makes a group; {@link #run} enters it. */
  public TaskGroup() {}

  /**
   * Makes a task in this group. Models {@code TaskGroup.create_task}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param <T> the type of the value
   * @param coroutine the body
   * @return the task
   * @throws IllegalStateException if the group is not entered, finished, or shutting down
   */
  public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
    return createTask(TaskOptions.DEFAULT, coroutine);
  }

  /**
   * Makes a task without a value in this group.
   *
   * @param coroutine the body
   * @return the task
   */
  public Task<Void> createTask(Action coroutine) {
    return createTask(TaskOptions.DEFAULT, coroutine.toCoroutine());
  }

  /**
   * Makes a task without a value in this group, with a name, a context, an eager start.
   *
   * @param options how
   * @param coroutine the body
   * @return the task
   */
  public Task<Void> createTask(TaskOptions options, Action coroutine) {
    return createTask(options, coroutine.toCoroutine());
  }

  /**
   * Makes a task in this group, with a name, a context, an eager start.
   *
   * @param <T> the type of the value
   * @param options how
   * @param coroutine the body
   * @return the task
   */
  public <T extends @Nullable Object> Task<T> createTask(
      TaskOptions options, Coroutine<T> coroutine) {
    if (parent == null) {
      throw new IllegalStateException(this + (exiting ? " is finished" : " has not been entered"));
    }
    if (exiting && unfinished == 0) {
      throw new IllegalStateException(this + " is finished");
    }
    if (aborting) {
      throw new IllegalStateException(this + " is shutting down");
    }
    EventLoop loop = parent.loop;
    Task<T> task = loop.createTask(options, coroutine);
    forgetDoneTasks();
    tasks.add(task);
    unfinished++;
    task.addListener(
        new DoneCallback<>(
            task, Objects.requireNonNull(onTaskDone), loop.scheduler.threadContext.cell));
    if (aborting && !task.done()) {
      task.cancel(); // it started eagerly, and ended the group before the group knew of it
    }
    return task;
  }

  /** Keeps the list within twice what it must hold, at a constant cost per task. */
  private void forgetDoneTasks() {
    if (tasks.size() > 2 * unfinished + 16) {
      tasks.removeIf(Future::done);
    }
  }

  /**
   * Ends the group early and quietly: cancels its tasks and the rest of its body. Models {@code
   * TaskGroup.cancel} of 3.15. Does nothing when the group is finished or shutting down; before it
   * is entered, its body is cancelled at its first await.
   *
   * <p><i>Suspends</i>: never.
   */
  public void cancel() {
    if (parent == null) {
      cancelOnEntry = !exiting;
    } else if (!aborting && !(exiting && unfinished == 0)) {
      abort();
      cancelParent();
    }
  }

  private void abort() {
    aborting = true;
    for (Task<?> task : List.copyOf(tasks)) {
      if (!task.done()) {
        task.cancel();
      }
    }
  }

  private void cancelParent() {
    parentCancelRequested = true;
    Objects.requireNonNull(parent).cancel();
  }

  private void taskDone(Future<?> task) {
    unfinished--;
    if (allDone != null && unfinished == 0) {
      Futures.release(allDone);
    }
    Throwable error = task.cancelled() ? null : task.exception();
    if (error == null) {
      return;
    }
    errors.add(error);
    if (Diagnostics.isFatal(error) && fatal == null) {
      fatal = error;
    }
    if (!aborting && !parentCancelRequested) {
      abort();
      cancelParent();
    }
  }

  /**
   * Runs {@code body}, then waits for all tasks of the group. Models {@code async with}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; the tasks are cancelled and waited for.
   *
   * @param <T> the type of the value
   * @param body what to run, in the current task
   * @return the value of {@code body}; null if {@link #cancel} ended the group
   * @throws ExceptionGroup of what the tasks and the body threw
   * @throws IllegalStateException on a second run, or outside a task
   */
  public <T extends @Nullable Object> T run(ScopedBlock<? super TaskGroup, T, ?> body) {
    if (parent != null || exiting) {
      throw new IllegalStateException(this + " has already been entered");
    }
    parent = EventLoop.requireCurrentTask();
    onTaskDone = new AwaitingCallback<>(parent, this::taskDone);
    if (cancelOnEntry) {
      cancel();
    }
    T value = null;
    Throwable error = null;
    try {
      value = body.run(this);
    } catch (Throwable thrown) {
      if (parent.loop.scheduler.closed) {
        throw Failures.<RuntimeException>sneak(
            thrown); // all tasks are being unwound: nothing to wait for
      }
      error = thrown;
    }
    try {
      exit(parent, error);
    } finally {
      parent = null;
      onTaskDone = null;
    }
    return Unchecked.cast(value); // null only where cancel() cut the body short
  }

  private void exit(Task<?> self, @Nullable Throwable error) {
    exiting = true;
    if (error != null && Diagnostics.isFatal(error) && fatal == null) {
      fatal = error;
    }
    CancelledError cancellation = error instanceof CancelledError cancelled ? cancelled : null;
    if (error != null && !aborting) {
      abort();
    }
    cancellation = waitForTasks(self.loop, cancellation);
    if (fatal != null) {
      throw Failures.rethrow(fatal);
    }
    boolean ours = parentCancelRequested && self.uncancel() == 0;
    if (errors.isEmpty() && !ours) {
      if (cancellation == null && parentCancelRequested) {
        cancellation = swallowed; // beside our own request there was one from outside
      }
      if (cancellation != null) {
        throw cancellation;
      }
      if (error instanceof GeneratorExit closing) {
        throw closing;
      }
    }
    if (error != null && !(error instanceof CancelledError)) {
      errors.add(error);
    }
    if (!errors.isEmpty()) {
      if (self.cancelling() > 0) { // somebody else's request, which the errors outrank: ask again
        self.uncancel();
        self.cancel();
      }
      throw new ExceptionGroup("unhandled errors in a TaskGroup", errors);
    }
  }

  /** Waits until none is left, whatever happens meanwhile; returns the cancellation to pass on. */
  private @Nullable CancelledError waitForTasks(EventLoop loop, @Nullable CancelledError before) {
    CancelledError cancellation = before;
    while (unfinished > 0) {
      Future<@Nullable Void> waiter = loop.createFuture();
      allDone = waiter;
      try {
        waiter.await();
      } catch (CancelledError cancelled) {
        swallowed = cancelled;
        if (!aborting) {
          cancellation = cancelled;
          abort();
        }
      }
      allDone = null;
    }
    tasks.clear();
    return cancellation;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("TaskGroup[");
    text.append(aborting ? "cancelling" : exiting ? "exiting" : parent != null ? "entered" : "new");
    if (unfinished > 0) {
      text.append(" tasks=").append(unfinished);
    }
    if (!errors.isEmpty()) {
      text.append(" errors=").append(errors.size());
    }
    return text.append(']').toString();
  }
}
