package dev.lariat.queue;

import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;

/**
 * A {@link Queue} that gives the least item first. Models {@code asyncio.PriorityQueue}.
 *
 * @param <T> the type of the items, not null; {@link Comparable} unless there is a comparator
 */
public class PriorityQueue<T> extends Queue<T> {
  private final Comparator<? super T> order;

  /** Makes a queue without a limit, in the items' natural order. */
  public PriorityQueue() {
    this(0);
  }

  /**
   * Makes a queue in the items' natural order.
   *
   * @param maxsize how many items it holds; zero or less for no limit
   */
  public PriorityQueue(int maxsize) {
    this(maxsize, naturalOrder());
  }

  /**
   * Makes a queue.
   *
   * @param maxsize how many items it holds; zero or less for no limit
   * @param order the order
   */
  public PriorityQueue(int maxsize, Comparator<? super T> order) {
    this.order =
        Objects.requireNonNull(order, "order"); // before super(), which asks for the storage
    super(maxsize);
  }

  @SuppressWarnings("unchecked") // items that are not comparable fail when they are put
  private static <T> Comparator<T> naturalOrder() {
    return (Comparator<T>) Comparator.naturalOrder();
  }

  @Override
  protected Collection<T> storage() {
    return new java.util.PriorityQueue<>(order);
  }
}
