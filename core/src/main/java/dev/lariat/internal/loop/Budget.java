package dev.lariat.internal.loop;

/**
 * How long a turn may take. Looks at the clock after every item while items are slow, and after
 * every few while they are quick: a look costs as much as a short callback. With a budget of zero a
 * turn is one item, whatever the time.
 */
public final class Budget {
  private static final long DEFAULT_NANOS = 4_000_000;
  private static final long QUICK_NANOS = 50_000;
  private static final int MAX_STRIDE = 8;

  private long nanos = DEFAULT_NANOS;
  private long end;
  private long lastLook;
  private int stride;
  private int untilLook;

  public void set(long newNanos) {
    nanos = newNanos;
  }

  public long get() {
    return nanos;
  }

  /** A turn begins. */
  public void start() {
    if (nanos == 0) {
      return;
    }
    lastLook = System.nanoTime();
    end = lastLook + nanos;
    stride = 1;
    untilLook = 1;
  }

  /** Whether the turn has had its time; to be called after each item. */
  public boolean isSpent() {
    return nanos == 0 || (--untilLook <= 0 && look());
  }

  private boolean look() {
    long now = System.nanoTime();
    stride = now - lastLook < QUICK_NANOS ? Math.min(stride * 2, MAX_STRIDE) : 1;
    untilLook = stride;
    lastLook = now;
    return now - end >= 0;
  }
}
