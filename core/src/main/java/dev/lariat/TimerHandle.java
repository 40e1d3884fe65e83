package dev.lariat;

import dev.lariat.internal.context.ContextSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A callback that a loop will run at a given time. Models {@code asyncio.TimerHandle}. */
public final class TimerHandle extends Handle implements Comparable<TimerHandle> {
  private final long when;

  /** Whose heap this is in, where a cancel must be counted; null once it is out. */
  @Nullable Scheduler scheduler;

  TimerHandle(Scheduler scheduler, long when, Runnable callback, ContextSource context) {
    super(callback, context);
    this.scheduler = scheduler;
    this.when = when;
  }

  /** {@return the deadline, in the time of {@link EventLoop#time}} */
  public Duration when() {
    return Duration.ofNanos(when);
  }

  @Override
  public void cancel() {
    if (!cancelled()) {
      if (scheduler != null) {
        scheduler.checkThread();
      }
      super.cancel();
      if (scheduler != null) {
        scheduler.noteTimerCancelled();
      }
    }
  }

  /**
   * Orders by deadline.
   *
   * @param other another timer
   */
  @Override
  @SuppressWarnings("ComparableType") // equality is identity: two timers at one time are two timers
  public int compareTo(TimerHandle other) {
    return Long.compare(when, other.when);
  }

  @Override
  public String toString() {
    return super.toString() + " when=" + when();
  }
}
