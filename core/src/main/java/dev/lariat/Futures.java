package dev.lariat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Small things that most of the package needs of futures. */
final class Futures {
  private Futures() {}

  /** A future as it is; anything else as a new task. */
  static <T extends @Nullable Object> Future<T> ensure(
      Awaitable<T> awaitable, @Nullable EventLoop loop) {
    Objects.requireNonNull(awaitable, "awaitable");
    if (awaitable instanceof Future<T> future) {
      if (loop != null && loop != future.loop) {
        throw new IllegalArgumentException(
            "The future belongs to a different loop than the one given: " + future);
      }
      return future;
    }
    EventLoop home = loop == null ? EventLoop.currentOrAssigned() : loop;
    return home.createTask(coroutine(awaitable));
  }

  static <T extends @Nullable Object> Coroutine<T> coroutine(Awaitable<T> awaitable) {
    return awaitable instanceof Coroutine<T> coroutine ? coroutine : awaitable::await;
  }

  /** Completes a waiter that may be done or cancelled already. */
  static void release(Future<@Nullable Void> waiter) {
    if (!waiter.done()) {
      waiter.completeFinished(null);
    }
  }
}
