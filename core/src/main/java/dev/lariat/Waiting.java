package dev.lariat;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code wait}, {@code waitFor} and {@code shield}. */
final class Waiting {
  private Waiting() {}

  // -- wait --------------------------------------------------------------------------------------

  static <T extends @Nullable Object> Waited<T> wait(
      Collection<? extends Future<? extends T>> futures,
      @Nullable Duration timeout,
      ReturnWhen returnWhen) {
    Objects.requireNonNull(returnWhen, "returnWhen");
    Set<Future<? extends T>> all = new LinkedHashSet<>(futures);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("Set of Futures is empty: there is nothing to wait for");
    }
    EventLoop loop = EventLoop.requireCurrentTask().loop;
    new Wait(loop, List.copyOf(all), returnWhen).run(timeout);
    Set<Future<? extends T>> done = new LinkedHashSet<>();
    Set<Future<? extends T>> pending = new LinkedHashSet<>();
    for (Future<? extends T> future : all) {
      (future.done() ? done : pending).add(future);
    }
    return new Waited<>(Collections.unmodifiableSet(done), Collections.unmodifiableSet(pending));
  }

  /** One call of wait: counts completions, and releases its waiter at the one that matters. */
  private static final class Wait {
    private final List<Future<?>> futures;
    private final ReturnWhen returnWhen;
    private final EventLoop loop;
    private final Future<@Nullable Void> waiter;
    private final Consumer<Future<?>> onDone;
    private int pending;
    private @Nullable TimerHandle alarm;

    Wait(EventLoop loop, List<Future<?>> futures, ReturnWhen returnWhen) {
      this.loop = loop;
      this.futures = futures;
      this.returnWhen = returnWhen;
      this.waiter = loop.createFuture();
      this.onDone = new AwaitingCallback<>(EventLoop.requireCurrentTask(), this::futureDone);
    }

    void run(@Nullable Duration timeout) {
      if (timeout != null) {
        alarm = loop.callLater(timeout, () -> Futures.release(waiter));
      }
      pending = futures.size();
      for (Future<?> future : futures) {
        future.addDoneCallback(onDone);
      }
      try {
        waiter.await();
      } finally {
        stopAlarm();
        for (Future<?> future : futures) {
          future.removeDoneCallback(onDone);
        }
      }
    }

    private void futureDone(Future<?> future) {
      pending--;
      boolean failed = !future.cancelled() && future.exception() != null;
      if (pending <= 0
          || returnWhen == ReturnWhen.FIRST_COMPLETED
          || (returnWhen == ReturnWhen.FIRST_EXCEPTION && failed)) {
        stopAlarm();
        Futures.release(waiter);
      }
    }

    private void stopAlarm() {
      if (alarm != null) {
        alarm.cancel();
      }
    }
  }

  // -- waitFor -----------------------------------------------------------------------------------

  static <T extends @Nullable Object> T waitFor(
      Awaitable<T> awaitable, @Nullable Duration timeout) {
    if (timeout == null || (!timeout.isNegative() && !timeout.isZero())) {
      EventLoop loop = EventLoop.requireRunning();
      Duration when = timeout == null ? null : Duration.ofNanos(loop.scheduler.deadline(timeout));
      return new Timeout(when).run(scope -> Asyncio.await(awaitable));
    }
    Future<T> future = Futures.ensure(awaitable, null);
    if (future.done()) {
      return future.result();
    }
    cancelAndWait(future);
    try {
      return future.result();
    } catch (CancelledError cancelled) {
      throw new TimeoutException(cancelled);
    }
  }

  /**
   * Not by awaiting {@code future} itself, so that a cancel of this task is told from one of it.
   */
  private static void cancelAndWait(Future<?> future) {
    Future<@Nullable Void> waiter = future.loop.createFuture();
    Consumer<Future<?>> release = done -> Futures.release(waiter);
    future.addDoneCallback(release);
    try {
      future.cancel();
      waiter.await();
    } finally {
      future.removeDoneCallback(release);
    }
  }

  // -- shield ------------------------------------------------------------------------------------

  static <T extends @Nullable Object> Future<T> shield(Awaitable<T> awaitable) {
    Future<T> inner = Futures.ensure(awaitable, null);
    if (inner.done()) {
      return inner;
    }
    Future<T> outer = inner.loop.createFuture();
    Consumer<Future<T>> passOn = awaiting(inner.loop, done -> passOn(done, outer));
    inner.addDoneCallback(passOn);
    outer.addDoneCallback(ended -> {
      if (!inner.done()) {
        inner.removeDoneCallback(passOn);
        inner.removeDoneCallback(LATE_FAILURE); // one report, however many shields
        inner.addDoneCallback(LATE_FAILURE);
      }
    });
    return outer;
  }

  /** A callback by which the current task waits, if there is one. */
  static <F> Consumer<F> awaiting(EventLoop loop, Consumer<F> action) {
    Task<?> task = loop.scheduler.isLoopThread() ? loop.scheduler.current : null;
    return task == null ? action : new AwaitingCallback<>(task, action);
  }

  private static <T extends @Nullable Object> void passOn(Future<T> inner, Future<T> outer) {
    if (outer.cancelled()) {
      return;
    }
    if (inner.cancelled()) {
      outer.cancel();
      return;
    }
    Throwable error = inner.exception();
    if (error != null) {
      outer.setException(error);
    } else {
      outer.setResult(inner.result());
    }
  }

  /** When nobody waits behind the shield any more. */
  private static final Consumer<Future<?>> LATE_FAILURE =
      inner -> {
        Throwable error = inner.cancelled() ? null : inner.exception();
        if (error != null) {
          String message = error.getClass().getSimpleName() + " exception in shielded future";
          inner.loop.diagnostics.report(ExceptionContext.of(message, error, inner));
        }
      };
}
