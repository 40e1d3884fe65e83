package dev.lariat;

import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Swaps the {@link TaskLocals} of one loop at every step. The values are kept apart from the tasks:
 * most loops have none.
 */
final class TaskLocalsCarrier {
  private final TaskLocals locals;
  private final Map<Task<?>, Object> values = new WeakHashMap<>();

  TaskLocalsCarrier(TaskLocals locals) {
    this.locals = locals;
  }

  /** {@code task} begins with what its creator has. */
  void created(Task<?> task) {
    values.put(task, locals.capture());
  }

  /** Runs one step of {@code task} with its own values. */
  void step(Task<?> task, TaskFiber fiber) {
    Object outer = locals.capture();
    Object own = values.get(task);
    if (own != null) {
      locals.restore(own);
    }
    try {
      fiber.resume();
    } finally {
      values.put(task, locals.capture());
      locals.restore(outer);
    }
  }

  static @Nullable TaskLocalsCarrier of(@Nullable TaskLocals locals) {
    return locals == null ? null : new TaskLocalsCarrier(locals);
  }
}
