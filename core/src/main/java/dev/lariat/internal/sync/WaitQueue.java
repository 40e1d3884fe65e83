package dev.lariat.internal.sync;

import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait at one primitive, in the order they came: the one wait queue under all of
 * them. A doubly linked list, so that a cancelled waiter leaves in constant time.
 *
 * <p>A waiter may be in the queue and done already: woken, or cancelled, but its task has not run
 * yet. What that means is each primitive's own business. A queue belongs to the first loop that a
 * task waits in.
 */
public final class WaitQueue {
  private final LoopBinding binding;
  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private int size;

  /** Makes an empty queue of {@code owner}, which error messages name. */
  public WaitQueue(Object owner) {
    this(new LoopBinding(owner));
  }

  /** Makes an empty queue of a primitive that has several. */
  public WaitQueue(LoopBinding binding) {
    this.binding = binding;
  }

  /** Appends a new waiter of the running loop. */
  public Waiter add() {
    Waiter waiter = new Waiter(binding.bind());
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
    waiter.queued = true;
    size++;
    return waiter;
  }

  /** Takes {@code waiter} out, wherever it stands; does nothing if it is out. */
  public void remove(Waiter waiter) {
    if (!waiter.queued) {
      return;
    }
    waiter.queued = false;
    size--;
    Waiter before = waiter.previous;
    Waiter after = waiter.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    waiter.previous = null;
    waiter.next = null;
  }

  /** Takes the first out; null if there is none. */
  public @Nullable Waiter poll() {
    Waiter waiter = first;
    if (waiter != null) {
      remove(waiter);
    }
    return waiter;
  }

  /** The first, left in; null if there is none. */
  public @Nullable Waiter first() {
    return first;
  }

  /** Whether a waiter is here that was not cancelled. */
  public boolean anyAlive() {
    for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
      if (!waiter.cancelled()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Wakes up to {@code count} that are neither woken nor cancelled, leaves them in, and tells how
   * many.
   */
  public int wake(int count) {
    int woken = 0;
    for (Waiter waiter = first; waiter != null && woken < count; waiter = waiter.next) {
      if (waiter.wake()) {
        woken++;
      }
    }
    return woken;
  }

  /** Takes waiters out until one of them could be woken. */
  public void wakeAndRemoveOne() {
    for (Waiter waiter = poll(); waiter != null; waiter = poll()) {
      if (waiter.wake()) {
        return;
      }
    }
  }

  public boolean isEmpty() {
    return first == null;
  }

  public int size() {
    return size;
  }
}
