package dev.lariat;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link ExceptionHandler} is told: asyncio's context dictionary.
 *
 * @param message what happened
 * @param exception the exception, if there is one
 * @param future the future it concerns, if any and still reachable
 * @param task the task it concerns, if any
 * @param handle the handle whose callback failed, if any
 * @param source in debug mode, where the future or handle was made
 */
public record ExceptionContext(
    String message,
    @Nullable Throwable exception,
    @Nullable Future<?> future,
    @Nullable Task<?> task,
    @Nullable Handle handle,
    @Nullable Throwable source) {

  static ExceptionContext of(String message, @Nullable Throwable exception) {
    return new ExceptionContext(message, exception, null, null, null, null);
  }

  static ExceptionContext of(String message, @Nullable Throwable exception, Future<?> future) {
    Task<?> task = future instanceof Task<?> t ? t : null;
    return new ExceptionContext(
        message, exception, task == null ? future : null, task, null, future.source());
  }
}
