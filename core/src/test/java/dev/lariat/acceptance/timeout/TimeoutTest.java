package dev.lariat.acceptance.timeout;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.timeoutAt;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.ScopedVoidBlock;
import dev.lariat.Task;
import dev.lariat.Timeout;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a timeout: its states, when it fires, rescheduling, misuse. */
class TimeoutTest {
  private final Trace trace = new Trace();

  private static Timeout in(@Nullable Duration delay) {
    return new Timeout(delay == null ? null : now().plus(delay));
  }

  private static void enter(Timeout timeout, ScopedVoidBlock<Timeout, Exception> body)
      throws Exception {
    timeout.run(scope -> {
      body.run(scope);
      return null;
    });
  }

  private static void assertTimesOut(Timeout timeout) {
    assertThat(catchThrowable(() -> enter(timeout, scope -> sleep(LONG))))
        .isInstanceOf(TimeoutException.class)
        .hasCauseInstanceOf(CancelledError.class);
  }

  // -- states ------------------------------------------------------------------------------------

  @Test
  @DisplayName("TO-1 created, active, expiring, expired")
  void statesOfOneThatExpires() {
    run(() -> {
      Timeout timeout = new Timeout(seconds(1));
      assertThat(timeout).hasToString("Timeout[created]");
      assertThat(timeout.when()).isEqualTo(seconds(1));
      assertThat(timeout.expired()).isFalse();
      assertThat(
              catchThrowable(() ->
                  enter(
                      timeout,
                      scope -> {
                        assertThat(scope).isSameAs(timeout);
                        assertThat(scope).hasToString("Timeout[active] when=PT1S");
                        assertThat(scope.expired()).isFalse();
                        try {
                          sleep(LONG);
                        } finally {
                          assertThat(scope).hasToString("Timeout[expiring]");
                          assertThat(scope.expired()).isTrue();
                        }
                      })))
          .isInstanceOf(TimeoutException.class);
      assertThat(timeout).hasToString("Timeout[expired]");
      assertThat(timeout.expired()).isTrue();
      assertThat(timeout.when()).isEqualTo(seconds(1));
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("TO-1 created, active, finished; and the alarm is gone")
  void statesOfOneThatDoesNot() {
    run(() -> {
      Timeout timeout = in(seconds(2));
      enter(timeout, scope -> sleep(seconds(1)));
      assertThat(timeout).hasToString("Timeout[finished]");
      assertThat(timeout.expired()).isFalse();
      sleep(LONG);
      assertThat(timeout.expired()).isFalse();
      assertThat(timeout.when()).isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("TO-1 the value of the body is the value of the scope, in each of its forms")
  void valueOfBody() {
    run(() -> {
      int plain = timeout(seconds(1), () -> sleep(Duration.ZERO, 1));
      Duration scoped =
          timeout(
              seconds(1),
              scope -> {
                return scope.when();
              });
      Duration at =
          timeoutAt(
              seconds(1),
              scope -> {
                return scope.when();
              });
      timeout(seconds(1), () -> trace.add("void"));
      timeout(
          seconds(1),
          scope -> {
            trace.add("scoped");
          });
      timeoutAt(
          seconds(1),
          scope -> {
            trace.add("at");
          });
      assertThat(plain).isEqualTo(1);
      assertThat(scoped).isEqualTo(seconds(1));
      assertThat(at).isEqualTo(seconds(1));
      trace.assertEvents("void", "scoped", "at");
    });
  }

  // -- when it fires -----------------------------------------------------------------------------

  @Test
  @DisplayName("TO-2 null never fires")
  void never() {
    run(() -> {
      Timeout timeout = in(null);
      enter(
          timeout,
          scope -> {
            assertThat(scope).hasToString("Timeout[active] when=null");
            sleep(LONG);
          });
      assertThat(timeout.expired()).isFalse();
      assertThat(timeout.when()).isNull();
      timeout(null, () -> sleep(LONG));
      timeoutAt(
          null,
          scope -> {
            sleep(LONG);
          });
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -11})
  @DisplayName("TO-2 a deadline that has passed fires in the next iteration, after what is ready")
  void atOnce(int delay) {
    run(() -> {
      sleep(seconds(20));
      getRunningLoop().callSoon(trace.adds("ready before"));
      Timeout timeout = in(seconds(delay));
      assertThat(
              catchThrowable(() ->
                  enter(
                      timeout,
                      scope -> {
                        getRunningLoop()
                            .callSoon(() -> trace.add("ready after " + scope.expired()));
                        tick();
                      })))
          .isInstanceOf(TimeoutException.class);
      trace.assertEvents("ready before", "ready after true");
      assertThat(timeout.expired()).isTrue();
      assertThat(timeout.when()).isEqualTo(seconds(20 + delay));
      assertThat(now()).isEqualTo(seconds(20));
    });
  }

  @Test
  @DisplayName(
      "TO-2 a body that does not suspend is not disturbed, even by a deadline that has passed")
  void bodyThatDoesNotSuspend() {
    run(() -> {
      Future<Integer> ready = getRunningLoop().createFuture();
      ready.setResult(42);
      Timeout timeout = in(Duration.ZERO);
      enter(timeout, scope -> assertThat(ready.await()).isEqualTo(42));
      assertThat(timeout).hasToString("Timeout[finished]");
      ticks();
    });
  }

  @Test
  @DisplayName("TO-2 the longest and the shortest of durations")
  void extremes() {
    run(() -> {
      timeout(Duration.ofSeconds(Long.MAX_VALUE), () -> sleep(seconds(1)));
      timeoutAt(
          Duration.ofSeconds(Long.MAX_VALUE),
          scope -> {
            sleep(seconds(1));
          });
      assertTimesOut(new Timeout(Duration.ofSeconds(Long.MIN_VALUE)));
      assertThat(catchThrowable(() -> timeout(Duration.ofSeconds(Long.MIN_VALUE), () -> tick())))
          .isInstanceOf(TimeoutException.class);
    });
  }

  private void ticks() {
    tick();
    tick();
    assertThat(currentTask().cancelling()).isZero();
  }

  // -- rescheduling ------------------------------------------------------------------------------

  @Test
  @DisplayName("TO-8 the deadline can be moved, both ways and from any task, and taken away")
  void reschedule() {
    run(() -> {
      List<Timeout> timeouts = new ArrayList<>();
      Task<Void> task =
          createTask(() ->
              enter(
                  in(seconds(10)),
                  scope -> {
                    timeouts.add(scope);
                    sleep(LONG);
                  }));
      tick();
      Timeout timeout = timeouts.get(0);
      timeout.reschedule(seconds(30));
      assertThat(timeout.when()).isEqualTo(seconds(30));
      sleep(seconds(20));
      assertThat(timeout.expired()).isFalse();
      timeout.reschedule(null);
      assertThat(timeout.when()).isNull();
      sleep(seconds(20));
      assertThat(timeout.expired()).isFalse();
      timeout.reschedule(seconds(50));
      timeout.reschedule(seconds(45));
      assertThat(catchThrowable(task::await)).isInstanceOf(TimeoutException.class);
      assertThat(now()).isEqualTo(seconds(45));
      assertThat(timeout.when()).isEqualTo(seconds(45));
    });
  }

  @Test
  @DisplayName("TO-8 moved into the past it fires in the next iteration; moved again, it does not")
  void rescheduleToThePast() {
    run(() -> {
      sleep(seconds(5));
      timeout(
          seconds(10),
          scope -> {
            scope.reschedule(seconds(1));
            assertThat(scope.expired()).isFalse();
            scope.reschedule(seconds(6));
            tick();
            tick();
            scope.reschedule(now());
            assertThat(catchThrowable(() -> tick())).isInstanceOf(CancelledError.class);
          });
      ticks();
    });
  }

  @Test
  @DisplayName("TO-8 only while the body runs and the deadline has not passed")
  void rescheduleWhenItIsTooLate() {
    run(() -> {
      Timeout created = in(seconds(1));
      assertThatIllegalStateException()
          .isThrownBy(() -> created.reschedule(seconds(2)))
          .withMessage("Timeout has not been entered");

      Timeout finished = in(seconds(1));
      enter(finished, scope -> {});
      assertThatIllegalStateException()
          .isThrownBy(() -> finished.reschedule(seconds(2)))
          .withMessage("Cannot change state of finished Timeout");

      Timeout expired = in(seconds(1));
      assertThat(
              catchThrowable(() ->
                  enter(
                      expired,
                      scope -> {
                        try {
                          sleep(LONG);
                        } finally {
                          assertThatIllegalStateException()
                              .isThrownBy(() -> scope.reschedule(seconds(2)))
                              .withMessage("Cannot change state of expiring Timeout");
                        }
                      })))
          .isInstanceOf(TimeoutException.class);
      assertThatIllegalStateException()
          .isThrownBy(() -> expired.reschedule(null))
          .withMessage("Cannot change state of expired Timeout");
      assertThat(expired.when()).isEqualTo(seconds(1));
    });
  }

  // -- entering ----------------------------------------------------------------------------------

  @Test
  @DisplayName("TO-9 a timeout is entered once")
  void enteredOnce() {
    run(() -> {
      Timeout timeout = in(seconds(1));
      enter(
          timeout,
          scope ->
              assertThatIllegalStateException()
                  .isThrownBy(() -> enter(scope, again -> trace.unreachable()))
                  .withMessage("Timeout has already been entered"));
      assertThat(timeout).hasToString("Timeout[finished]");
      assertThatIllegalStateException()
          .isThrownBy(() -> enter(timeout, again -> trace.unreachable()))
          .withMessage("Timeout has already been entered");
    });
  }

  @Test
  @DisplayName("TO-9 a timeout needs a task around it")
  void withoutTask() {
    run(() -> {
      Timeout timeout = in(seconds(1));
      List<Throwable> thrown = new ArrayList<>();
      getRunningLoop()
          .callSoon(
              () -> thrown.add(catchThrowable(() -> enter(timeout, scope -> trace.unreachable()))));
      tick();
      assertThat(thrown)
          .singleElement()
          .isInstanceOf(IllegalStateException.class)
          .asString()
          .contains("task");
      assertThatIllegalStateException()
          .isThrownBy(() -> timeout.reschedule(seconds(2)))
          .withMessage("Timeout has not been entered");
      assertTimesOut(timeout); // it can still be used
    });
  }
}
