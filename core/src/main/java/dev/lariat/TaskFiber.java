package dev.lariat;

import dev.lariat.internal.coroutine.Fiber;
import org.jspecify.annotations.Nullable;

/** A fiber that runs tasks. Idle ones are kept by the {@link Scheduler}. */
final class TaskFiber extends Fiber {
  @Nullable Task<?> task;

  @Override
  @SuppressWarnings("NullAway") // never resumed without a task
  protected void work() {
    task.runBody(this);
  }

  @Override
  @SuppressWarnings("NullAway")
  protected boolean next() {
    return task.loop.scheduler.next(this);
  }
}
