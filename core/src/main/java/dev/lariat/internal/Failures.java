package dev.lariat.internal;

import java.util.concurrent.CompletionException;

/** How exceptions cross an await. */
public final class Failures {
  private Failures() {}

  /**
   * Throws an unchecked {@code error} as it is, and a checked one as the cause of a
   * CompletionException.
   */
  public static RuntimeException rethrow(Throwable error) {
    if (error instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (error instanceof Error unchecked) {
      throw unchecked;
    }
    throw new CompletionException(error);
  }

  /** Throws {@code error} as it is, checked or not. */
  @SuppressWarnings("unchecked")
  public static <E extends Throwable> RuntimeException sneak(Throwable error) throws E {
    throw (E) error;
  }
}
