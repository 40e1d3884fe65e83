package dev.lariat.internal;

import java.time.Duration;

/** Durations as the loop counts them. */
public final class Durations {
  private Durations() {}

  /** A duration in nanoseconds; beyond 292 years it is 292 years. */
  public static long toNanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
