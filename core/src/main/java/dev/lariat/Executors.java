package dev.lariat;

import dev.lariat.internal.Durations;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The work that a loop hands to other threads, and what other threads wait for from it. */
final class Executors {
  private final EventLoop loop;
  private @Nullable ExecutorService standard;
  private boolean shutDown;

  /** What other threads were given to wait on; nobody may wait for ever because the loop closed. */
  private final Set<CompletableFuture<?>> promised = ConcurrentHashMap.newKeySet();

  Executors(EventLoop loop) {
    this.loop = loop;
  }

  void setDefault(ExecutorService executor) {
    standard = executor;
  }

  private ExecutorService standard() {
    if (shutDown) {
      throw new IllegalStateException("Executor shutdown has been called");
    }
    if (standard == null) {
      standard =
          java.util.concurrent.Executors.newThreadPerTaskExecutor(
              Thread.ofVirtual().name("asyncio_", 0).factory());
    }
    return standard;
  }

  /**
   * Runs {@code function} on an executor. If {@code interrupt}, cancelling the future interrupts
   * its thread.
   */
  <T extends @Nullable Object> Future<T> submit(
      @Nullable Executor executor, Callable<T> function, boolean interrupt) {
    Executor target = executor == null ? standard() : executor;
    Future<T> future = loop.createFuture();
    Work<T> work = new Work<>(future, function);
    loop.scheduler.poller.workStarted();
    try {
      target.execute(work);
    } catch (Throwable refused) { // rejected; or the executor is broken
      loop.scheduler.poller.workFinished();
      throw refused;
    }
    future.addDoneCallback(done -> {
      if (done.cancelled()) {
        work.cancel(interrupt);
      }
    });
    return future;
  }

  /** A function on its way through an executor; brings its outcome home. */
  private final class Work<T extends @Nullable Object> extends FutureTask<T> {
    private final Future<T> future;

    Work(Future<T> future, Callable<T> function) {
      super(function);
      this.future = future;
    }

    @Override
    protected void done() {
      try {
        loop.callSoonThreadsafe(() -> Interop.copy(this, future));
      } catch (IllegalStateException closed) {
        // the loop is gone, and with it everybody who waited
      } finally {
        loop.scheduler.poller.workFinished();
      }
    }
  }

  /** Fails {@code promise} when the loop closes, unless it is done by then. */
  void promise(CompletableFuture<?> promise) {
    promised.add(promise);
    var _ = promise.whenComplete((value, error) -> promised.remove(promise));
  }

  void shutdown(@Nullable Duration timeout) {
    shutDown = true;
    ExecutorService executor = standard;
    if (executor == null) {
      return;
    }
    standard = null;
    executor.shutdown();
    long nanos = timeout == null ? Long.MAX_VALUE : Durations.toNanos(timeout);
    Future<Boolean> ended = loop.createFuture();
    loop.scheduler.poller.workStarted();
    Thread.ofVirtual().name("asyncio_shutdown").start(() -> join(executor, nanos, ended));
    if (!ended.await()) {
      Diagnostics.log(
          Level.WARNING,
          "The executor did not finish joining its threads within "
              + timeout
              + "; they go on by themselves");
    }
  }

  private void join(ExecutorService executor, long nanos, Future<Boolean> ended) {
    boolean terminated = false;
    try {
      terminated = executor.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean outcome = terminated;
    try {
      loop.callSoonThreadsafe(() -> {
        if (!ended.done()) {
          ended.setResult(outcome);
        }
      });
    } catch (IllegalStateException closed) {
      // nobody waits any more
    } finally {
      loop.scheduler.poller.workFinished();
    }
  }

  /** Lets the threads of the default executor end by themselves, without waiting. */
  void close() {
    shutDown = true;
    if (standard != null) {
      standard.shutdown();
      standard = null;
    }
    for (CompletableFuture<?> promise : promised) {
      promise.completeExceptionally(Misuse.closed());
    }
  }
}
