package dev.lariat.internal.coroutine;

import org.jspecify.annotations.Nullable;

/** The idle fibers of one loop. Used by the loop's thread only. */
public final class FiberPool<W> {
  /** Enough for a burst; beyond it a fiber is left to the garbage collector. */
  private static final int MAX_IDLE = 256;

  /** Where fibers get their work, and who does it. */
  public interface Source<W> {
    /** Does {@code work} to its end on {@code fiber}; lets no exception out. */
    void run(W work, Fiber<W> fiber);

    /** Fresh work to be done right away on the same stack, or null. */
    @Nullable W next();
  }

  final Source<W> source;
  private final Fiber<?>[] idle = new Fiber<?>[MAX_IDLE];
  private int size;

  public FiberPool(Source<W> source) {
    this.source = source;
  }

  /** A fiber that will start {@code work} when it is resumed. */
  @SuppressWarnings("unchecked")
  public Fiber<W> take(W work) {
    Fiber<W> fiber = size > 0 ? (Fiber<W>) idle[--size] : new Fiber<>(this);
    fiber.assign(work);
    return fiber;
  }

  void release(Fiber<W> fiber) {
    if (size < MAX_IDLE) {
      idle[size++] = fiber;
    }
  }
}
