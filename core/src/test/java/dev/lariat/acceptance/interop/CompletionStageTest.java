package dev.lariat.acceptance.interop;

import static dev.lariat.Asyncio.await;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.setEventLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static dev.lariat.Asyncio.wrapFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** FUT-9: futures of java.util.concurrent, both ways. */
class CompletionStageTest extends LoopTest {
  @AfterEach
  void unset() {
    setEventLoop(null);
  }

  private static <T> Future<T> wrap(CompletableFuture<T> stage) {
    return wrapFuture((CompletionStage<T>) stage);
  }

  // -- a stage, awaited --------------------------------------------------------------------------

  @Test
  @DisplayName(
      "FUT-9 a stage that another thread completes wakes the awaiter, on the loop's thread")
  void completedElsewhere() {
    run(() -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      Thread loopThread = Thread.currentThread();
      Task<Boolean> completer = createTask(() -> toThread(() -> stage.complete("value")));
      assertThat(await(stage)).isEqualTo("value");
      completer.await();
      assertThat(Thread.currentThread()).isSameAs(loopThread);
    });
  }

  @Test
  @DisplayName("FUT-9 a stage that is done already gives its value; null is a value")
  void alreadyDone() {
    run(() -> {
      assertThat(await(CompletableFuture.completedFuture("value"))).isEqualTo("value");
      assertThat(await(CompletableFuture.completedStage("stage"))).isEqualTo("stage");
      assertThat(await(CompletableFuture.<String>completedFuture(null))).isNull();
    });
  }

  @Test
  @DisplayName(
      "FUT-9 a stage's exception is thrown: unchecked as it is, checked as a cause, unwrapped of stages")
  void stageFails() {
    run(() -> {
      RuntimeException unchecked = new ArithmeticException();
      IOException checked = new IOException();
      assertThatThrownBy(() -> await(CompletableFuture.failedFuture(unchecked)))
          .isSameAs(unchecked);
      assertThatThrownBy(() -> await(CompletableFuture.failedFuture(checked)))
          .isExactlyInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(checked);
      CompletionStage<Object> dependent =
          CompletableFuture.failedFuture(checked).thenApply(value -> value);
      Future<Object> wrapped = wrapFuture(dependent);
      sleep(Duration.ofSeconds(1));
      assertThat(wrapped.exception()).isSameAs(checked);
    });
  }

  @Test
  @DisplayName("FUT-9 cancelling the awaiting task cancels the stage")
  void cancelTask() {
    run(() -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      Task<String> task = createTask(() -> await(stage));
      sleep(Duration.ZERO);
      task.cancel("why");
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("why");
      sleep(Duration.ZERO);
      assertThat(stage.isCancelled()).isTrue();
    });
  }

  @Test
  @DisplayName("FUT-9 cancelling the stage, on any thread, cancels the awaiting task")
  void cancelStage() {
    run(() -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      Task<String> task = createTask(() -> await(stage));
      sleep(Duration.ZERO);
      toThread(() -> stage.cancel(true));
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      assertThat(task.cancelled()).isTrue();
      assertThat(task.cancelling()).as("nobody asked the task").isZero();
    });
  }

  @Test
  @DisplayName("FUT-9 a timeout of the stage's own is an exception like any other")
  void stageTimesOut() {
    run(() -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      stage.completeExceptionally(new java.util.concurrent.TimeoutException());
      assertThatThrownBy(() -> await(stage))
          .cause()
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    });
  }

  @Test
  @DisplayName("FUT-9 of outcome and cancellation the first wins, and nobody is told of the other")
  void race() {
    run(() -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      Future<String> future = wrap(stage);
      stage.complete("value");
      future.cancel(); // before the loop was told
      sleep(Duration.ofSeconds(1));
      assertThat(future.cancelled()).isTrue();
      assertThat(stage.isCancelled()).isFalse();
      Future<String> second = wrap(new CompletableFuture<>());
      second.setResult("by hand");
      assertThat(second.await()).isEqualTo("by hand");
    });
  }

  @Test
  @DisplayName("FUT-9 the wrapper's callbacks run through the loop, never inside complete")
  void neverInline() {
    run(() -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      Future<String> future = wrap(stage);
      future.addDoneCallback(done -> trace.add("callback"));
      stage.complete("value");
      trace.add("completed");
      assertThat(future.done()).isFalse();
      sleep(Duration.ofSeconds(1));
    });
    trace.assertEvents("completed", "callback");
  }

  @Test
  @DisplayName(
      "FUT-9 wrapFuture uses the loop set for the thread while none runs, and needs one of them")
  void needsLoop() {
    CompletableFuture<String> stage = CompletableFuture.completedFuture("value");
    assertThatIllegalStateException()
        .isThrownBy(() -> wrap(stage))
        .withMessageContaining("There is no current event loop");
    setEventLoop(loop);
    Future<String> future = wrap(stage);
    assertThat(future.getLoop()).isSameAs(loop);
    assertThat(loop.runUntilComplete(future)).isEqualTo("value");
  }

  @Test
  @DisplayName("FUT-9 a stage that completes after the loop was closed is dropped")
  void loopClosed() {
    setEventLoop(loop);
    CompletableFuture<String> stage = new CompletableFuture<>();
    Future<String> future = wrap(stage);
    loop.close();
    assertThat(stage.complete("too late")).isTrue();
    assertThat(future.done()).isFalse();
  }

  @Test
  @DisplayName(
      "FUT-9 null is refused by name, and nothing is left that virtual time would wait for")
  void refusesNull() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      polled.runUntilComplete(() -> {
        assertThatNullPointerException()
            .isThrownBy(() -> wrapFuture((CompletionStage<String>) null))
            .withMessageContaining("stage");
        assertThatNullPointerException()
            .isThrownBy(() -> wrapFuture((java.util.concurrent.Future<String>) null));
        CompletionStage<String> stage = new CompletableFuture<>();
        Future<String> future = wrapFuture(stage);
        assertThat(poller.working).isEqualTo(1);
        future.cancel();
        sleep(Duration.ZERO);
        return null;
      });
      assertThat(poller.working).isZero();
    }
  }

  @Test
  @DisplayName(
      "FUT-9 a CompletableFuture, which is both a stage and a Future, can be wrapped without a cast")
  void noCastNeeded() throws NoSuchMethodException {
    // By reflection: written as a call, it would not compile while the overloads are ambiguous.
    assertThat(Asyncio.class.getMethod("wrapFuture", CompletableFuture.class)).isNotNull();
  }

  // -- a plain Future, wrapped -------------------------------------------------------------------

  @Test
  @DisplayName(
      "FUT-9 a plain java.util.concurrent.Future gives its value, its exception, its cancellation")
  void plainFuture() {
    run(() -> {
      FutureTask<String> value = new FutureTask<>(() -> "value");
      Future<String> wrapped = wrapFuture(value);
      toThread(value::run);
      assertThat(wrapped.await()).isEqualTo("value");

      IOException error = new IOException();
      FutureTask<String> failing =
          new FutureTask<>(() -> {
            throw error;
          });
      failing.run();
      Future<String> wrappedFailing = wrapFuture(failing);
      assertThatThrownBy(wrappedFailing::await).cause().isSameAs(error);
      assertThat(wrappedFailing.exception()).isSameAs(error);

      FutureTask<String> cancelled = new FutureTask<>(() -> "never");
      Future<String> wrappedCancelled = wrapFuture(cancelled);
      cancelled.cancel(false);
      assertThatThrownBy(wrappedCancelled::await).isInstanceOf(CancelledError.class);
    });
  }

  @Test
  @DisplayName("FUT-9 cancelling the wrapper of a plain Future interrupts its thread")
  void cancelPlainFuture() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    run(() -> {
      FutureTask<String> blocked =
          new FutureTask<>(() -> {
            started.countDown();
            try {
              new CountDownLatch(1).await();
              return "released";
            } catch (InterruptedException e) {
              interrupted.countDown();
              throw e;
            }
          });
      Thread.ofPlatform().daemon().start(blocked);
      Future<String> future = wrapFuture(blocked);
      started.await();
      future.cancel();
      sleep(Duration.ZERO);
      assertThat(blocked.isCancelled()).isTrue();
    });
    interrupted.await();
  }

  @Test
  @DisplayName("FUT-9 a CompletableFuture given as a plain Future is no other than the stage")
  void completableAsPlain() {
    run(() -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      java.util.concurrent.Future<String> plain = stage;
      Future<String> future = wrapFuture(plain);
      stage.complete("value");
      assertThat(future.await()).isEqualTo("value");
    });
  }

  // -- a future of ours, handed out --------------------------------------------------------------

  @Test
  @DisplayName("FUT-9 toCompletableFuture has the value, the exception or the cancellation")
  void handedOut() throws Exception {
    Future<String> value = loop.createFuture();
    Future<String> failed = loop.createFuture();
    Future<String> cancelled = loop.createFuture();
    CompletableFuture<String> valueOut = value.toCompletableFuture();
    CompletableFuture<String> failedOut = failed.toCompletableFuture();
    CompletableFuture<String> cancelledOut = cancelled.toCompletableFuture();
    IOException error = new IOException();
    value.setResult("value");
    failed.setException(error);
    cancelled.cancel("why");
    assertThat(valueOut).isNotDone();
    iterate();
    assertThat(valueOut.get()).isEqualTo("value");
    assertThatThrownBy(failedOut::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isSameAs(error);
    assertThat(cancelledOut).isCancelled();
    assertThatThrownBy(cancelledOut::get).isInstanceOf(CancellationException.class);
    iterate();
  }

  @Test
  @DisplayName("FUT-9 of a future that is done already, an iteration later")
  void handedOutDone() {
    Future<String> future = loop.createFuture();
    future.setResult("value");
    CompletableFuture<String> out = future.toCompletableFuture();
    iterate();
    assertThat(out).isCompletedWithValue("value");
  }

  @Test
  @DisplayName("FUT-9 cancelling what was handed out, on any thread, cancels the task")
  void cancelHandedOut() {
    run(() -> {
      Task<Void> task = createTask(() -> sleep(Duration.ofDays(1)));
      CompletableFuture<Void> out = task.toCompletableFuture();
      sleep(Duration.ZERO);
      toThread(() -> out.cancel(true));
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
    });
  }

  @Test
  @DisplayName("FUT-9 completing what was handed out by hand leaves the task alone")
  void completeHandedOut() {
    run(() -> {
      Task<String> task = createTask(() -> sleep(Duration.ofSeconds(1), "task's"));
      CompletableFuture<String> out = task.toCompletableFuture();
      out.complete("by hand");
      assertThat(task.await()).isEqualTo("task's");
      sleep(Duration.ZERO);
      assertThat(out).isCompletedWithValue("by hand");
    });
  }

  @Test
  @DisplayName("FUT-9 a thread may wait for it with get; other stages may hang on it")
  void waitedFor() {
    run(() -> {
      Task<Integer> task = createTask(() -> sleep(Duration.ZERO, 20)); // the clock stands still
      CompletableFuture<Integer> out = task.toCompletableFuture().thenApply(n -> n + 1);
      Task<Integer> inThread = createTask(() -> toThread(() -> out.get()));
      assertThat(inThread.await()).isEqualTo(21);
    });
  }

  @Test
  @DisplayName(
      "FUT-9 when the loop closes, what was handed out and is pending fails: nobody waits for ever")
  void handedOutOfClosedLoop() {
    CompletableFuture<String> out = loop.<String>createFuture().toCompletableFuture();
    loop.close();
    assertThat(out).isCompletedExceptionally();
    assertThatThrownBy(out::get).hasMessageContaining("Event loop is closed");
    out.cancel(true);
  }

  @Test
  @DisplayName("FUT-9 there and back again: cancellation goes all the way, both ways")
  void thereAndBack() {
    run(() -> {
      Future<String> inner = loop.createFuture();
      Future<String> outer = wrap(inner.toCompletableFuture());
      outer.cancel();
      for (int i = 0; i < 4; i++) {
        sleep(Duration.ZERO);
      }
      assertThat(inner.cancelled()).isTrue();

      Future<String> inner2 = loop.createFuture();
      Future<String> outer2 = wrap(inner2.toCompletableFuture());
      inner2.cancel();
      sleep(Duration.ofSeconds(1));
      assertThat(outer2.cancelled()).isTrue();
    });
  }
}
