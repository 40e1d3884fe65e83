package dev.lariat;

import dev.lariat.internal.context.ContextSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One done callback of one future; goes into the ready queue as it is when the future completes.
 */
final class DoneCallback<T extends @Nullable Object> {
  final Future<T> future;
  final Consumer<? super Future<T>> callback;
  final ContextSource context;

  DoneCallback(Future<T> future, Consumer<? super Future<T>> callback, ContextSource context) {
    this.future = future;
    this.callback = callback;
    this.context = context;
  }

  void run() {
    callback.accept(future);
  }

  @Override
  public String toString() {
    return "DoneCallback[" + callback + "]";
  }
}
