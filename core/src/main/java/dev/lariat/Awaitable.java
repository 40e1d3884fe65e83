package dev.lariat;

import org.jspecify.annotations.Nullable;

/**
 * Something a task can wait for: a {@link Future}, a {@link Task}, a {@link Coroutine}, or any
 * lambda. Models asyncio's awaitables.
 *
 * @param <T> the type of the value
 */
@FunctionalInterface
public interface Awaitable<T extends @Nullable Object> {
  /**
   * Waits for the value, in the current task.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes. <i>Thread</i>: the loop's.
   *
   * @return the value
   * @throws Exception what the awaited thing failed with
   */
  T await() throws Exception;
}
