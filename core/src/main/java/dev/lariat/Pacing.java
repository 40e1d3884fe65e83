package dev.lariat;

import dev.lariat.host.Pace;

/** What a {@link Pace} has to do with a task: whether its next step is held back. */
final class Pacing {
  private final Task<?> task;
  private final Pace pace;

  /** The pace has been told of a step, and has not let it go on. */
  private boolean heldBack;

  /** The pace has let the next step go on. */
  private boolean admitted;

  Pacing(Task<?> task, Pace pace) {
    this.task = task;
    this.pace = pace;
  }

  /** The same pace, of another task. */
  Pacing of(Task<?> other) {
    return new Pacing(other, pace);
  }

  /** Whether the task, which could take a step, has to wait; the pace then puts it in again. */
  boolean holdsBack() {
    Scheduler scheduler = task.loop.scheduler;
    if (admitted || scheduler.closed) {
      admitted = false;
      return false;
    }
    if (!heldBack) {
      heldBack = true;
      scheduler.poller.workStarted(); // a virtual clock stands still
      pace.whenReady(this::admit);
    }
    return true;
  }

  private void admit() {
    Scheduler scheduler = task.loop.scheduler;
    scheduler.checkThread();
    if (heldBack && !scheduler.closed) {
      heldBack = false;
      admitted = true;
      scheduler.makeReady(task);
      scheduler.poller.workFinished();
    }
  }
}
