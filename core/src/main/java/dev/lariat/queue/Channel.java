package dev.lariat.queue;

import dev.lariat.QueueShutDownException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue that ends: some tasks send into it, others iterate over it, until it is closed. asyncio
 * has none; its nearest is a {@link Queue} that is shut down, and this stands on one.
 *
 * <pre>{@code
 * for (Result result : results) {   // suspends between two of them
 *   list.add(result);
 * }
 * }</pre>
 *
 * <p><i>Thread</i>: the loop's.
 *
 * @param <T> the type of the items, not null
 */
public final class Channel<T> implements Iterable<T>, AutoCloseable {
  private final Queue<T> queue;
  private final Overflow overflow;
  private int receivers;
  private boolean closed;
  private Runnable onClose = () -> {};

  /** Makes a channel without a limit. */
  public Channel() {
    queue = new Queue<>();
    overflow = Overflow.SUSPEND;
  }

  /**
   * Makes a channel with a limit.
   *
   * @param capacity how many items it holds, 1 at least
   * @param overflow what happens to more
   */
  public Channel(int capacity, Overflow overflow) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be 1 at least: " + capacity);
    }
    queue = new Queue<>(capacity);
    this.overflow = Objects.requireNonNull(overflow, "overflow");
  }

  // -- sending -----------------------------------------------------------------------------------

  /**
   * Sends an item, if need be when there is room.
   *
   * <p><i>Suspends</i>: if the channel is full, and made to {@link Overflow#SUSPEND}.
   * <i>Cancellable</i>: yes; then the item is not sent.
   *
   * @param item the item
   * @throws QueueShutDownException if the channel is closed, also while waiting
   */
  public void send(T item) {
    if (overflow == Overflow.SUSPEND || closed) {
      queue.put(item);
    } else {
      trySend(item);
    }
  }

  /**
   * Sends an item at once, or not at all.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param item the item
   * @return whether it was sent: false if the channel is closed, or if it is full and does not drop
   *     its oldest item
   */
  public boolean trySend(T item) {
    Objects.requireNonNull(item, "item");
    if (closed) {
      return false;
    }
    if (queue.full()) {
      if (overflow != Overflow.DROP_OLDEST) {
        return false;
      }
      queue.getNowait();
    }
    queue.putNowait(item);
    return true;
  }

  /** {@return whether a task waits for the next item that is sent} */
  public boolean isAwaited() {
    return receivers > queue.qsize();
  }

  // -- receiving ---------------------------------------------------------------------------------

  /**
   * Takes the next item.
   *
   * <p><i>Suspends</i>: if there is none. <i>Cancellable</i>: yes; then no item is lost.
   *
   * @return the item, or null if there is none and the channel is closed
   */
  public @Nullable T receive() {
    receivers++;
    try {
      return queue.get();
    } catch (QueueShutDownException end) {
      return null;
    } finally {
      receivers--;
    }
  }

  /**
   * {@return an iterator that ends when the channel is closed and empty} Its {@code hasNext}
   * suspends as {@link #receive} does. Several may be used at once: each item goes to one.
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private @Nullable T next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          next = receive();
        }
        return next != null;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the channel is closed");
        }
        T item = Objects.requireNonNull(next);
        next = null;
        return item;
      }
    };
  }

  // -- the end -----------------------------------------------------------------------------------

  /**
   * Closes the channel: nothing more can be sent, and what is in it can still be received. A second
   * call does nothing. <i>Suspends</i>: never.
   */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      queue.shutdown();
      onClose.run();
    }
  }

  /**
   * Sets what is called once when this is closed: what ends the sending, say.
   *
   * @param action the action, in place of one set before
   */
  public void onClose(Runnable action) {
    onClose = Objects.requireNonNull(action, "action");
  }

  /** {@return whether this was closed} */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public String toString() {
    return "Channel[" + queue.qsize() + " items" + (closed ? ", closed]" : "]");
  }
}
