package dev.lariat;

import dev.lariat.queue.Queue;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Futures in the order they are done; made by {@link Asyncio#asCompleted}. Models what {@code
 * asyncio.as_completed} returns, both styles of it.
 *
 * <p>{@code for (Future<T> done : asCompleted(...))} suspends until the next is done, and gives the
 * finished future itself: Python's {@code async for}. {@link #coroutines} gives, without waiting, a
 * coroutine for each next result: Python's plain {@code for}. Both draw from one source, so they
 * may be mixed, and an iteration may be left and taken up again.
 *
 * <p><i>Thread</i>: the loop's.
 *
 * @param <T> the type of the values
 */
public final class AsCompleted<T extends @Nullable Object> implements Iterable<Future<T>> {
  private final Queue<Arrival<T>> arrivals = new Queue<>();
  private final Set<Future<T>> pending = new LinkedHashSet<>();
  private final Consumer<Future<T>> onDone = this::futureDone;
  private @Nullable TimerHandle alarm;
  private int left;

  /** A finished future, or null for the timeout. */
  private record Arrival<T extends @Nullable Object>(@Nullable Future<T> future) {}

  AsCompleted(Collection<? extends Awaitable<? extends T>> awaitables, @Nullable Duration timeout) {
    EventLoop loop = EventLoop.currentOrAssigned();
    for (Awaitable<? extends T> awaitable : new LinkedHashSet<>(awaitables)) {
      @SuppressWarnings("unchecked") // a future of a subtype is only read
      Future<T> future = (Future<T>) Futures.ensure(awaitable, loop);
      pending.add(future);
    }
    for (Future<T> future : pending) {
      future.addDoneCallback(onDone);
    }
    if (timeout != null && !pending.isEmpty()) {
      alarm = loop.callLater(timeout, this::timeOut);
    }
    left = pending.size();
  }

  private void futureDone(Future<T> future) {
    if (pending.remove(future)) {
      arrivals.putNowait(new Arrival<>(future));
      if (pending.isEmpty() && alarm != null) {
        alarm.cancel();
      }
    }
  }

  private void timeOut() {
    for (Future<T> future : pending) {
      future.removeDoneCallback(onDone);
      arrivals.putNowait(new Arrival<>(null));
    }
    pending.clear();
  }

  private Future<T> await() {
    Future<T> future = arrivals.get().future();
    if (future == null) {
      throw new TimeoutException();
    }
    return future;
  }

  private void take() {
    if (left == 0) {
      throw new NoSuchElementException("all futures were given out");
    }
    left--;
  }

  /**
   * The finished futures, one after the other.
   *
   * <p><i>Suspends</i>: {@code next} may. <i>Cancellable</i>: yes; that future is lost to this
   * iteration.
   *
   * @return an iterator whose {@code next} throws {@link TimeoutException} once time is up
   */
  @Override
  public Iterator<Future<T>> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return left > 0;
      }

      @Override
      public Future<T> next() {
        take();
        return await();
      }
    };
  }

  /**
   * A coroutine for each future; the first to be awaited gives the first result, whichever it is.
   *
   * <p><i>Suspends</i>: never here, maybe where a coroutine is awaited.
   *
   * @return the coroutines; each throws what its future failed with, or {@link TimeoutException}
   */
  public Iterable<Coroutine<T>> coroutines() {
    return () ->
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return left > 0;
          }

          @Override
          public Coroutine<T> next() {
            take();
            return () -> await().result();
          }
        };
  }
}
