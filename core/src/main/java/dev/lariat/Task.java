package dev.lariat;

import dev.lariat.context.Context;
import dev.lariat.host.Pace;
import dev.lariat.internal.context.ContextAccess;
import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.coroutine.Fiber;
import dev.lariat.internal.coroutine.HeldMonitors;
import dev.lariat.internal.coroutine.ScopedBindings;
import dev.lariat.internal.coroutine.StackRoom;
import dev.lariat.internal.coroutine.SuspensionException;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
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
 *   yielding (sleep zero)   set     itself   yes
 *   done                    null    null     no
 * </pre>
 *
 * <p>Cancelling a task cancels the future it waits for, and so on inwards; the innermost thing
 * learns it first. Where there is no such future, or it is done already, {@code mustCancel} is set,
 * and the next step throws. One request is thrown once.
 *
 * <p>A task saves its own context and scoped values when it suspends, and restores them when it
 * goes on: so the loop has nothing to swap. They are kept in fields, because a word on the stack
 * costs more heap than one here.
 *
 * @param <T> the type of the value
 */
public class Task<T extends @Nullable Object> extends Future<T> {
  private static final AtomicInteger UNNAMED = new AtomicInteger();

  private @Nullable Coroutine<? extends T> coroutine;
  private final ContextCell context;

  /**
   * The current context of a suspended task: another than {@link #context} only inside Context.run.
   */
  private ContextCell cell;

  /** The scoped values to start with, and those of a suspended task. */
  private @Nullable Object bindings;

  /** Where the registry holds this. */
  final int slot;

  /** The stack of a task that has started and is not done. */
  @Nullable TaskFiber fiber;

  private @Nullable Future<?> waiter;

  private @Nullable String name;

  /** What an unnamed task is called by. */
  private final int number;

  private @Nullable String cancelMessage;
  private int cancelRequests;
  private boolean mustCancel;

  /** Says when a step may be taken; null is in turn. */
  private @Nullable Pacing pacing;

  /** Nobody else knows of this, and it is not reported when its loop closes. */
  boolean silent;

  /** Nobody may ever await this, and its failure is told at once. */
  final boolean startedByToolkit;

  /** What a body that threw came to. */
  private record Thrown(Throwable error) {}

  /**
   * Makes and schedules a task; for task factories. Others use {@link EventLoop#createTask}.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: the loop's.
   *
   * @param loop the loop
   * @param coroutine the body
   * @param options name, context, eager start
   */
  @SuppressWarnings("this-escape") // the loop steps the task later; or eagerly, last of all
  public Task(EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options) {
    super(loop);
    this.coroutine = Objects.requireNonNull(coroutine, "coroutine");
    Scheduler scheduler = loop.scheduler;
    scheduler.check();
    boolean eager = Boolean.TRUE.equals(options.eagerStart()) && scheduler.isLoopThread();
    if (eager) {
      StackRoom.require(); // now, while nothing refers to this
    }
    name = options.name();
    number = name == null ? UNNAMED.incrementAndGet() : 0;
    Context shared = options.context();
    context = shared == null ? scheduler.contextValues().toCell() : ContextAccess.cell(shared);
    cell = context;
    bindings = ScopedBindings.capture();
    startedByToolkit = scheduler.turns != null && scheduler.turns.inToolkit();
    slot = scheduler.tasks.add(this);
    Task<?> creator = scheduler.current;
    pacing = creator == null || creator.pacing == null ? null : creator.pacing.of(this);
    if (scheduler.locals != null) {
      scheduler.locals.created(this);
    }
    if (eager) {
      scheduler.startEagerly(this);
    } else {
      scheduler.makeReady(this);
    }
  }

  // -- running -----------------------------------------------------------------------------------

  /** The body, on its fiber; keeps what it came to for {@link #finish}. */
  final void runBody() {
    loop.scheduler.threadContext.cell = cell;
    try {
      throwIfCancelled();
      keepValue(Objects.requireNonNull(coroutine).run());
    } catch (Throwable error) {
      keepError(error);
    }
  }

  final @Nullable Object scopedValues() {
    return bindings;
  }

  private void keepError(Throwable error) {
    keepValue(new Thrown(error));
  }

  /** Completes this with what its body came to. */
  final void finish() {
    Object kept = takeKept();
    coroutine = null;
    fiber = null;
    if (kept instanceof Thrown(Throwable error)) {
      finishWithError(error);
    } else if (loop.scheduler.closed) {
      abandon();
    } else if (mustCancel) {
      mustCancel = false;
      super.cancel(cancelMessage);
    } else {
      completeFinished(kept);
    }
  }

  private void finishWithError(Throwable error) {
    Scheduler scheduler = loop.scheduler;
    if (scheduler.closed) {
      abandon();
      if (!(error instanceof GeneratorExit) && !(error instanceof CancelledError)) {
        loop.diagnostics.report(
            ExceptionContext.of(
                "Exception while a task was being closed with its loop", error, this));
      }
    } else if (error instanceof CancelledError cancelled) {
      completeCancelled(cancelled);
    } else {
      completeFailed(error);
      if (Diagnostics.isFatal(error)) {
        scheduler.raise(error);
      }
    }
  }

  final void throwIfCancelled() {
    if (mustCancel) {
      mustCancel = false;
      throw new CancelledError(cancelMessage);
    }
  }

  // -- waiting -----------------------------------------------------------------------------------

  /**
   * Waits until {@code future} is done or this is cancelled. Called by this task, for a pending
   * future. Its frame, too, is part of every suspended task.
   */
  final void awaitOn(Future<?> future) {
    try {
      prepareToWait(future);
      Fiber.suspend();
    } catch (SuspensionException pinned) {
      future.removeListeners(listener -> listener == this);
      loop.scheduler.unready(this);
      stopWaiting(future);
      throw pinned;
    } catch (Throwable overflow) { // no room to undo more: see mayResume
      stopWaiting(future);
      throw overflow;
    }
    awake();
  }

  /**
   * After an await that failed: a request to cancel that went to {@code future} is this task's
   * again.
   */
  private void stopWaiting(Future<?> future) {
    mustCancel |= waiter == future && future.cancelled();
    waiter = null;
  }

  private void prepareToWait(Future<?> future) {
    if (future.awaitedByItself) {
      throw new IllegalStateException(
          "Cannot await " + future + ": it awaits itself, and will not end");
    }
    if (future == this || future.loop != loop) {
      refuse(future);
    }
    checkMaySuspend();
    future.addListener(this);
    waiter = future;
    if (mustCancel && future.cancel(cancelMessage)) {
      mustCancel = false;
    }
    save();
  }

  private void awake() {
    Future<?> future = Objects.requireNonNull(waiter);
    waiter = null;
    restore();
    throwIfClosed();
    if (mustCancel && !future.endsInCancellation()) {
      future.noteRetrieved(); // the wake-up has seen its outcome, though the body will not
      throwIfCancelled();
    }
    mustCancel = false;
  }

  /** Lets everything else that is ready run first: one iteration of the loop. */
  final void yieldOnce() {
    checkMaySuspend();
    try {
      loop.scheduler.makeReady(this);
      waiter = this;
      save();
      Fiber.suspend();
    } catch (SuspensionException pinned) {
      loop.scheduler.unready(this);
      waiter = null;
      throw pinned;
    } catch (Throwable overflow) {
      waiter = null;
      throw overflow;
    }
    waiter = null;
    restore();
    throwIfClosed();
    throwIfCancelled();
  }

  /**
   * Whether a wake-up is meant for this task as it is now, and its pace has nothing against it. One
   * may come late: from a future whose await failed half way, and so left its listener behind.
   */
  final boolean mayResume() {
    Future<?> waitsFor = waiter;
    boolean meant =
        waitsFor == null
            ? fiber == null && !done()
            : waitsFor == this || waitsFor.done() || loop.scheduler.closed;
    return meant && (pacing == null || !pacing.holdsBack());
  }

  /** Throws from the await, but one iteration later, as asyncio does. */
  private void refuse(Future<?> future) {
    future.awaitedByItself = future == this;
    yieldOnce();
    throw future == this ? Misuse.awaitsItself(this) : Misuse.otherLoop(this, future);
  }

  private void checkMaySuspend() {
    if (loop.scheduler.closed) {
      throw Misuse.closing();
    }
    if (loop.scheduler.turns != null) {
      loop.scheduler.turns.checkMayAwait();
    }
    if (loop.scheduler.debug) {
      HeldMonitors.check();
    }
  }

  // Comparing first saves the collector's write barrier, which is most of what a store costs.

  private void save() {
    ContextCell currentCell = loop.scheduler.threadContext.cell;
    if (cell != currentCell) {
      cell = currentCell;
    }
    Object currentBindings = ScopedBindings.get(Thread.currentThread());
    if (bindings != currentBindings) {
      bindings = currentBindings;
    }
  }

  private void restore() {
    loop.scheduler.threadContext.cell = cell;
    Thread thread = Thread.currentThread();
    if (ScopedBindings.get(thread) != bindings) {
      ScopedBindings.set(thread, bindings);
    }
  }

  /** The loop is closing, and this task with it: its await throws, and it unwinds. */
  private void throwIfClosed() {
    if (loop.scheduler.closed) {
      throw new GeneratorExit();
    }
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
    loop.scheduler.checkThread();
    if (done()) {
      return super.cancel(message);
    }
    cancelRequests++;
    if (waiter != null && waiter != this && waiter.cancel(message)) {
      return true;
    }
    mustCancel = true;
    cancelMessage = message;
    Modal.noteCancelled(this, loop.scheduler.modal);
    return true;
  }

  /**
   * Takes one request to cancel back, as a scope does that asked for it itself. Models {@code
   * Task.uncancel}.
   *
   * @return how many requests are left
   */
  public final int uncancel() {
    loop.scheduler.checkThread();
    if (cancelRequests > 0) {
      cancelRequests--;
      if (cancelRequests == 0) {
        mustCancel = false;
      }
    }
    return cancelRequests;
  }

  /**
   * {@return how many requests to cancel there are, less those taken back; models {@code
   * Task.cancelling}}
   */
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
    throw new IllegalStateException(
        "Task does not support setResult: its value is what its coroutine returns");
  }

  /**
   * Not for tasks: their exception is that of their coroutine.
   *
   * @throws IllegalStateException always
   */
  @Override
  public final void setException(Throwable exception) {
    throw new IllegalStateException(
        "Task does not support setException: its exception is what its coroutine throws");
  }

  /**
   * Has {@code pace} say when each further step of this may be taken; a step that is held back is
   * in nobody's way. No function of asyncio does this; PyGObject's {@code set_priority} comes near.
   *
   * <p>Tasks that this task creates from now on begin with the same pace: work that is held back is
   * so with all its parts. The callbacks that it schedules are not.
   *
   * @param pace the pace, or null to take steps in turn
   */
  public final void setPace(@Nullable Pace pace) {
    loop.scheduler.checkThread();
    pacing = pace == null ? null : new Pacing(this, pace);
  }

  /** {@return the name} */
  public final String getName() {
    return name == null ? "Task-" + number : name;
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

  @Override
  final ContextCell contextCell() {
    return context;
  }

  @Override
  final String label() {
    return "Task " + getName();
  }

  @Override
  public String toString() {
    String text = describe(getClass().getSimpleName() + "[" + getName() + "]");
    if (waiter != null && waiter != this) {
      text += " wait_for=[" + waiter.brief() + "]";
    }
    if (Modal.isBeneath(this, loop.scheduler.modal)) {
      text += " beneath a modal dialog";
    }
    if (cancelRequests > 0 && !done()) {
      text += " cancelling";
    }
    return text + Diagnostics.createdAt(source());
  }
}
