package dev.lariat.sync;

import dev.lariat.internal.sync.WaitQueue;
import dev.lariat.internal.sync.Waiter;

/**
 * A flag that tasks can wait for. Models {@code asyncio.Event}.
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class Event {
  private final WaitQueue waiters = new WaitQueue(this);
  private boolean set;

  /** Makes an event that is not set. */
  public Event() {}

  /** {@return whether the flag is set; models {@code Event.is_set}} */
  public boolean isSet() {
    return set;
  }

  /** Sets the flag and wakes all that wait. <i>Suspends</i>: never. Models {@code Event.set}. */
  public void set() {
    if (!set) {
      set = true;
      waiters.wake(Integer.MAX_VALUE);
    }
  }

  /**
   * Clears the flag, for those that come later. <i>Suspends</i>: never. Models {@code Event.clear}.
   */
  public void clear() {
    set = false;
  }

  /**
   * Waits until the flag is set; one that was woken goes on even if it is cleared meanwhile. Models
   * {@code Event.wait}, whose name {@link Object} has taken.
   *
   * <p><i>Suspends</i>: unless the flag is set. <i>Cancellable</i>: yes.
   */
  public void await() {
    if (set) {
      return;
    }
    Waiter waiter = waiters.add();
    try {
      waiter.await();
    } finally {
      waiters.remove(waiter);
    }
  }

  @Override
  public String toString() {
    return "Event[" + (set ? "set" : "unset") + Texts.waiters(waiters) + "]";
  }
}
