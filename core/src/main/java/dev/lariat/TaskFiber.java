package dev.lariat;

import dev.lariat.internal.coroutine.Fiber;
import dev.lariat.internal.coroutine.ScopedBindings;

/** The stack of one task. */
final class TaskFiber extends Fiber {
  final Task<?> task;

  TaskFiber(Task<?> task) {
    this.task = task;
  }

  @Override
  protected void work() {
    ScopedBindings.run(task.scopedValues(), task::runBody);
  }
}
