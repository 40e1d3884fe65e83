package dev.lariat;

import java.util.function.Consumer;

/** A done callback by which a task waits for a future that it does not await directly. */
record AwaitingCallback<F>(Task<?> task, Consumer<? super F> action) implements Consumer<F> {
  @Override
  public void accept(F future) {
    action.accept(future);
  }
}
