package dev.lariat.sync;

import dev.lariat.Block;
import dev.lariat.CancelledError;
import dev.lariat.VoidBlock;
import dev.lariat.internal.sync.WaitQueue;
import dev.lariat.internal.sync.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * Lets one task at a time through, in the order they came. Not owned by a task, and not reentrant.
 * Models {@code asyncio.Lock}.
 *
 * <p>Invariant: while a waiter has been woken and has not run yet, the lock is free, and no
 * newcomer gets it; if that waiter is cancelled instead, it wakes the next.
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class Lock {
  private final WaitQueue waiters = new WaitQueue(this);
  private boolean locked;

  /** Makes a lock that is free. */
  public Lock() {}

  /** {@return whether the lock is held} */
  public boolean locked() {
    return locked;
  }

  /**
   * Takes the lock. Models {@code Lock.acquire}.
   *
   * <p><i>Suspends</i>: if it is held, or others wait. <i>Cancellable</i>: yes; then it is not
   * held.
   */
  public void acquire() {
    if (!locked && !waiters.anyAlive()) {
      locked = true;
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
      if (!locked) {
        wakeFirst();
      }
      throw cancelled;
    }
    locked = true;
  }

  /**
   * Gives the lock back, to the next in line. Models {@code Lock.release}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @throws IllegalStateException if it is not held
   */
  public void release() {
    if (!locked) {
      throw new IllegalStateException("Lock is not acquired.");
    }
    locked = false;
    wakeFirst();
  }

  /**
   * Takes the lock, held or not: its loop closes, and nobody else will run before it is released.
   */
  void seize() {
    locked = true;
  }

  /** Not the first that is pending: if the first was woken, it is its turn, and one is enough. */
  private void wakeFirst() {
    Waiter first = waiters.first();
    if (first != null) {
      first.wake();
    }
  }

  /**
   * Runs {@code body} with the lock held. Models {@code async with lock}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param body what to run
   * @return the value of {@code body}
   * @throws E what the body throws
   */
  public <T extends @Nullable Object, E extends Exception> T withLock(Block<T, E> body) throws E {
    acquire();
    try {
      return body.run();
    } finally {
      release();
    }
  }

  /**
   * Runs {@code body} with the lock held.
   *
   * @param <E> what the body throws
   * @param body what to run
   * @throws E what the body throws
   */
  public <E extends Exception> void withLock(VoidBlock<E> body) throws E {
    acquire();
    try {
      body.run();
    } finally {
      release();
    }
  }

  /**
   * Takes the lock for a try-with-resources statement.
   *
   * <p><i>Suspends</i>: as {@link #acquire}. <i>Cancellable</i>: as {@link #acquire}.
   *
   * @return what releases it
   */
  public Hold hold() {
    acquire();
    return this::release;
  }

  @Override
  public String toString() {
    return "Lock[" + (locked ? "locked" : "unlocked") + Texts.waiters(waiters) + "]";
  }
}
