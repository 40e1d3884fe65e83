package dev.lariat.sync;

import dev.lariat.Block;
import dev.lariat.CancelledError;
import dev.lariat.GeneratorExit;
import dev.lariat.VoidBlock;
import dev.lariat.internal.sync.WaitQueue;
import dev.lariat.internal.sync.Waiter;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits, without the lock, until another task says that something has changed. Models {@code
 * asyncio.Condition}; {@code notify} is {@link #signal} here, for {@link Object} has taken its
 * name.
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class Condition {
  private final WaitQueue waiters = new WaitQueue(this);
  private final Lock lock;

  /** Makes a condition with a lock of its own. */
  public Condition() {
    this(new Lock());
  }

  /**
   * Makes a condition of {@code lock}, which others may share.
   *
   * @param lock the lock
   */
  public Condition(Lock lock) {
    this.lock = java.util.Objects.requireNonNull(lock, "lock");
  }

  /** Takes the lock: {@link Lock#acquire}. <i>Suspends</i>: maybe. <i>Cancellable</i>: yes. */
  public void acquire() {
    lock.acquire();
  }

  /** Gives the lock back: {@link Lock#release}. <i>Suspends</i>: never. */
  public void release() {
    lock.release();
  }

  /** {@return whether the lock is held} */
  public boolean locked() {
    return lock.locked();
  }

  /**
   * Runs {@code body} with the lock held.
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
    return lock.withLock(body);
  }

  /**
   * Runs {@code body} with the lock held.
   *
   * @param <E> what the body throws
   * @param body what to run
   * @throws E what the body throws
   */
  public <E extends Exception> void withLock(VoidBlock<E> body) throws E {
    lock.withLock(body);
  }

  /**
   * Takes the lock for a try-with-resources statement.
   *
   * @return what releases it
   */
  public Hold hold() {
    return lock.hold();
  }

  /**
   * Gives the lock back, waits for a signal, takes the lock again. May return without a signal:
   * look at the state again, or use {@link #waitFor}. Models {@code Condition.wait}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the lock is held again first, and a signal
   * that came meanwhile is handed on.
   *
   * @throws IllegalStateException if the lock is not held
   */
  public void await() {
    requireLock("wait");
    Waiter waiter = waiters.add();
    try {
      lock.release();
      awaitSignal(waiter);
    } catch (Throwable error) {
      waiters.wake(1);
      throw error;
    }
  }

  private void awaitSignal(Waiter waiter) {
    try {
      waiter.await();
    } catch (GeneratorExit closing) {
      lock.seize();
      throw closing;
    } catch (Throwable error) {
      waiters.remove(waiter);
      reacquire();
      throw error;
    }
    waiters.remove(waiter);
    reacquire();
  }

  /**
   * However often the task is cancelled meanwhile; the last of these cancellations goes on
   * afterwards.
   */
  private void reacquire() {
    CancelledError last = null;
    while (true) {
      try {
        lock.acquire();
        break;
      } catch (CancelledError cancelled) {
        last = cancelled;
      }
    }
    if (last != null) {
      throw last;
    }
  }

  /**
   * Waits until {@code predicate} holds, looking at it after every signal. Models {@code
   * Condition.wait_for}.
   *
   * <p><i>Suspends</i>: unless it holds already. <i>Cancellable</i>: yes; the lock is held again.
   *
   * @param predicate looked at with the lock held
   */
  public void waitFor(BooleanSupplier predicate) {
    while (!predicate.getAsBoolean()) {
      await();
    }
  }

  /**
   * Wakes up to {@code count} tasks. Models {@code Condition.notify}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param count how many at most
   * @throws IllegalStateException if the lock is not held
   */
  public void signal(int count) {
    requireLock("notify");
    waiters.wake(count);
  }

  /** Wakes one task: {@link #signal(int)}. */
  public void signal() {
    signal(1);
  }

  /** Wakes all tasks: {@link #signal(int)}. Models {@code Condition.notify_all}. */
  public void signalAll() {
    signal(Integer.MAX_VALUE);
  }

  private void requireLock(String what) {
    if (!lock.locked()) {
      throw new IllegalStateException("cannot " + what + " on un-acquired lock");
    }
  }

  @Override
  public String toString() {
    return "Condition[" + (locked() ? "locked" : "unlocked") + Texts.waiters(waiters) + "]";
  }
}
