package dev.lariat.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads hand to the loop: many producers, one consumer, lock-free.
 *
 * <p>Producers push on a linked stack with one compare-and-set; the consumer takes the whole stack
 * with one swap and reverses it, so each producer's items come out in the order it put them in, and
 * a burst costs the loop one atomic operation.
 */
public final class Inbox<T extends Inbox.Node<T>> {
  /** A thing that can be in one inbox once; the link is the inbox's. */
  public interface Node<T> {
    /** What {@link #link} stored last. */
    @Nullable T linked();

    /** Stores a plain reference. */
    void link(@Nullable T next);
  }

  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Node<T> top;

  /** Puts {@code item} in and tells whether the inbox was empty. Any thread. */
  @SuppressWarnings("unchecked")
  public boolean put(T item) {
    Node<T> seen;
    do {
      seen = top;
      item.link((T) seen);
    } while (!TOP.compareAndSet(this, (Node<?>) seen, (Node<?>) item));
    return seen == null;
  }

  /** Any thread; exact only for the consumer. */
  public boolean isEmpty() {
    return top == null;
  }

  /** Takes everything out, oldest first. The consumer's thread only. */
  @SuppressWarnings("unchecked")
  public void drain(Consumer<? super T> consumer) {
    if (top == null) {
      return;
    }
    T oldest = null;
    for (T node = (T) TOP.getAndSet(this, (Node<?>) null); node != null; ) {
      T next = node.linked();
      node.link(oldest);
      oldest = node;
      node = next;
    }
    while (oldest != null) {
      T next = oldest.linked();
      oldest.link(null);
      consumer.accept(oldest);
      oldest = next;
    }
  }
}
