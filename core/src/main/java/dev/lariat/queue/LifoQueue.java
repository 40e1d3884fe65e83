package dev.lariat.queue;

import java.util.ArrayDeque;
import java.util.Collection;

/**
 * A {@link Queue} that gives the newest item first. Models {@code asyncio.LifoQueue}.
 *
 * @param <T> the type of the items, not null
 */
public class LifoQueue<T> extends Queue<T> {
  /** Makes a queue without a limit. */
  public LifoQueue() {}

  /**
   * Makes a queue.
   *
   * @param maxsize how many items it holds; zero or less for no limit
   */
  public LifoQueue(int maxsize) {
    super(maxsize);
  }

  @Override
  protected T take(Collection<T> storage) {
    return ((ArrayDeque<T>) storage).removeLast();
  }
}
