package dev.lariat;

import dev.lariat.context.Context;
import dev.lariat.internal.Failures;
import dev.lariat.internal.context.ContextAccess;
import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.coroutine.Fiber;
import dev.lariat.internal.coroutine.HeldMonitors;
import dev.lariat.internal.coroutine.ScopedBindings;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine on its way: runs on the loop's thread, a step at a time, from one await to the next.
 * Models {@code asyncio.Task}.
 *
 * <pre>
 *   where it is             fiber   waiter   in the ready queue
 *   not started             null    null     yes (unless eager)
 *   running                 set     null     no
 *   waiting for a future    set     set      no: it is that future's listener
 *   about to be resumed     set     set      yes: the future is done, or was cancelled
 *   yielding (sleep zero)   set     null     yes
 *   done                    null    null     no
 * </pre>
 *
 * <p>Cancelling a task cancels the future it waits for, and so on inwards; the innermost thing
 * learns it first. Where there is no such future, or it is done already, {@code mustCancel} is set,
 * and the next step throws. One request is thrown once.
 *
 * <p>The context and the scoped values of a suspended task are kept on its own stack, in {@link
 * #suspend}: so nothing has to be swapped by the loop.
 *
 * @param <T> the type of the value
 */
public class Task<T extends @Nullable Object> extends Future<T> {
  private static final AtomicLong UNNAMED = new AtomicLong();

  private @Nullable Coroutine<? extends T> coroutine;
  private final ContextCell context;
  private final int slot;

  /** The stack of a task that has started and is not done. */
  @Nullable Fiber<Task<?>> fiber;

  private @Nullable Future<?> waiter;

  /** A name given by the user, or the number of an unnamed task. */
  private Object name;

  /** Scoped values to start with; null once started. */
  private @Nullable Object bindings;

  /** To be thrown by the next step. */
  private @Nullable Throwable toThrow;

  private @Nullable String cancelMessage;
  private int cancelRequests;
  private boolean mustCancel;
  private boolean silent;

  /**
   * Makes and schedules a task; for task factories. Others use {@link EventLoop#createTask}.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: the loop's.
   *
   * @param loop the loop
   * @param coroutine the body
   * @param options name, context, eager start
   */
  @SuppressWarnings("this-escape") // the loop is given the task, and steps it later; or eagerly, last of all
  public Task(EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options) {
    super(loop);
    this.coroutine = Objects.requireNonNull(coroutine, "coroutine");
    Scheduler scheduler = loop.scheduler;
    scheduler.check();
    String given = options.name();
    name = given == null ? (Object) UNNAMED.incrementAndGet() : given;
    Context shared = options.context();
    context = shared == null ? scheduler.copyContext() : ContextAccess.cell(shared);
    bindings = ScopedBindings.capture();
    slot = scheduler.tasks.add(this);
    if (Boolean.TRUE.equals(options.eagerStart()) && scheduler.isLoopThread()) {
      scheduler.startEagerly(this);
    } else {
      scheduler.makeReady(this);
    }
  }

  // -- running -----------------------------------------------------------------------------------

  /** The whole life of the task, on its fiber. Lets no exception out. */
  final void runOn(Fiber<Task<?>> newFiber) {
    Scheduler scheduler = loop.scheduler;
    fiber = newFiber;
    scheduler.threadContext.cell = context;
    newFiber.enterBindings(Thread.currentThread(), bindings);
    bindings = null;
    try {
      throwIfCancelled();
      T value = Objects.requireNonNull(coroutine).run();
      if (scheduler.closed) {
        abandon();
      } else if (mustCancel) {
        mustCancel = false;
        super.cancel(cancelMessage);
      } else {
        completeFinished(value);
      }
    } catch (Throwable error) {
      end(error, scheduler);
    }
    coroutine = null;
    fiber = null;
    scheduler.tasks.remove(slot);
  }

  private void end(Throwable error, Scheduler scheduler) {
    if (scheduler.closed) {
      abandon();
      if (!(error instanceof GeneratorExit) && !(error instanceof CancelledError)) {
        loop.diagnostics.report(
            ExceptionContext.of("Exception while a task was being closed with its loop", error, this));
      }
    } else if (error instanceof CancelledError cancelled) {
      completeCancelled(cancelled);
    } else {
      completeFailed(error);
      if (Scheduler.isFatal(error)) {
        scheduler.raise(error);
      }
    }
  }

  private void throwIfCancelled() {
    if (mustCancel) {
      mustCancel = false;
      throw new CancelledError(cancelMessage);
    }
  }

  // -- waiting -----------------------------------------------------------------------------------

  /** Waits until {@code future} is done or this is cancelled. Called by this task, for a pending future. */
  final void awaitOn(Future<?> future) {
    if (future.awaitedByItself) {
      throw new IllegalStateException("Cannot await " + future + ": it awaits itself, and will not end");
    }
    if (future == this) {
      awaitedByItself = true;
      refuse(new IllegalStateException("Task cannot await on itself: " + this));
    }
    if (future.loop != loop) {
      refuse(
          new IllegalStateException(
              this + " got " + future + ", which is attached to a different loop;"
                  + " use Asyncio.runCoroutineThreadsafe and await its result"));
    }
    checkMaySuspend();
    try {
      future.addListener(this);
      waiter = future;
      if (mustCancel && future.cancel(cancelMessage)) {
        mustCancel = false;
      }
      suspend();
    } catch (Throwable notSuspended) { // pinned; or a cycle of cancels overflowed the stack
      future.removeListeners(listener -> listener == this);
      loop.scheduler.unready(this);
      waiter = null;
      throw notSuspended;
    }
    waiter = null;
    throwPending();
    if (mustCancel && !future.cancelled()) {
      future.noteRetrieved(); // the wake-up has seen its outcome, though the body will not
      throwIfCancelled();
    }
    mustCancel = false;
  }

  /** Lets everything else that is ready run first: one iteration of the loop. */
  final void yieldOnce() {
    checkMaySuspend();
    loop.scheduler.makeReady(this);
    try {
      suspend();
    } catch (Throwable notSuspended) {
      loop.scheduler.unready(this);
      throw notSuspended;
    }
    throwPending();
    throwIfCancelled();
  }

  /** Throws {@code error} from the await, one iteration later, as asyncio does. */
  private void refuse(RuntimeException error) {
    yieldOnce();
    throw error;
  }

  private void checkMaySuspend() {
    if (loop.scheduler.closed) {
      throw new IllegalStateException(
          "Cannot await while the event loop closes: a finally block of a task that was still"
              + " suspended can only do what needs no waiting");
    }
    if (loop.scheduler.debug) {
      HeldMonitors.check();
    }
  }

  private void suspend() {
    Scheduler scheduler = loop.scheduler;
    ContextCell cell = scheduler.threadContext.cell;
    Object scoped = ScopedBindings.get(Thread.currentThread());
    Fiber.suspend();
    scheduler.threadContext.cell = cell;
    ScopedBindings.set(Thread.currentThread(), scoped);
  }

  private void throwPending() {
    if (toThrow != null) {
      Throwable error = toThrow;
      toThrow = null;
      throw Failures.<RuntimeException>sneak(error);
    }
  }

  /** Makes the next step unwind the task; the loop is closing. */
  final void exit() {
    toThrow = new GeneratorExit();
  }

  // -- cancellation ------------------------------------------------------------------------------

  /**
   * Asks the task to stop: a {@link CancelledError} is thrown where it waits. Models {@code
   * Task.cancel}.
   *
   * <p>Each call throws once; what the task does about it is up to the task. A task that has not
   * started never will.
   *
   * <p><i>Suspends</i>: never; the task ends later. <i>Thread</i>: the loop's.
   *
   * @param message a message for the error, or null
   * @return false if the task is done already
   */
  @Override
  public boolean cancel(@Nullable String message) {
    if (done()) {
      return super.cancel(message);
    }
    loop.scheduler.checkThread();
    cancelRequests++;
    if (waiter != null && waiter.cancel(message)) {
      return true;
    }
    mustCancel = true;
    cancelMessage = message;
    return true;
  }

  /**
   * Takes one request to cancel back, as a scope does that asked for it itself. Models {@code
   * Task.uncancel}.
   *
   * @return how many requests are left
   */
  public final int uncancel() {
    if (cancelRequests > 0) {
      cancelRequests--;
      if (cancelRequests == 0) {
        mustCancel = false;
      }
    }
    return cancelRequests;
  }

  /** {@return how many requests to cancel there are, less those taken back; models {@code Task.cancelling}} */
  public final int cancelling() {
    return cancelRequests;
  }

  // -- what a task has beside a future -----------------------------------------------------------

  /**
   * Not for tasks: their value is that of their coroutine.
   *
   * @throws IllegalStateException always
   */
  @Override
  public final void setResult(T value) {
    throw new IllegalStateException("Task does not support setResult: its value is what its coroutine returns");
  }

  /**
   * Not for tasks: their exception is that of their coroutine.
   *
   * @throws IllegalStateException always
   */
  @Override
  public final void setException(Throwable exception) {
    throw new IllegalStateException("Task does not support setException: its exception is what its coroutine throws");
  }

  /** {@return the name} */
  public final String getName() {
    return name instanceof Long number ? "Task-" + number : (String) name;
  }

  /**
   * Names the task. Models {@code Task.set_name}.
   *
   * @param newName the name
   */
  public final void setName(String newName) {
    name = Objects.requireNonNull(newName, "newName");
  }

  /** {@return the body; null when the task is done} */
  public final @Nullable Coroutine<? extends T> getCoro() {
    return coroutine;
  }

  /** {@return the context the task runs in} */
  public final Context getContext() {
    return ContextAccess.context(context);
  }

  /**
   * The stack of the task: where it waits, or runs, or where its exception came from. Models {@code
   * Task.get_stack}; but it is the whole stack, innermost frame first.
   *
   * @return the frames; empty for a task that has not started or that ended without an exception
   */
  public final List<StackTraceElement> getStack() {
    return TaskStacks.stack(this);
  }

  /**
   * Prints the stack of the task. Models {@code Task.print_stack}.
   *
   * @param out where to
   */
  public final void printStack(PrintStream out) {
    out.println("Stack for " + this + (fiber == null && !done() ? " (not started)" : ""));
    getStack().forEach(frame -> out.println("  at " + frame));
  }

  @Override
  final @Nullable String pendingCancelMessage() {
    return cancelMessage;
  }

  final ContextCell contextCell() {
    return context;
  }

  final @Nullable Future<?> waitsFor() {
    return waiter;
  }

  /** A task that nobody else knows of is not reported when its loop closes. */
  final void silence() {
    silent = true;
  }

  final boolean reportsDestroyed() {
    return !silent;
  }

  @Override
  final String label() {
    return "Task " + getName();
  }

  @Override
  public String toString() {
    String text = describe(getClass().getSimpleName() + "[" + getName() + "]");
    if (waiter != null) {
      text += " wait_for=[" + waiter.describe(waiter.getClass().getSimpleName()) + "]";
    }
    if (cancelRequests > 0 && !done()) {
      text += " cancelling";
    }
    Throwable source = source();
    return source == null ? text : text + " created at " + source.getStackTrace()[0];
  }
}
