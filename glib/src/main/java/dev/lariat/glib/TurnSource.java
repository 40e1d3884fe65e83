package dev.lariat.glib;

/**
 * The source that gives a loop its turns. Its ready time is the past after {@link #wake}, else the
 * deadline of {@link #wakeAt}; so {@link #woken} and {@link #deadline} say what it has to be, and
 * every write of a deadline looks at {@code woken} afterwards, which another thread may have set
 * meanwhile.
 */
final class TurnSource {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final Source source;

  /** A turn was asked for, and has not begun. */
  private volatile boolean woken;

  private long deadline = NO_DEADLINE;

  TurnSource(long context, int priority, Runnable dispatch) {
    source = Source.timed(context, priority, dispatch);
  }

  void setPriority(int priority) {
    source.setPriority(priority);
  }

  /** Any thread. */
  void wake() {
    woken = true;
    source.setReadyTime(Source.NOW);
  }

  boolean isWoken() {
    return woken;
  }

  void wakeAt(long nanoTime) {
    deadline = nanoTime;
    setReadyTime();
  }

  private void setReadyTime() {
    if (!woken) {
      source.setReadyTime(deadline == NO_DEADLINE ? Source.NEVER : inGLibsTime(deadline));
      if (woken) {
        source.setReadyTime(Source.NOW);
      }
    }
  }

  /** Microseconds of another clock, and rather too late than too early. */
  private static long inGLibsTime(long nanoTime) {
    long left = Math.max(nanoTime - System.nanoTime(), 0);
    return Native.monotonicTime() + left / 1_000 + 1;
  }

  /** A turn begins. Returns whether the deadline has passed, which is then none any more. */
  boolean begin(long now) {
    woken = false;
    boolean due = deadline <= now;
    if (due) {
      deadline = NO_DEADLINE;
    }
    setReadyTime();
    return due;
  }

  /** Puts off the turn that was asked for. */
  void postpone(long nanoTime) {
    source.setReadyTime(inGLibsTime(nanoTime));
  }

  void destroy() {
    source.destroy();
  }
}
