package dev.lariat.sync;

import dev.lariat.Block;
import dev.lariat.CancelledError;
import dev.lariat.VoidBlock;
import dev.lariat.internal.sync.WaitQueue;
import dev.lariat.internal.sync.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * Lets a number of tasks through at once, in the order they came. Models {@code asyncio.Semaphore}.
 *
 * <p>Invariant: a waiter that was woken has its permit already, so the count can be zero while
 * nobody is inside; if it is cancelled before it runs, it puts the permit back.
 *
 * <p><i>Thread</i>: the loop's.
 */
public class Semaphore {
  @SuppressWarnings("this-escape") // the wait queue keeps it for messages only
  private final WaitQueue waiters = new WaitQueue(this);

  private int value;

  /** Makes a semaphore of one permit. */
  public Semaphore() {
    this(1);
  }

  /**
   * Makes a semaphore.
   *
   * @param value how many permits
   * @throws IllegalArgumentException if it is negative
   */
  public Semaphore(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("Semaphore initial value must be >= 0: " + value);
    }
    this.value = value;
  }

  /** {@return whether {@link #acquire} would suspend; models {@code Semaphore.locked}} */
  public final boolean locked() {
    return value == 0 || waiters.anyAlive();
  }

  final int value() {
    return value;
  }

  /**
   * Takes a permit. Models {@code Semaphore.acquire}.
   *
   * <p><i>Suspends</i>: if there is none, or others wait. <i>Cancellable</i>: yes; then none is
   * taken.
   */
  public final void acquire() {
    if (!locked()) {
      value--;
      return;
    }
    Waiter waiter = waiters.add();
    try {
      try {
        waiter.await();
      } finally {
        waiters.remove(waiter);
      }
    } catch (CancelledError cancelled) {
      if (waiter.woken()) {
        value++;
      }
      throw cancelled;
    } finally {
      while (value > 0 && wakeNext()) {
        // one for each permit that is free
      }
    }
  }

  private boolean wakeNext() {
    if (waiters.wake(1) == 0) {
      return false;
    }
    value--;
    return true;
  }

  /**
   * Gives a permit back, to the next in line. Models {@code Semaphore.release}.
   *
   * <p><i>Suspends</i>: never.
   */
  public void release() {
    value++;
    wakeNext();
  }

  /**
   * Runs {@code body} with a permit. Models {@code async with semaphore}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param body what to run
   * @return the value of {@code body}
   * @throws E what the body throws
   */
  public final <T extends @Nullable Object, E extends Exception> T withPermit(Block<T, E> body)
      throws E {
    acquire();
    try {
      return body.run();
    } finally {
      release();
    }
  }

  /**
   * Runs {@code body} with a permit.
   *
   * @param <E> what the body throws
   * @param body what to run
   * @throws E what the body throws
   */
  public final <E extends Exception> void withPermit(VoidBlock<E> body) throws E {
    acquire();
    try {
      body.run();
    } finally {
      release();
    }
  }

  /**
   * Takes a permit for a try-with-resources statement.
   *
   * <p><i>Suspends</i>: as {@link #acquire}. <i>Cancellable</i>: as {@link #acquire}.
   *
   * @return what releases it
   */
  public final Hold hold() {
    acquire();
    return this::release;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName()
        + "["
        + (locked() ? "locked" : "unlocked, value:" + value)
        + Texts.waiters(waiters)
        + "]";
  }
}
