package dev.lariat;

import org.jspecify.annotations.Nullable;

/**
 * Thrown in a task where it waits, when the task is cancelled. Models {@code
 * asyncio.CancelledError}.
 *
 * <p>An {@link Error}, so that {@code catch (Exception e)} does not swallow it. Catch it only to
 * clean up, and throw it again.
 */
public class CancelledError extends Error {
  private static final long serialVersionUID = 1L;

  /** Makes one without a message. */
  public CancelledError() {}

  /**
   * Makes one with the message given to {@code cancel}.
   *
   * @param message the message, or null
   */
  public CancelledError(@Nullable String message) {
    super(message);
  }
}
