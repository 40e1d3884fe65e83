package dev.lariat.internal.loop;

import dev.lariat.internal.Unchecked;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** First in, first out: a growing ring. Used by the loop's thread only. */
public final class ReadyQueue {
  private @Nullable Object[] ring = new Object[64]; // the length is a power of two
  private int head;
  private int tail;

  public int size() {
    return (tail - head) & (ring.length - 1);
  }

  public boolean isEmpty() {
    return head == tail;
  }

  public void push(Object item) {
    ring[tail] = item;
    tail = (tail + 1) & (ring.length - 1);
    if (tail == head) {
      grow();
    }
  }

  /** Removes the oldest item. The queue must not be empty. */
  public Object pop() {
    Object item = ring[head];
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    return Unchecked.cast(item);
  }

  /** Removes {@code item} wherever it stands; slow, for rare clean-ups. */
  public void remove(Object item) {
    int count = size();
    for (int i = 0; i < count; i++) {
      Object other = pop();
      if (other != item) {
        push(other);
      }
    }
  }

  public void clear() {
    Arrays.fill(ring, null);
    head = tail;
  }

  private void grow() {
    int length = ring.length;
    @Nullable Object[] larger = new Object[length * 2];
    System.arraycopy(ring, head, larger, 0, length - head);
    System.arraycopy(ring, 0, larger, length - head, head);
    ring = larger;
    head = 0;
    tail = length;
  }
}
