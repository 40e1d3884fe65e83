package dev.lariat;

import org.jspecify.annotations.Nullable;

/**
 * A deadline passed. Never a cancellation; its cause tells where the code stood. Models {@code
 * TimeoutError}.
 */
public class TimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one with the standard message and no cause. */
  public TimeoutException() {
    this(null);
  }

  /**
   * Makes one.
   *
   * @param cause the cancellation that the timeout turned into this, or null
   */
  public TimeoutException(@Nullable Throwable cause) {
    super("the deadline passed", cause);
  }
}
