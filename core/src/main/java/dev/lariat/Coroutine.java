package dev.lariat;

import org.jspecify.annotations.Nullable;

/**
 * Code that may suspend: a lambda is a coroutine, and so is any method reference. Nothing runs
 * until it is awaited or made a task; each run of it is a new one. Models a coroutine function of
 * asyncio.
 *
 * @param <T> the type of the value it returns
 */
@FunctionalInterface
public interface Coroutine<T extends @Nullable Object> extends Awaitable<T> {
  /**
   * The body. Any method called from it may await.
   *
   * @return the value
   * @throws Exception what the body fails with
   */
  T run() throws Exception;

  /**
   * Runs the body in the current task, as {@code await coroutine()} does in Python.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes. <i>Thread</i>: the loop's.
   */
  @Override
  default T await() throws Exception {
    return run();
  }
}
