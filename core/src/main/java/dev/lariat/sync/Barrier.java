package dev.lariat.sync;

import dev.lariat.BrokenBarrierException;

/**
 * Where a number of tasks wait for each other, round after round. Models {@code asyncio.Barrier}.
 *
 * <pre>
 *   FILLING     tasks come and wait; the last one starts the draining
 *   DRAINING    they leave; newcomers wait for the next round; the last one out goes to FILLING
 *   RESETTING   they leave with an exception; newcomers wait; the last one out goes to FILLING
 *   BROKEN      everybody gets an exception, until reset
 * </pre>
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class Barrier {
  private enum State {
    FILLING,
    DRAINING,
    RESETTING,
    BROKEN
  }

  private final Condition changed = new Condition();
  private final int parties;
  private State state = State.FILLING;
  private int inside;

  /**
   * Makes a barrier.
   *
   * @param parties how many tasks make a round
   * @throws IllegalArgumentException if it is less than one
   */
  public Barrier(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException("parties must be >= 1: " + parties);
    }
    this.parties = parties;
  }

  /**
   * Waits until all parties are here. Models {@code Barrier.wait}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; the place is free again.
   *
   * @return this task's number in the round: each from 0 to {@code parties - 1} once
   * @throws BrokenBarrierException if the barrier is broken, or broken or reset meanwhile
   */
  public int await() {
    return changed.withLock(() -> {
      awaitFilling();
      int index = inside++;
      try {
        if (inside == parties) {
          state = State.DRAINING;
          changed.signalAll();
        } else {
          awaitDraining();
        }
        return index;
      } finally {
        leave();
      }
    });
  }

  private void awaitFilling() {
    changed.waitFor(() -> state != State.DRAINING && state != State.RESETTING);
    if (state == State.BROKEN) {
      throw new BrokenBarrierException("Barrier aborted");
    }
  }

  private void awaitDraining() {
    changed.waitFor(() -> state != State.FILLING);
    if (state != State.DRAINING) {
      throw new BrokenBarrierException("Abort or reset of barrier");
    }
  }

  private void leave() {
    inside--;
    if (inside == 0) {
      if (state == State.RESETTING || state == State.DRAINING) {
        state = State.FILLING;
      }
      changed.signalAll();
    }
  }

  /**
   * Starts afresh: waiting tasks get a {@link BrokenBarrierException}. Models {@code
   * Barrier.reset}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing has changed.
   */
  public void reset() {
    changed.withLock(() -> {
      state = inside > 0 ? State.RESETTING : State.FILLING;
      changed.signalAll();
    });
  }

  /**
   * Breaks the barrier, until it is reset: waiting tasks and newcomers get a {@link
   * BrokenBarrierException}. Models {@code Barrier.abort}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing has changed.
   */
  public void abort() {
    changed.withLock(() -> {
      state = State.BROKEN;
      changed.signalAll();
    });
  }

  /** {@return how many tasks make a round} */
  public int parties() {
    return parties;
  }

  /** {@return how many wait for the round to fill; 0 while one drains} */
  public int nWaiting() {
    return state == State.FILLING ? inside : 0;
  }

  /** {@return whether the barrier is broken} */
  public boolean broken() {
    return state == State.BROKEN;
  }

  @Override
  public String toString() {
    String text = "Barrier[" + state.name().toLowerCase(java.util.Locale.ROOT);
    return text + (broken() ? "]" : ", waiters:" + nWaiting() + "/" + parties + "]");
  }
}
