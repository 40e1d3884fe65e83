package dev.lariat.internal.loop;

import dev.lariat.internal.Unchecked;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Timers by deadline; equal deadlines are first in, first out. Used by the loop's thread only.
 *
 * <p>A four-ary heap in parallel arrays, so that sifting compares neighbouring longs and follows no
 * reference. A cancelled timer stays until it is due or until the cancelled ones are the majority:
 * then one pass removes them all, which makes a cancel cost amortised constant time. An entry is
 * found again through the predicate given at construction, so timers know nothing of the heap.
 */
public final class TimerHeap<T> {
  private static final int COMPACT_FROM = 64;

  private final Predicate<T> isCancelled;
  private long[] deadlines = new long[16];
  private long[] sequences = new long[16];
  private @Nullable Object[] timers = new Object[16];
  private int size;
  private int cancelled;
  private long nextSequence;

  public TimerHeap(Predicate<T> isCancelled) {
    this.isCancelled = isCancelled;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public void add(T timer, long deadline) {
    if (size == timers.length) {
      resize(size * 2);
    }
    siftUp(size++, timer, deadline, nextSequence++);
  }

  /** The earliest deadline of a timer that is not cancelled; Long.MAX_VALUE if there is none. */
  public long nextDeadline() {
    while (size > 0 && isCancelled.test(timer(0))) {
      cancelled--;
      removeFirst();
    }
    return size == 0 ? Long.MAX_VALUE : deadlines[0];
  }

  /**
   * Removes and returns the earliest timer if it is due at {@code now} and not cancelled, else
   * null.
   */
  public @Nullable T pollDue(long now) {
    if (nextDeadline() > now || size == 0) {
      return null;
    }
    T timer = timer(0);
    removeFirst();
    return timer;
  }

  /** To be called once for each timer that is cancelled while it is in the heap. */
  public void noteCancelled() {
    cancelled++;
    if (cancelled * 2 > size && size > COMPACT_FROM) {
      compact();
    }
  }

  public void clear() {
    deadlines = new long[16];
    sequences = new long[16];
    timers = new Object[16];
    size = 0;
    cancelled = 0;
  }

  private T timer(int index) {
    return Unchecked.cast(timers[index]);
  }

  private void compact() {
    int live = 0;
    for (int i = 0; i < size; i++) {
      T timer = timer(i);
      if (!isCancelled.test(timer)) {
        place(live++, timer, deadlines[i], sequences[i]);
      }
    }
    for (int i = live; i < size; i++) {
      timers[i] = null;
    }
    size = live;
    cancelled = 0;
    for (int i = (size - 2) >> 2; i >= 0; i--) {
      siftDown(i, timer(i), deadlines[i], sequences[i]);
    }
    if (timers.length > 1024 && size < timers.length / 8) {
      resize(timers.length / 4);
    }
  }

  private void removeFirst() {
    int last = --size;
    T timer = timer(last);
    timers[last] = null;
    if (last > 0) {
      siftDown(0, timer, deadlines[last], sequences[last]);
    }
  }

  private void siftUp(int index, T timer, long deadline, long sequence) {
    int i = index;
    while (i > 0) {
      int parent = (i - 1) >> 2;
      if (!before(deadline, sequence, parent)) {
        break;
      }
      move(parent, i);
      i = parent;
    }
    place(i, timer, deadline, sequence);
  }

  private void siftDown(int index, T timer, long deadline, long sequence) {
    int i = index;
    for (int child = 4 * i + 1; child < size; child = 4 * i + 1) {
      int best = child;
      int end = Math.min(child + 4, size);
      for (int c = child + 1; c < end; c++) {
        if (before(deadlines[c], sequences[c], best)) {
          best = c;
        }
      }
      if (!before(deadlines[best], sequences[best], deadline, sequence)) {
        break;
      }
      move(best, i);
      i = best;
    }
    place(i, timer, deadline, sequence);
  }

  private boolean before(long deadline, long sequence, int other) {
    return before(deadline, sequence, deadlines[other], sequences[other]);
  }

  private static boolean before(
      long deadline, long sequence, long otherDeadline, long otherSequence) {
    return deadline < otherDeadline || (deadline == otherDeadline && sequence < otherSequence);
  }

  private void move(int from, int to) {
    place(to, timer(from), deadlines[from], sequences[from]);
  }

  private void place(int index, @Nullable Object timer, long deadline, long sequence) {
    timers[index] = timer;
    deadlines[index] = deadline;
    sequences[index] = sequence;
  }

  private void resize(int capacity) {
    deadlines = java.util.Arrays.copyOf(deadlines, capacity);
    sequences = java.util.Arrays.copyOf(sequences, capacity);
    timers = java.util.Arrays.copyOf(timers, capacity);
  }
}
