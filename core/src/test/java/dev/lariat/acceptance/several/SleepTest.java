package dev.lariat.acceptance.several;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.timeOfDeadlockAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.acceptance.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SleepTest {
  private final Trace trace = new Trace();

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  @DisplayName("SL-1 zero or less yields exactly one iteration")
  void zero(long seconds) {
    run(() -> {
      getRunningLoop()
          .callSoon(() -> {
            trace.add("ready before");
            getRunningLoop().callSoon(trace.adds("made ready meanwhile"));
          });
      assertThat(sleep(Duration.ofSeconds(seconds), 10)).isEqualTo(10);
      trace.assertEvents("ready before");
      sleep(Duration.ofSeconds(seconds));
      trace.assertEvents("made ready meanwhile");
      assertThat(now()).isZero();
    });
  }

  @Test
  @DisplayName("SL-1 sleepers of zero take turns")
  void takingTurns() {
    run(() -> {
      for (String name : List.of("a", "b")) {
        createTask(() -> {
          for (int i = 1; i <= 3; i++) {
            trace.add(name + i);
            tick();
          }
        });
      }
      sleep(seconds(1));
      trace.assertEvents("a1", "b1", "a2", "b2", "a3", "b3");
    });
  }

  @Test
  @DisplayName("SL-1 sleeps as long as it is told, to the nanosecond, and gives the result")
  void duration() {
    run(() -> {
      sleep(Duration.ofNanos(1));
      assertThat(now()).isEqualTo(Duration.ofNanos(1));
      assertThat(sleep(Duration.ofDays(400), "yeah")).isEqualTo("yeah");
      assertThat(now()).isEqualTo(Duration.ofDays(400).plusNanos(1));
      assertThat(sleep(seconds(1), (Object) null)).isNull();
    });
  }

  @Test
  @DisplayName("SL-1 a duration too long to count can be slept, and cancelled")
  void forEver() {
    run(() -> {
      Task<Void> sleeper = createTask(() -> sleep(Duration.ofSeconds(Long.MAX_VALUE)));
      sleep(LONG);
      assertThat(sleeper.done()).isFalse();
      sleeper.cancel();
      assertThat(catchThrowable(sleeper::await)).isInstanceOf(CancelledError.class);
    });
  }

  @Test
  @DisplayName("SL-1 a cancel wakes it at once, and removes the timer")
  void cancel() {
    Duration end =
        timeOfDeadlockAfter(() -> {
          Task<String> sleeper = createTask(() -> sleep(LONG, "slept in"));
          sleep(seconds(1));
          sleeper.cancel("why");
          assertThat(catchThrowable(sleeper::await))
              .isInstanceOf(CancelledError.class)
              .hasMessage("why");
        });
    assertThat(end).isEqualTo(seconds(1));
  }

  @Test
  @DisplayName("SL-1 a task that is cancelled on the point of waking does not go on")
  void cancelOnThePointOfWaking() {
    run(() -> {
      Task<Void> sleeper =
          createTask(() -> {
            sleep(seconds(1));
            throw trace.unreachable();
          });
      tick();
      getRunningLoop().callLater(seconds(1), sleeper::cancel); // fires right after the sleeper's
      assertThat(catchThrowable(sleeper::await)).isInstanceOf(CancelledError.class);
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("SL-1 a task that is cancelled while it yields does not go on")
  void cancelWhileYielding() {
    run(() -> {
      Task<Void> sleeper =
          createTask(() -> {
            tick();
            throw trace.unreachable();
          });
      tick();
      assertThat(sleeper.cancel("why")).isTrue();
      assertThat(catchThrowable(sleeper::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
    });
  }

  @Test
  @DisplayName("SL-1 misuse: no duration (there is no NaN), no task, no loop")
  void misuse() {
    run(() -> {
      assertThatNullPointerException().isThrownBy(() -> sleep(null));
      List<Throwable> thrown = new ArrayList<>();
      getRunningLoop().callSoon(() -> thrown.add(catchThrowable(() -> sleep(LONG))));
      tick();
      assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> sleep(Duration.ZERO))
        .withMessageContaining("No running event loop");
  }
}
