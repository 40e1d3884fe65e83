package dev.lariat;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Between Lariat's futures and those of {@code java.util.concurrent}, cancellation both ways. */
final class Interop {
  private Interop() {}

  /** A future of {@code loop} for {@code stage}; cancelling either cancels the other. */
  static <T extends @Nullable Object> Future<T> wrap(CompletionStage<T> stage, EventLoop loop) {
    Objects.requireNonNull(stage, "stage");
    Future<T> future = loop.createFuture();
    CompletableFuture<T> source = stage.toCompletableFuture();
    future.addDoneCallback(done -> {
      if (done.cancelled()) {
        source.cancel(false);
      }
    });
    loop.scheduler.poller.workStarted();
    var _ = source.whenComplete((value, error) -> post(loop, () -> copy(source, future)));
    return future;
  }

  /**
   * A future of {@code loop} for a plain {@code java.util.concurrent.Future}, watched by a virtual
   * thread.
   */
  static <T extends @Nullable Object> Future<T> wrap(
      java.util.concurrent.Future<T> source, EventLoop loop) {
    Objects.requireNonNull(source, "future");
    if (source instanceof CompletionStage<?>) {
      @SuppressWarnings("unchecked") // one object, two views of one type
      CompletionStage<T> stage = (CompletionStage<T>) source;
      return wrap(stage, loop);
    }
    Future<T> future = loop.createFuture();
    future.addDoneCallback(done -> {
      if (done.cancelled()) {
        source.cancel(true);
      }
    });
    loop.scheduler.poller.workStarted();
    Thread.ofVirtual()
        .name("asyncio_wrap")
        .start(() -> {
          waitFor(source);
          post(loop, () -> copy(source, future));
        });
    return future;
  }

  private static void waitFor(java.util.concurrent.Future<?> source) {
    try {
      source.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | CancellationException e) {
      // copy() looks at it
    }
  }

  private static void post(EventLoop loop, Runnable copy) {
    try {
      loop.callSoonThreadsafe(copy);
    } catch (IllegalStateException closed) {
      // the loop is closed: nobody waits for the outcome any more
    } finally {
      loop.scheduler.poller.workFinished();
    }
  }

  /** Gives {@code future} the outcome of {@code source}, which is done. On the loop's thread. */
  static <T extends @Nullable Object> void copy(
      java.util.concurrent.Future<T> source, Future<T> future) {
    if (future.done()) {
      return;
    }
    switch (source.state()) {
      case SUCCESS -> future.setResult(source.resultNow());
      case FAILED -> future.setException(unwrap(source.exceptionNow()));
      default -> future.cancel();
    }
  }

  private static Throwable unwrap(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  static <T extends @Nullable Object> CompletableFuture<T> toCompletableFuture(Future<T> future) {
    CompletableFuture<T> promise = new CompletableFuture<>();
    future.loop.executors.promise(promise);
    chain(future, promise);
    return promise;
  }

  /**
   * Completes {@code promise} with {@code future}; cancelling the promise, on any thread, cancels
   * the future.
   */
  static <T extends @Nullable Object> void chain(Future<T> future, CompletableFuture<T> promise) {
    future.addDoneCallback(done -> complete(promise, done));
    var _ =
        promise.whenComplete((value, error) -> {
          if (promise.isCancelled()) {
            cancel(future);
          }
        });
  }

  private static <T extends @Nullable Object> void complete(
      CompletableFuture<T> promise, Future<T> done) {
    if (done.cancelled()) {
      promise.cancel(false);
      return;
    }
    Throwable error = done.exception();
    if (error != null) {
      promise.completeExceptionally(error);
    } else {
      promise.complete(done.result());
    }
  }

  private static void cancel(Future<?> future) {
    try {
      future.loop.callSoonThreadsafe(future::cancel);
    } catch (IllegalStateException closed) {
      // a closed loop has ended the future already
    }
  }
}
