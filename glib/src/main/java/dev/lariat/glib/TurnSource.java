package dev.lariat.glib;

/**
 * The source that gives a loop its turns. Its ready time is the past after {@link #wake}, else the
 * deadline of {@link #wakeAt}; so {@link #woken} and {@link #deadline} say what it has to be, and
 * every write of a deadline looks at {@code woken} afterwards, which another thread may have set
 * meanwhile.
 *
 * <p>Setting the time costs as much as a turn. So while a turn is {@link #running} the time stays
 * in the past, where the next wake-up would put it anyway; only if none has come by the end of the
 * turn is it set. A thread that wakes says {@code woken} first, and then looks at {@code running};
 * the end of a turn does it the other way round: so one of the two sees to the time.
 */
final class TurnSource {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final Source source;

  /** A turn was asked for, and has not begun. */
  private volatile boolean woken;

  /** The time is in the past, and will be looked at when the turn under way ends. */
  private volatile boolean running;

  /** The time is in the future although a turn was asked for. */
  private boolean postponed;

  private long deadline = NO_DEADLINE;

  /** Guarded by this: {@link #wake} on another thread must not meet a source that is gone. */
  private boolean destroyed;

  TurnSource(long context, int priority, Runnable dispatch) {
    source = Source.timed(context, priority, dispatch);
  }

  void setPriority(int priority) {
    source.setPriority(priority);
  }

  /** Any thread; once this is destroyed, it does nothing. */
  void wake() {
    woken = true;
    if (!running) {
      synchronized (this) {
        if (!destroyed) {
          source.setReadyTime(Source.NOW);
        }
      }
    }
  }

  boolean isWoken() {
    return woken;
  }

  void wakeAt(long nanoTime) {
    deadline = nanoTime;
    if (!running) {
      setReadyTime();
    }
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

  /** What a turn is for. */
  enum Reason {
    /** Nothing: it is inside another one, which has left the time in the past. */
    NONE,
    WOKEN,
    DEADLINE
  }

  /** A turn begins; a deadline that has passed is none any more. */
  Reason begin(long now) {
    Reason reason = Reason.NONE;
    if (woken) { // else it is not written: it may be set just now, for a turn that is not this
      woken = false;
      reason = Reason.WOKEN;
    }
    running = true;
    if (postponed) {
      postponed = false;
      source.setReadyTime(Source.NOW);
    }
    if (deadline <= now) {
      deadline = NO_DEADLINE;
      reason = Reason.DEADLINE;
    }
    return reason;
  }

  /** A turn ends, or one inside it. */
  void end() {
    running = false;
    setReadyTime();
  }

  /** Puts off the turn that was asked for. */
  void postpone(long nanoTime) {
    postponed = true;
    source.setReadyTime(inGLibsTime(nanoTime));
  }

  synchronized void destroy() {
    destroyed = true;
    source.destroy();
  }
}
