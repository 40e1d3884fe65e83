package dev.lariat.sync;

/**
 * A {@link Semaphore} that notices being released too often. Models {@code
 * asyncio.BoundedSemaphore}.
 */
public final class BoundedSemaphore extends Semaphore {
  private final int bound;

  /** Makes a semaphore of one permit. */
  public BoundedSemaphore() {
    this(1);
  }

  /**
   * Makes a semaphore.
   *
   * @param value how many permits
   * @throws IllegalArgumentException if it is negative
   */
  public BoundedSemaphore(int value) {
    super(value);
    bound = value;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if no permit is out
   */
  @Override
  public void release() {
    if (value() >= bound) {
      throw new IllegalStateException("BoundedSemaphore released too many times");
    }
    super.release();
  }
}
