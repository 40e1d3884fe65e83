package dev.lariat;

import dev.lariat.internal.coroutine.Fiber;

/** A fiber that runs tasks. */
final class TaskFiber extends Fiber {
  /** The task at hand; when there is no next, the last one. */
  Task<?> task;

  TaskFiber(Task<?> task) {
    this.task = task;
  }

  @Override
  protected void work() {
    task.runBody(this);
  }

  @Override
  protected boolean next() {
    return task.loop.scheduler.next(this);
  }
}
