package dev.lariat.queue;

import dev.lariat.QueueEmptyException;
import dev.lariat.QueueFullException;
import dev.lariat.QueueShutDownException;
import dev.lariat.internal.sync.LoopBinding;
import dev.lariat.internal.sync.WaitQueue;
import dev.lariat.internal.sync.Waiter;
import dev.lariat.sync.Event;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Objects;

/**
 * Hands items from tasks to tasks, first in, first out. Models {@code asyncio.Queue}.
 *
 * <p>A subclass gives another order through {@link #storage}, {@link #store} and {@link #take}.
 *
 * <p>Invariant: a waiter that was woken is out of its wait queue, and has been promised a look, not
 * an item; if it is cancelled before it looks, it passes the promise on.
 *
 * <p><i>Thread</i>: the loop's.
 *
 * @param <T> the type of the items, not null
 */
public class Queue<T> {
  private final LoopBinding binding = new LoopBinding(this);
  private final WaitQueue getters = new WaitQueue(binding);
  private final WaitQueue putters = new WaitQueue(binding);
  private final Event finished = new Event();
  private final int maxsize;
  private final Collection<T> items;
  private int unfinished;
  private boolean shutDown;

  /** Makes a queue without a limit. */
  public Queue() {
    this(0);
  }

  /**
   * Makes a queue.
   *
   * @param maxsize how many items it holds; zero or less for no limit
   */
  @SuppressWarnings("this-escape") // as in asyncio, the storage is the subclass's to choose
  public Queue(int maxsize) {
    this.maxsize = maxsize;
    this.items = storage();
    finished.set();
  }

  // -- what a subclass may change ----------------------------------------------------------------

  /**
   * Makes what holds the items. Called by the constructor. Models {@code Queue._init}.
   *
   * @return an empty collection
   */
  protected Collection<T> storage() {
    return new ArrayDeque<>();
  }

  /**
   * Adds an item. Models {@code Queue._put}.
   *
   * @param storage what {@link #storage} returned
   * @param item the item
   */
  protected void store(Collection<T> storage, T item) {
    storage.add(item);
  }

  /**
   * Removes the next item. Models {@code Queue._get}.
   *
   * @param storage what {@link #storage} returned, not empty
   * @return the item
   */
  protected T take(Collection<T> storage) {
    return ((java.util.Queue<T>) storage).remove();
  }

  // -- putting and getting -----------------------------------------------------------------------

  /**
   * Adds an item, when there is room. Models {@code Queue.put}.
   *
   * <p><i>Suspends</i>: if the queue is full. <i>Cancellable</i>: yes; then the item is not in it.
   *
   * @param item the item
   * @throws QueueShutDownException if the queue is shut down, also while waiting
   */
  public final void put(T item) {
    Objects.requireNonNull(item, "item");
    while (full()) {
      requireOpen();
      Waiter waiter = putters.add();
      try {
        waiter.await();
      } catch (Throwable error) {
        giveUp(waiter, putters, !full());
        throw error;
      }
    }
    putNowait(item);
  }

  /**
   * Adds an item at once. Models {@code Queue.put_nowait}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param item the item
   * @throws QueueFullException if there is no room
   * @throws QueueShutDownException if the queue is shut down
   */
  public final void putNowait(T item) {
    Objects.requireNonNull(item, "item");
    requireOpen();
    if (full()) {
      throw new QueueFullException("the queue is full: " + this);
    }
    store(items, item);
    unfinished++;
    finished.clear();
    getters.wakeAndRemoveOne();
  }

  /**
   * Removes the next item, when there is one. Models {@code Queue.get}.
   *
   * <p><i>Suspends</i>: if the queue is empty. <i>Cancellable</i>: yes; then no item is lost.
   *
   * @return the item
   * @throws QueueShutDownException if the queue is shut down and empty, also while waiting
   */
  public final T get() {
    while (items.isEmpty()) {
      requireOpen();
      Waiter waiter = getters.add();
      try {
        waiter.await();
      } catch (Throwable error) {
        giveUp(waiter, getters, !items.isEmpty());
        throw error;
      }
    }
    return getNowait();
  }

  /**
   * Removes the next item at once. Models {@code Queue.get_nowait}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @return the item
   * @throws QueueEmptyException if there is none
   * @throws QueueShutDownException if there is none, and the queue is shut down
   */
  public final T getNowait() {
    if (items.isEmpty()) {
      requireOpen();
      throw new QueueEmptyException("the queue is empty");
    }
    T item = take(items);
    putters.wakeAndRemoveOne();
    return item;
  }

  private static void giveUp(Waiter waiter, WaitQueue queue, boolean anotherCouldGoOn) {
    waiter.cancel();
    queue.remove(waiter);
    if (anotherCouldGoOn && !waiter.cancelled()) {
      queue.wakeAndRemoveOne();
    }
  }

  private void requireOpen() {
    if (shutDown) {
      throw new QueueShutDownException("the queue is shut down");
    }
  }

  // -- looking -----------------------------------------------------------------------------------

  /** {@return how many items are in the queue} */
  public final int qsize() {
    return items.size();
  }

  /** {@return the limit; zero or less for none} */
  public final int maxsize() {
    return maxsize;
  }

  /** {@return whether there is no item} */
  public final boolean empty() {
    return items.isEmpty();
  }

  /** {@return whether there is no room} */
  public final boolean full() {
    return maxsize > 0 && items.size() >= maxsize;
  }

  // -- the end of work ---------------------------------------------------------------------------

  /**
   * Tells that an item that was got has been dealt with. Models {@code Queue.task_done}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @throws IllegalStateException if called more often than items were put
   */
  public final void taskDone() {
    if (unfinished <= 0) {
      throw new IllegalStateException("taskDone() called too many times");
    }
    unfinished--;
    if (unfinished == 0) {
      finished.set();
    }
  }

  /**
   * Waits until {@link #taskDone} was called for every item. Models {@code Queue.join}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes.
   */
  public final void join() {
    if (unfinished > 0) {
      finished.await();
    }
  }

  /** Shuts the queue down, leaving its items to be got: {@link #shutdown(boolean)}. */
  public final void shutdown() {
    shutdown(false);
  }

  /**
   * Shuts the queue down: no more can be put, and getting fails once it is empty. Models {@code
   * Queue.shutdown}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param immediate drop the items, as if each had been got and dealt with
   */
  public final void shutdown(boolean immediate) {
    shutDown = true;
    if (immediate) {
      while (!items.isEmpty()) {
        take(items);
        unfinished = Math.max(0, unfinished - 1);
      }
      if (unfinished == 0) {
        finished.set();
      }
    }
    wakeAll(getters);
    wakeAll(putters);
  }

  private static void wakeAll(WaitQueue queue) {
    for (Waiter waiter = queue.poll(); waiter != null; waiter = queue.poll()) {
      waiter.wake();
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(getClass().getSimpleName());
    text.append("[maxsize=").append(maxsize).append(" qsize=").append(qsize());
    if (!getters.isEmpty()) {
      text.append(" getters=").append(getters.size());
    }
    if (!putters.isEmpty()) {
      text.append(" putters=").append(putters.size());
    }
    if (unfinished > 0) {
      text.append(" tasks=").append(unfinished);
    }
    return text.append(shutDown ? " shutdown]" : "]").toString();
  }
}
