package dev.lariat.acceptance.timeout;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.shield;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.waitFor;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import dev.lariat.context.ContextVar;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitForTest {
  private final Trace trace = new Trace();

  /** Sleeps until it is cancelled, takes a second to end, and notes that. */
  private Coroutine<String> slow() {
    return () -> {
      try {
        return sleep(LONG, "slept in");
      } finally {
        sleep(seconds(1));
        trace.add("ended");
      }
    };
  }

  private static @Nullable Duration nullable(@Nullable Integer seconds) {
    return seconds == null ? null : seconds(seconds);
  }

  // -- where it runs -----------------------------------------------------------------------------

  @ParameterizedTest
  @NullSource
  @ValueSource(ints = 60)
  @DisplayName("WF-1 the coroutine runs in the caller's task and context")
  void inTheCallersTask(@Nullable Integer timeout) {
    run(() -> {
      ContextVar<Integer> variable = ContextVar.of("variable");
      Task<?> caller = currentTask();
      String value =
          waitFor(
              (Coroutine<String>)
                  () -> {
                    assertThat(currentTask()).isSameAs(caller);
                    trace.add("at once");
                    variable.set(1);
                    return sleep(seconds(1), "done");
                  },
              nullable(timeout));
      assertThat(value).isEqualTo("done");
      assertThat(variable.get()).isEqualTo(1);
      trace.assertEvents("at once");
    });
  }

  @Test
  @DisplayName("WF-1 what it waits for may be done, or be done in the next tick")
  void futures() {
    run(() -> {
      Future<String> future = getRunningLoop().createFuture();
      getRunningLoop().callSoon(() -> future.setResult("ok"));
      assertThat(waitFor(future, seconds(1))).isEqualTo("ok");
      getRunningLoop().callSoon(trace.adds("not before the next await"));
      assertThat(waitFor(future, seconds(1))).isEqualTo("ok");
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("WF-1 its exceptions go through: unchecked as they are, checked as a cause")
  void exceptions() {
    run(() -> {
      UserError unchecked = new UserError("unchecked");
      IOException checked = new IOException("checked");
      assertThat(
              catchThrowable(
                  () -> waitFor(failing(seconds(1), unchecked).toCoroutine(), seconds(2))))
          .isSameAs(unchecked);
      assertThat(
              catchThrowable(() -> waitFor(failing(seconds(1), checked).toCoroutine(), seconds(2))))
          .isInstanceOf(CompletionException.class)
          .hasCause(checked);
    });
  }

  // -- timeouts ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("WF-2 a task that takes too long is cancelled and waited for, then TimeoutException")
  void waitsForTheCancelledTask(int timeout) {
    run(() -> {
      Task<String> task = createTask(slow());
      tick();
      assertThat(catchThrowable(() -> waitFor(task, seconds(timeout))))
          .isInstanceOf(TimeoutException.class)
          .hasCauseInstanceOf(CancelledError.class);
      assertThat(task.cancelled()).isTrue();
      trace.assertEvents("ended");
      assertThat(now()).isEqualTo(seconds(timeout + 1));
      assertThat(currentTask().cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("WF-2 so does a coroutine, which is no task")
  void waitsForTheCancelledCoroutine() {
    run(() -> {
      assertThat(catchThrowable(() -> waitFor(slow(), seconds(1))))
          .isInstanceOf(TimeoutException.class)
          .hasCauseInstanceOf(CancelledError.class);
      trace.assertEvents("ended");
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("WF-3 a task that ignores the cancel and returns: its value")
  void valueInSpiteOfTheTimeout(int timeout) {
    run(() -> {
      Task<Integer> task =
          createTask(() -> {
            try {
              return sleep(LONG, 1);
            } catch (CancelledError ignored) {
              return sleep(seconds(5), 42);
            }
          });
      tick();
      assertThat(waitFor(task, seconds(timeout))).isEqualTo(42);
      assertThat(now()).isEqualTo(seconds(timeout + 5));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("WF-3 a task that fails when it is cancelled: that exception")
  void exceptionInSpiteOfTheTimeout(int timeout) {
    run(() -> {
      UserError error = new UserError("cleanup");
      Task<Integer> task =
          createTask(() -> {
            try {
              return sleep(LONG, 1);
            } catch (CancelledError cancelled) {
              throw error;
            }
          });
      tick();
      assertThat(catchThrowable(() -> waitFor(task, seconds(timeout)))).isSameAs(error);
    });
  }

  // -- no time at all ----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  @DisplayName("WF-4 without time, a done future gives its outcome, at once")
  void doneFutures(int timeout) {
    run(() -> {
      getRunningLoop().callSoon(trace.adds("not before the next await"));
      Future<String> value = getRunningLoop().createFuture();
      value.setResult("done");
      assertThat(waitFor(value, seconds(timeout))).isEqualTo("done");

      UserError error = new UserError("error");
      Future<String> failed = getRunningLoop().createFuture();
      failed.setException(error);
      assertThat(catchThrowable(() -> waitFor(failed, seconds(timeout)))).isSameAs(error);

      Future<String> cancelled = getRunningLoop().createFuture();
      cancelled.cancel("why");
      assertThat(catchThrowable(() -> waitFor(cancelled, seconds(timeout))))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
      trace.assertEvents();
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  @DisplayName("WF-4 without time, a coroutine is not started")
  void coroutineIsNotStarted(int timeout) {
    run(() -> {
      Coroutine<Integer> never =
          () -> {
            throw trace.unreachable();
          };
      assertThat(catchThrowable(() -> waitFor(never, seconds(timeout))))
          .isInstanceOf(TimeoutException.class)
          .hasCauseInstanceOf(CancelledError.class);
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName(
      "WF-4 without time, a cancel of the waiting task is told from that of the awaited one")
  void cancelledWithoutTime() {
    run(() -> {
      Task<String> inner = createTask(slow());
      tick();
      Task<String> waiting = createTask(() -> waitFor(inner, Duration.ZERO));
      tick();
      waiting.cancel("outside");
      assertThat(catchThrowable(waiting::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("outside");
      trace.assertEvents();
      assertThat(catchThrowable(inner::await)).isInstanceOf(CancelledError.class);
      trace.assertEvents("ended");
    });
  }

  // -- cancelled from outside --------------------------------------------------------------------

  @ParameterizedTest
  @NullSource
  @ValueSource(ints = 60)
  @DisplayName("WF-5 a cancel of the waiting task cancels what it waits for")
  void cancelledWhileWaiting(@Nullable Integer timeout) {
    run(() -> {
      Task<String> inner = createTask(slow());
      Task<String> waiting = createTask(() -> waitFor(inner, nullable(timeout)));
      getRunningLoop().callSoon(waiting::cancel);
      assertThat(catchThrowable(waiting::await)).isInstanceOf(CancelledError.class);
      assertThat(inner.cancelled()).as("and it was waited for").isTrue();
      trace.assertEvents("ended");
    });
  }

  @Test
  @DisplayName("WF-5 a result in the tick of our own cancel does not swallow the cancel")
  void resultInTheTickOfTheCancel() {
    run(() -> {
      Task<String> inner = createTask(() -> sleep(Duration.ZERO, "done"));
      Task<Void> waiting =
          createTask(() -> {
            waitFor(inner, seconds(100));
            throw trace.unreachable();
          });
      tick();
      tick();
      assertThat(inner.done()).isTrue();
      assertThat(waiting.cancel()).isTrue();
      assertThat(catchThrowable(waiting::await)).isInstanceOf(CancelledError.class);
      assertThat(waiting.cancelled()).isTrue();
      assertThat(inner.result()).isEqualTo("done");
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("WF-5 a task that ignores our cancel returns its value, and we were cancelled once")
  void innerIgnoresTheCancel() {
    run(() -> {
      Task<Integer> waiting =
          createTask(() -> {
            int value =
                waitFor(
                    (Coroutine<Integer>)
                        () -> {
                          try {
                            return sleep(LONG, 1);
                          } catch (CancelledError ignored) {
                            return 2;
                          }
                        },
                    seconds(60));
            assertThat(currentTask().cancelling()).isEqualTo(1);
            return sleep(seconds(1), value);
          });
      tick();
      waiting.cancel();
      assertThat(waiting.await()).isEqualTo(2);
    });
  }

  // -- behind a shield ---------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("WF-6 behind a shield only the shield is cancelled, and the task goes on")
  void shielded(int timeout) {
    run(() -> {
      Task<String> inner = createTask(() -> sleep(seconds(5), "done"));
      Future<String> shield = shield(inner);
      assertThat(catchThrowable(() -> waitFor(shield, seconds(timeout))))
          .isInstanceOf(TimeoutException.class);
      assertThat(shield.cancelled()).isTrue();
      assertThat(inner.done()).isFalse();
      assertThat(now()).isEqualTo(seconds(timeout));
      assertThat(inner.await()).isEqualTo("done");
    });
  }

  @Test
  @DisplayName("WF-6 behind a shield, with time enough")
  void shieldedWithTime() {
    run(() -> {
      Task<String> inner = createTask(() -> sleep(seconds(5), "done"));
      assertThat(waitFor(shield(inner), null)).isEqualTo("done");
      assertThat(waitFor(shield(inner), seconds(1))).isEqualTo("done");
    });
  }
}
