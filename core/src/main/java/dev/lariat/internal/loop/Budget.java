package dev.lariat.internal.loop;

import java.util.function.LongSupplier;

/**
 * How long a turn may take: half as long while the toolkit draws, that is for a while after it has
 * taken its time between two turns, as frames come evenly only if no turn is long. Looks at the
 * clock after every item while items are slow, and after every few while they are quick: a look
 * costs as much as a short callback. With a budget of zero a turn is one item, whatever the time.
 */
public final class Budget {
  private static final long DEFAULT_NANOS = 4_000_000;
  private static final long QUICK_NANOS = 50_000;
  private static final int MAX_STRIDE = 8;

  /** More time between a turn that was cut and the next is time that the toolkit had a use for. */
  private static final long DRAWING_NANOS = 250_000;

  /** Two or three frames. */
  private static final long DRAWING_LASTS_NANOS = 50_000_000;

  private final LongSupplier clock;
  private long nanos = DEFAULT_NANOS;
  private long end;
  private long lastLook;
  private int stride;
  private int untilLook;
  private boolean cut;
  private long drawingUntil;

  public Budget() {
    this(System::nanoTime);
  }

  Budget(LongSupplier clock) {
    this.clock = clock;
    drawingUntil = clock.getAsLong();
  }

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
    long now = clock.getAsLong();
    if (cut && now - lastLook > DRAWING_NANOS) {
      drawingUntil = now + DRAWING_LASTS_NANOS;
    }
    cut = false;
    lastLook = now;
    end = now + (now - drawingUntil < 0 ? nanos / 2 : nanos);
    stride = 1;
    untilLook = 1;
  }

  /** Whether the turn has had its time; to be called after each item. */
  public boolean isSpent() {
    return nanos == 0 || (--untilLook <= 0 && look());
  }

  /** Whether the last turn has ended because its time was over. */
  public boolean wasCut() {
    return cut;
  }

  private boolean look() {
    long now = clock.getAsLong();
    stride = now - lastLook < QUICK_NANOS ? Math.min(stride * 2, MAX_STRIDE) : 1;
    untilLook = stride;
    lastLook = now;
    cut = now - end >= 0;
    return cut;
  }
}
