package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.ChildJvm;
import dev.lariat.acceptance.Logs;
import dev.lariat.acceptance.LoopTest;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-20: debug mode. */
class DebugTest extends LoopTest {
  private static final Runnable NAMED =
      new Runnable() {
        @Override
        public void run() {}

        @Override
        public String toString() {
          return "my callback";
        }
      };

  // -- on and off --------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-20 debug mode is off at first, and set and read by the loop's thread at any time")
  void setDebug() {
    assertThat(loop.getDebug()).isFalse();
    loop.setDebug(true);
    assertThat(loop.getDebug()).isTrue();
    assertThat(loop).asString().contains("debug");
    run(() -> {
      assertThat(loop.getDebug()).isTrue();
      loop.setDebug(false);
      sleep(Duration.ofSeconds(1));
    });
    assertThat(loop.getDebug()).isFalse();
  }

  @Test
  @DisplayName("LOOP-20 -Dlariat.debug=true is the default of new loops")
  void property() {
    System.setProperty("lariat.debug", "true");
    try (EventLoop other = newLoop()) {
      assertThat(other.getDebug()).isTrue();
    } finally {
      System.clearProperty("lariat.debug");
    }
  }

  @Test
  @DisplayName("LOOP-20 debug mode changes no order")
  void sameOrder() {
    for (boolean debug : new boolean[] {false, true}) {
      loop.setDebug(debug);
      for (int i = 0; i < 3; i++) {
        String name = "task " + i;
        loop.createTask(() -> {
          trace.add(name);
          sleep(Duration.ZERO);
          trace.add(name + " again");
        });
        loop.callSoon(trace.adds("callback " + i));
      }
      iterate();
      trace.add("-");
      iterate();
      trace.assertEvents(
          "task 0",
          "callback 0",
          "task 1",
          "callback 1",
          "task 2",
          "callback 2",
          "-",
          "task 0 again",
          "task 1 again",
          "task 2 again");
    }
  }

  // -- slow callbacks ----------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-20 a callback or step that takes as long as the limit is logged, with what it was")
  void logsSlowCallbacks() {
    loop.setDebug(true);
    loop.setSlowCallbackDuration(Duration.ZERO); // everything is slow
    try (Logs logs = new Logs()) {
      loop.callSoon(NAMED);
      loop.callLater(Duration.ZERO, NAMED);
      loop.createTask(TaskOptions.named("my task"), () -> {});
      iterate();
      List<String> messages = logs.messages(Level.WARNING);
      assertThat(messages)
          .hasSize(3)
          .allMatch(text -> text.matches("(?s)Executing .* took \\d+[.,]\\d{3} seconds"));
      assertThat(messages.get(0)).startsWith("Executing Handle[my callback");
      assertThat(messages.get(1)).contains("my task");
      assertThat(messages.get(2)).startsWith("Executing TimerHandle[my callback");
    }
  }

  @Test
  @DisplayName("LOOP-20 nothing is logged below the limit, and nothing when debug mode is off")
  void logsNothingElse() {
    assertThat(loop.getSlowCallbackDuration()).isEqualTo(Duration.ofMillis(100));
    try (Logs logs = new Logs()) {
      loop.setDebug(true);
      loop.setSlowCallbackDuration(Duration.ofDays(1));
      run(() -> sleep(Duration.ofDays(2)));
      loop.setSlowCallbackDuration(Duration.ofSeconds(Long.MAX_VALUE));
      run(() -> sleep(Duration.ofDays(2)));
      loop.setDebug(false);
      loop.setSlowCallbackDuration(Duration.ZERO);
      run(() -> sleep(Duration.ofDays(2)));
      assertThat(logs.messages()).isEmpty();
    }
  }

  @Test
  @DisplayName("LOOP-20 the limit is what was set; a negative one and null are refused")
  void limit() {
    loop.setSlowCallbackDuration(Duration.ofSeconds(3));
    assertThat(loop.getSlowCallbackDuration()).isEqualTo(Duration.ofSeconds(3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loop.setSlowCallbackDuration(Duration.ofNanos(-1)))
        .withMessageContaining("duration");
    assertThatNullPointerException()
        .isThrownBy(() -> loop.setSlowCallbackDuration(null))
        .withMessageContaining("duration");
  }

  @Test
  @DisplayName("LOOP-20 a slow callback that fails is reported and logged")
  void slowAndFailing() {
    loop.setDebug(true);
    loop.setSlowCallbackDuration(Duration.ZERO);
    try (Logs logs = new Logs()) {
      loop.callSoon(() -> {
        throw new ArithmeticException();
      });
      iterate();
      assertThat(logs.messages(Level.WARNING)).hasSize(1);
    }
    takeReport();
  }

  // -- where things were made --------------------------------------------------------------------

  private static final String HERE = DebugTest.class.getName();

  @Test
  @DisplayName("LOOP-20 futures and tasks tell where they were made")
  void remembersSources() {
    loop.setDebug(true);
    assertThat(loop.createTask(() -> {})).asString().contains("created at " + HERE + ".remembers");
    iterate();
  }

  @Test
  @DisplayName(
      "LOOP-20 reports tell where the handle was made: at most ten frames, the caller's first")
  void reportsHandleSource() {
    loop.setDebug(true);
    deep(
        20,
        () ->
            loop.callSoon(() -> {
              throw new ArithmeticException();
            }));
    iterate();
    Throwable source = takeReport().source();
    assertThat(source).isNotNull();
    assertThat(source.getStackTrace()).hasSize(10);
    assertThat(source.getStackTrace()[0].getClassName()).isEqualTo(HERE);
    assertThat(source.getStackTrace()[9].getMethodName()).isEqualTo("deep");
  }

  private static void deep(int frames, Runnable innermost) {
    if (frames == 0) {
      innermost.run();
    } else {
      deep(frames - 1, innermost);
    }
  }

  @Test
  @DisplayName("LOOP-20 reports tell where the task was made")
  void reportsTaskSource() {
    loop.setDebug(true);
    loop.createTask(() -> sleep(Duration.ofDays(1)));
    iterate();
    loop.close();
    ExceptionContext report = takeReport();
    assertThat(report.source()).isNotNull();
    assertThat(report.source().getStackTrace()[0].getMethodName()).isEqualTo("reportsTaskSource");
  }

  @Test
  @DisplayName(
      "LOOP-20 the place is the first frame outside the library, whatever the class is called")
  void sourceInAnyClass() {
    loop.setDebug(true);
    assertThat(Maker.make(loop)).asString().contains("created at " + Maker.class.getName());
    iterate();
  }

  /** A class whose name says nothing of tests. */
  private static final class Maker {
    static Object make(EventLoop loop) {
      return loop.callSoon(NAMED);
    }
  }

  @Test
  @DisplayName("LOOP-20 without debug mode nothing is remembered")
  void remembersNothing() {
    assertThat(loop.createTask(() -> {})).asString().doesNotContain("created");
    loop.callSoon(() -> {
      throw new ArithmeticException();
    });
    iterate();
    assertThat(takeReport().source()).isNull();
  }

  @Test
  @DisplayName(
      "LOOP-20 what debug mode remembers of a future does not keep it from being collected")
  void sourcesLeakNothing() {
    loop.setDebug(true);
    var reference = new WeakReference<>(loop.createFuture());
    collectGarbageUntil(() -> reference.get() == null);
    assertThat(reference.get()).isNull();
  }

  /** Prints what it made, in debug mode, where every frame belongs to this project. */
  static final class Program {
    public static void main(String[] args) {
      try (EventLoop loop = Asyncio.newEventLoop()) {
        System.out.println(loop.callSoon(NAMED));
        System.out.println(loop.createTask(() -> {}));
        System.out.println(loop.runUntilComplete(() -> loop.callSoon(NAMED)));
      }
    }
  }

  @Test
  @DisplayName(
      "LOOP-20 a program in a package below dev.lariat can print what it makes in debug mode")
  void ownPackages() throws Exception {
    try (ChildJvm child = new ChildJvm(Program.class, List.of("-Dlariat.debug=true"))) {
      List<String> printed =
          child.rest().stream().filter(line -> line.contains("created at")).toList();
      assertThat(printed) // beside it, on a busy machine, a slow first step may be told of
          .hasSize(3)
          .allMatch(line -> line.contains("created at " + Program.class.getName()));
      assertThat(child.exitValue()).isZero();
    }
  }

  // -- what was left open ------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-20 in debug mode a loop that was never closed is warned of when it is collected")
  void unclosedLoop() {
    try (Logs logs = new Logs()) {
      dropLoop();
      collectGarbageUntil(() -> !logs.messages(Level.WARNING).isEmpty());
      assertThat(logs.messages(Level.WARNING))
          .anyMatch(text -> text.contains("unclosed event loop"));
    }
  }

  private static void dropLoop() {
    EventLoop dropped = newLoop();
    dropped.setDebug(true);
    dropped.stop();
    dropped.runForever();
  }

  @Test
  @DisplayName(
      "LOOP-20 a failure is reported at once in debug mode, when nobody waits for the task")
  void reportsFailuresAtOnce() {
    loop.setDebug(true);
    loop.createTask(() -> {
      throw new ArithmeticException("nobody looks");
    });
    iterate();
    iterate();
    assertThat(takeReports())
        .singleElement()
        .satisfies(report -> assertThat(report.exception()).hasMessage("nobody looks"));
  }
}
