package dev.lariat;

import java.lang.ref.Reference;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values made one at a time by code that may await between them: Python's {@code async def} with
 * {@code yield}. Made by {@link Asyncio#asyncGenerator}; runs when asked for a value, in the task
 * that asks.
 *
 * <pre>{@code
 * try (var ticks = asyncGenerator((Yielder<Integer> out) -> {
 *       for (int i = 0; ; i++) { sleep(Duration.ofSeconds(1)); out.yield(i); }
 *     })) {
 *   for (int tick : ticks) { ... }
 * }
 * }</pre>
 *
 * <p>One that is left half way is closed by {@link #close}, by the loop's shutdown, or some time
 * after nobody refers to it: its {@code finally} blocks run then.
 *
 * <p><i>Thread</i>: the loop's.
 *
 * @param <T> the type of the values
 */
public final class AsyncGenerator<T extends @Nullable Object>
    implements Iterable<T>, AutoCloseable {
  private final GeneratorState<T> state;

  AsyncGenerator(Body<T> body) {
    state = new GeneratorState<>(Objects.requireNonNull(body, "body"));
  }

  /**
   * The body of a generator.
   *
   * @param <T> the type of the values
   */
  @FunctionalInterface
  public interface Body<T extends @Nullable Object> {
    /**
     * Makes the values. Must not refer to the generator itself.
     *
     * @param out takes them
     * @throws Exception thrown to whoever asked for a value
     */
    void run(Yielder<T> out) throws Exception;
  }

  /**
   * Takes the values of a generator.
   *
   * @param <T> the type of the values
   */
  @FunctionalInterface
  public interface Yielder<T extends @Nullable Object> {
    /**
     * Hands out a value, and waits until the next is asked for.
     *
     * @param value the value
     * @throws IllegalStateException outside the generator's body
     */
    void yield(T value);
  }

  /**
   * Whether there is another value; computes it. Models {@code __anext__}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; that ends the generator.
   *
   * @return false when the body has ended
   * @throws IllegalStateException if another task is inside this generator
   */
  public boolean advance() {
    if (state.firstUse()) {
      EventLoop.requireRunning().generators.register(this, state);
    }
    try {
      return state.advance();
    } finally {
      Reference.reachabilityFence(
          this); // or it may be collected, and closed, while it is suspended
    }
  }

  /** {@return the value that {@link #advance} found} */
  public T current() {
    return state.current();
  }

  /**
   * The values. <i>Suspends</i>: {@code hasNext} and {@code next} may.
   *
   * @return an iterator; all iterators of one generator share its progress
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private boolean known;
      private boolean more;

      @Override
      public boolean hasNext() {
        if (!known) {
          more = advance();
          known = true;
        }
        return more;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the generator has ended");
        }
        known = false;
        return current();
      }
    };
  }

  /**
   * Ends the generator: {@link GeneratorExit} is thrown where it stands, so that its {@code
   * finally} blocks run. Does nothing if it has ended. Models {@code aclose}.
   *
   * <p><i>Suspends</i>: if the {@code finally} blocks do. <i>Cancellable</i>: yes.
   *
   * @throws IllegalStateException if the body yields again, or another task is inside it
   */
  @Override
  public void close() {
    state.close();
  }
}
