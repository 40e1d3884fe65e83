package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.runCoroutineThreadsafe;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.EventLoop;
import dev.lariat.Handle;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-5: a closed loop. */
class CloseTest extends LoopTest {
  private static final Runnable NOTHING = () -> {};

  @Test
  @DisplayName("LOOP-5 close twice is close once; isClosed tells; the poller is closed once")
  void closesOnce() {
    RecordingPoller poller = new RecordingPoller();
    EventLoop polled = new EventLoop(poller);
    assertThat(polled.isClosed()).isFalse();
    polled.close();
    assertThat(polled.isClosed()).isTrue();
    polled.close();
    assertThat(poller.closed).isEqualTo(1);
  }

  @Test
  @DisplayName("LOOP-5 a running loop cannot be closed, not by its own thread and not by another")
  void runningLoop() {
    run(() -> {
      assertThatIllegalStateException()
          .isThrownBy(loop::close)
          .withMessage("Cannot close a running event loop");
      assertThat(inOtherThread(loop::close))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot close a running event loop");
      assertThat(sleep(Duration.ofSeconds(1), "goes on")).isEqualTo("goes on");
    });
    assertThat(loop.isClosed()).isFalse();
  }

  @Test
  @DisplayName("LOOP-5 all that would run or schedule says that the loop is closed")
  void refusesEverything() {
    var pending = loop.<Integer>createFuture();
    var done = loop.<Integer>createFuture();
    done.setResult(1);
    loop.close();
    List<ThrowingCallable> calls =
        List.of(
            loop::runForever,
            () -> loop.runUntilComplete(() -> 1),
            () -> loop.runUntilComplete(done),
            () -> loop.callSoon(NOTHING),
            () -> loop.callSoonThreadsafe(NOTHING),
            () -> loop.callLater(Duration.ofSeconds(1), NOTHING),
            () -> loop.callAt(Duration.ofSeconds(1), NOTHING),
            () -> loop.createTask(() -> 1),
            () -> loop.runInExecutor(null, () -> 1),
            () -> loop.runInExecutor(Runnable::run, () -> 1),
            () -> runCoroutineThreadsafe(() -> 1, loop),
            () -> done.addDoneCallback(f -> {}),
            () -> pending.addDoneCallback(f -> {}));
    for (ThrowingCallable call : calls) {
      assertThatIllegalStateException()
          .as("call %d", calls.indexOf(call))
          .isThrownBy(call)
          .withMessage("Event loop is closed");
    }
  }

  @Test
  @DisplayName("LOOP-5 what only asks still works: time, debug, futures without callbacks, text")
  void stillAnswers() {
    var future = loop.<Integer>createFuture();
    loop.close();
    future.setResult(1);
    assertThat(future.result()).isEqualTo(1);
    assertThat(loop.time()).isNotNull();
    assertThat(loop.getDebug()).isFalse();
    assertThat(loop.isRunning()).isFalse();
    assertThat(loop).asString().contains("closed");
    loop.stop();
  }

  @Test
  @DisplayName("LOOP-5 ready and scheduled callbacks are dropped, from other threads too")
  void dropsCallbacks() {
    Runnable fails =
        () -> {
          throw trace.unreachable();
        };
    loop.callSoon(fails);
    loop.callLater(Duration.ZERO, fails);
    loop.callLater(Duration.ofSeconds(1), fails);
    var posted = new Handle[1];
    inOtherThread(() -> posted[0] = loop.callSoonThreadsafe(fails));
    loop.close();
    assertThat(posted[0].cancelled()).isTrue();
    trace.assertEvents();
  }

  @Test
  @DisplayName("LOOP-5 a timer may be cancelled after the loop was closed")
  void cancelsAfterwards() {
    var timer = loop.callLater(Duration.ofSeconds(1), NOTHING);
    var soon = loop.callSoon(NOTHING);
    loop.close();
    timer.cancel();
    soon.cancel();
    assertThat(timer.cancelled()).isTrue();
    assertThat(soon.cancelled()).isTrue();
  }

  @Test
  @DisplayName(
      "LOOP-5 finally blocks of suspended tasks run, with the loop closed, and cannot wait")
  void unwindsTasks() {
    var never = loop.<Void>createFuture();
    loop.createTask(() -> {
      try {
        sleep(Duration.ofDays(1));
      } finally {
        trace.add("finally, closed " + loop.isClosed());
        assertThatIllegalStateException()
            .isThrownBy(() -> sleep(Duration.ZERO))
            .withMessageContaining("Cannot await while the event loop closes");
        assertThatIllegalStateException()
            .isThrownBy(() -> never.await())
            .withMessageContaining("Cannot await while the event loop closes");
        assertThatIllegalStateException()
            .isThrownBy(() -> sleep(Duration.ofSeconds(1)))
            .withMessage("Event loop is closed");
        assertThatIllegalStateException()
            .isThrownBy(() -> createTask(() -> {}))
            .withMessage("Event loop is closed");
        trace.add("end of finally");
      }
    });
    iterate();
    loop.close();
    trace.assertEvents("finally, closed true", "end of finally");
    assertThat(takeReport().message()).isEqualTo("Task was destroyed but it is pending!");
  }

  @Test
  @DisplayName(
      "LOOP-5 a finally block that fails is reported, the other tasks are unwound all the same")
  void unwindsTheRest() {
    for (int i = 0; i < 3; i++) {
      String name = "task " + i;
      loop.createTask(() -> {
        try {
          sleep(Duration.ofDays(1));
        } catch (Throwable leaving) {
          trace.add(name);
          throw new ArithmeticException(name);
        }
      });
    }
    iterate();
    loop.close();
    trace.assertEvents("task 0", "task 1", "task 2");
    assertThat(takeReports())
        .extracting(
            report -> report.exception() == null ? "pending" : report.exception().getMessage())
        .containsExactlyInAnyOrder("pending", "task 0", "pending", "task 1", "pending", "task 2");
  }

  @Test
  @DisplayName("LOOP-5 a task that swallows the unwinding and returns ends all the same")
  void stubbornTask() {
    var task =
        loop.createTask(() -> {
          while (true) {
            try {
              sleep(Duration.ofDays(1));
            } catch (Throwable swallowed) {
              trace.add(swallowed.getClass().getSimpleName());
              if (trace.events().size() == 3) {
                return "value";
              }
            }
          }
        });
    iterate();
    loop.close();
    trace.assertEvents("GeneratorExit", "IllegalStateException", "IllegalStateException");
    assertThat(task.done()).isTrue();
    takeReport();
  }

  @Test
  @DisplayName("LOOP-5 the default executor is shut down, and not waited for")
  void shutsExecutorDown() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    CountDownLatch release = new CountDownLatch(1);
    loop.setDefaultExecutor(executor);
    loop.runInExecutor(
        null,
        () -> {
          release.await();
          return null;
        });
    loop.close();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).as("the thread goes on").isFalse();
    release.countDown();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @DisplayName("LOOP-5 a loop is closed by try-with-resources")
  void autoCloseable() {
    EventLoop used;
    try (EventLoop other = newLoop()) {
      used = other;
    }
    assertThat(used.isClosed()).isTrue();
  }
}
