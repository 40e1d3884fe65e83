package dev.lariat;

import dev.lariat.internal.coroutine.Fiber;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a task in which somebody else's main loop runs on its stack: a modal dialog's. The
 * task cannot suspend there, or it would take that main loop along.
 *
 * <p>Those of one loop are a stack, {@link Scheduler#modal}: nested main loops end last in, first
 * out.
 */
final class Modal {
  private final Task<?> task;
  private final @Nullable Runnable dismiss;
  private final @Nullable Modal outer;

  private Modal(Task<?> task, @Nullable Runnable dismiss, @Nullable Modal outer) {
    this.task = task;
    this.dismiss = dismiss;
    this.outer = outer;
  }

  /** Runs {@code body} outside any task. */
  static <T extends @Nullable Object, E extends Exception> T run(
      Block<T, E> body, @Nullable Runnable dismiss) throws E {
    EventLoop loop = EventLoop.running();
    Task<?> task = loop == null ? null : loop.scheduler.current;
    if (loop == null || task == null) {
      return body.run();
    }
    if (dismiss != null) {
      task.throwIfCancelled();
    }
    T value = beneath(loop.scheduler, new Modal(task, dismiss, loop.scheduler.modal), body);
    if (dismiss != null) {
      task.throwIfCancelled();
    }
    return value;
  }

  private static <T extends @Nullable Object, E extends Exception> T beneath(
      Scheduler scheduler, Modal modal, Block<T, E> body) throws E {
    Turns turns = scheduler.turns;
    boolean inTurn = turns != null && turns.enterToolkit();
    scheduler.modal = modal;
    scheduler.current = null;
    Fiber.forbidSuspending();
    try {
      return body.run();
    } finally {
      Fiber.allowSuspending();
      scheduler.current = modal.task;
      scheduler.modal = modal.outer;
      if (turns != null && inTurn) {
        turns.leaveToolkit();
      }
    }
  }

  /** Has the dialog dismissed on top of which nothing lets {@code cancelled} go on. */
  static void noteCancelled(Task<?> cancelled, @Nullable Modal innermost) {
    for (Modal modal = innermost; modal != null; modal = modal.outer) {
      if (modal.task == cancelled && modal.dismiss != null) {
        cancelled.loop.callSoon(modal.dismiss);
      }
    }
  }

  /** Whether {@code task} is beneath a modal dialog. */
  static boolean isBeneath(Task<?> task, @Nullable Modal innermost) {
    for (Modal modal = innermost; modal != null; modal = modal.outer) {
      if (modal.task == task) {
        return true;
      }
    }
    return false;
  }
}
