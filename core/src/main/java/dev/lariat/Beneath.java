package dev.lariat;

import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.coroutine.ScopedBindings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a turn of a guest finds under way, and runs on top of: a task, if a nested main loop gives
 * the turn; otherwise nothing of the loop's.
 */
record Beneath(@Nullable Task<?> task, ContextCell cell, @Nullable Object bindings) {

  /** Leaves what is under way, to run something else on top of it. */
  static Beneath leave(Scheduler scheduler) {
    Thread self = Thread.currentThread();
    Beneath beneath =
        new Beneath(scheduler.current, scheduler.threadContext.cell, ScopedBindings.get(self));
    if (beneath.task != null) {
      scheduler.current = null;
      scheduler.threadContext.cell = Objects.requireNonNull(scheduler.outerCell);
      ScopedBindings.set(self, scheduler.outerBindings);
    }
    return beneath;
  }

  void comeBack(Scheduler scheduler) {
    scheduler.current = task;
    scheduler.threadContext.cell = cell;
    ScopedBindings.set(Thread.currentThread(), bindings);
  }
}
