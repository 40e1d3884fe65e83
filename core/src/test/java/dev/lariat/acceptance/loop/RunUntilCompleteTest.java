package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Awaitable;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.acceptance.LoopTest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-2 and LOOP-4. */
class RunUntilCompleteTest extends LoopTest {
  // -- LOOP-2 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-2 a coroutine is run in a task, and its value returned")
  void returnsValue() {
    int value =
        loop.runUntilComplete(() -> {
          trace.add(Asyncio.currentTask() != null);
          return sleep(Duration.ofSeconds(1), 42);
        });
    assertThat(value).isEqualTo(42);
    trace.assertEvents(true);
  }

  @Test
  @DisplayName("LOOP-2 what the coroutine throws is thrown: unchecked as it is, checked as a cause")
  void throwsException() {
    RuntimeException unchecked = new ArithmeticException();
    assertThatThrownBy(() ->
            run(() -> {
              throw unchecked;
            }))
        .isSameAs(unchecked);
    IOException checked = new IOException();
    assertThatThrownBy(() ->
            run(() -> {
              throw checked;
            }))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isSameAs(checked);
  }

  @Test
  @DisplayName("LOOP-2 a future of the loop is waited for, one that is done already too")
  void runsFuture() {
    var future = loop.<String>createFuture();
    loop.callLater(Duration.ofSeconds(1), () -> future.setResult("value"));
    assertThat(loop.runUntilComplete(future)).isEqualTo("value");
    assertThat(loop.runUntilComplete(future)).isEqualTo("value");
    var cancelled = loop.<String>createFuture();
    cancelled.cancel("why");
    assertThatThrownBy(() -> loop.runUntilComplete(cancelled))
        .isInstanceOf(CancelledError.class)
        .hasMessage("why");
  }

  @Test
  @DisplayName("LOOP-2 a done future: the iteration that is needed to stop runs what is ready")
  void doneFutureRunsReady() {
    loop.callSoon(trace.adds("ready"));
    var future = loop.<Integer>createFuture();
    future.setResult(1);
    loop.runUntilComplete(future);
    trace.assertEvents("ready");
  }

  @Test
  @DisplayName("LOOP-2 a future of another loop is refused")
  void refusesForeignFuture() {
    try (EventLoop other = newLoop()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loop.runUntilComplete(other.createFuture()))
          .withMessageContaining("different loop");
    }
  }

  @Test
  @DisplayName("LOOP-2 null is refused by name")
  void refusesNull() {
    assertThatNullPointerException().isThrownBy(() -> loop.runUntilComplete((Awaitable<?>) null));
    assertThatNullPointerException().isThrownBy(() -> loop.runUntilComplete((Action) null));
  }

  @Test
  @DisplayName("LOOP-2 stopped before it was done: an error; the future can be run again")
  void stoppedBefore() {
    var task =
        loop.createTask(() -> {
          loop.stop();
          return sleep(Duration.ofSeconds(1), "later");
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> loop.runUntilComplete(task))
        .withMessage("Event loop stopped before Future completed.");
    assertThat(loop.runUntilComplete(task)).isEqualTo("later");
  }

  @Test
  @DisplayName("LOOP-2 the task that it made itself is never reported as destroyed")
  void ownTaskIsSilent() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            run(() -> {
              loop.stop();
              sleep(Duration.ofDays(1));
            }));
    loop.close();
    assertThat(takeReports()).isEmpty();
  }

  @Test
  @DisplayName("LOOP-2 a fatal error leaves no stop behind that would end the next run")
  void fatalErrorLeavesNoStop() {
    assertThatThrownBy(() ->
            run(() -> {
              throw new KeyboardInterrupt();
            }))
        .isInstanceOf(KeyboardInterrupt.class);
    loop.callLater(
        Duration.ofSeconds(1),
        () -> {
          trace.add("ran");
          loop.stop();
        });
    loop.runForever();
    trace.assertEvents("ran");
  }

  @Test
  @DisplayName(
      "LOOP-2 a future whose run was broken off does not stop a later run when it completes")
  void brokenOffRunRemovesItsCallback() {
    loop.callSoon(() -> {
      throw new KeyboardInterrupt();
    });
    assertThatThrownBy(() -> run(() -> sleep(Duration.ofMillis(100))))
        .isInstanceOf(KeyboardInterrupt.class);
    run(() -> sleep(Duration.ofMillis(200)));
    assertThat(loop.time()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  @DisplayName("LOOP-2 other tasks go on while it runs, and in the next run")
  void otherTasksGoOn() {
    loop.createTask(() -> {
      for (int i = 1; i <= 4; i++) {
        sleep(Duration.ofSeconds(1));
        trace.add(i);
      }
    });
    run(() -> sleep(Duration.ofMillis(2500)));
    trace.assertEvents(1, 2);
    run(() -> sleep(Duration.ofMillis(2500)));
    trace.assertEvents(3, 4);
  }

  @Test
  @DisplayName("LOOP-2 its task is seen by nobody once it is done")
  void forgetsTask() {
    run(() -> sleep(Duration.ZERO));
    assertThat(Asyncio.allTasks(loop)).isEmpty();
  }

  // -- LOOP-4 ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-4 a loop that runs cannot be run: runForever and runUntilComplete, in task and callback")
  void alreadyRunning() {
    Action both =
        () -> {
          assertThatIllegalStateException()
              .isThrownBy(loop::runForever)
              .withMessage("This event loop is already running");
          assertThatIllegalStateException()
              .isThrownBy(() ->
                  loop.runUntilComplete(() -> {
                    throw trace.unreachable();
                  }))
              .withMessage("This event loop is already running");
          trace.add("refused");
        };
    run(() -> {
      both.run();
      sleep(Duration.ZERO);
      both.run();
    });
    loop.callSoon(() -> {
      try {
        both.run();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
    iterate();
    trace.assertEvents("refused", "refused", "refused");
    assertThat(Asyncio.allTasks(loop)).as("left by the refused calls").isEmpty();
  }

  @Test
  @DisplayName("LOOP-4 another loop cannot run in this thread, and is not harmed by the try")
  void anotherLoopRuns() {
    try (EventLoop other = newLoop()) {
      run(() -> {
        assertThatIllegalStateException()
            .isThrownBy(other::runForever)
            .withMessageContaining("Cannot run the event loop while another loop is running");
        assertThatIllegalStateException()
            .isThrownBy(() -> other.runUntilComplete(() -> 1))
            .withMessageContaining("Cannot run the event loop while another loop is running");
        assertThat(other.isRunning()).isFalse();
        createTask(trace::events).await();
      });
      assertThat(other.runUntilComplete(() -> 2)).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("LOOP-4 a loop that runs in one thread cannot be run in another")
  void runningElsewhere() {
    loop.callSoon(() ->
        assertThat(inOtherThread(loop::runForever))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("This event loop is already running"));
    iterate();
  }

  @Test
  @DisplayName("LOOP-4 two threads may each run a loop of their own at the same time")
  void twoThreads() {
    run(() ->
        assertThat(
                inOtherThread(() -> {
                  try (EventLoop other = newLoop()) {
                    other.runUntilComplete(() -> sleep(Duration.ofSeconds(1)));
                  }
                }))
            .isNull());
  }
}
