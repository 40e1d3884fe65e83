package dev.lariat.acceptance.runner;

import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getEventLoop;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.setEventLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Awaitable;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Runner;
import dev.lariat.acceptance.Trace;
import dev.lariat.host.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunTest {
  private static final Supplier<EventLoop> VIRTUAL = () -> new EventLoop(new VirtualTime());

  private static void run(Action main) {
    Asyncio.run(main.toCoroutine(), VIRTUAL);
  }

  // -- RUN-1 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("RUN-1 run returns the value of main")
  void returnsTheValue() {
    String value =
        Asyncio.run(
            () -> {
              sleep(Duration.ofHours(1));
              return "value";
            },
            VIRTUAL);
    assertThat(value).isEqualTo("value");
  }

  @Test
  @DisplayName("RUN-1 run takes a main without a value, and one whose value is null")
  void runsWithoutValue() {
    Trace trace = new Trace();
    Asyncio.run(() -> trace.expect(1));
    assertThat(Asyncio.<String>run((Awaitable<String>) () -> null)).isNull();
    trace.finish(2);
  }

  @Test
  @DisplayName("RUN-1 an unchecked exception of main leaves run as it is, the same object")
  void rethrowsUnchecked() {
    RuntimeException error = new IllegalArgumentException("main");
    assertThatThrownBy(() ->
            Asyncio.run(() -> {
              throw error;
            }))
        .isSameAs(error);
  }

  @Test
  @DisplayName("RUN-1 an Error of main leaves run as it is, the same object")
  void rethrowsErrors() {
    Error error = new StackOverflowError("main");
    assertThatThrownBy(() ->
            Asyncio.run(() -> {
              throw error;
            }))
        .isSameAs(error);
  }

  @Test
  @DisplayName("RUN-1 a checked exception of main is the cause of a CompletionException")
  void wrapsChecked() {
    IOException error = new IOException("main");
    assertThatThrownBy(() ->
            Asyncio.run(() -> {
              throw error;
            }))
        .isExactlyInstanceOf(CompletionException.class)
        .cause()
        .isSameAs(error);
  }

  @Test
  @DisplayName("RUN-1 a main that ends cancelled gives CancelledError, with its message")
  void rethrowsCancellation() {
    assertThatThrownBy(() ->
            run(() -> {
              currentTask().cancel("enough");
              sleep(Duration.ofSeconds(1));
            }))
        .isExactlyInstanceOf(CancelledError.class)
        .hasMessage("enough");
  }

  @Test
  @DisplayName("RUN-1 each run has a new loop, which is closed afterwards")
  void newLoopEachTime() {
    List<EventLoop> loops = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Asyncio.run(() -> {
        loops.add(getRunningLoop());
        assertThat(getRunningLoop().isRunning()).isTrue();
      });
    }
    assertThat(loops).doesNotHaveDuplicates().allMatch(EventLoop::isClosed);
    assertThat(loops).noneMatch(EventLoop::isRunning);
  }

  @Test
  @DisplayName("RUN-1 the loop is closed, and no loop left set, after main failed")
  void closesAfterFailure() {
    EventLoop[] loop = new EventLoop[1];
    assertThatThrownBy(() ->
            Asyncio.run(() -> {
              loop[0] = getRunningLoop();
              throw new ArithmeticException();
            }))
        .isInstanceOf(ArithmeticException.class);
    assertThat(loop[0].isClosed()).isTrue();
    assertThatIllegalStateException().isThrownBy(Asyncio::getEventLoop);
    assertThatIllegalStateException().isThrownBy(Asyncio::getRunningLoop);
  }

  // -- RUN-2 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("RUN-2 run takes any awaitable, and awaits it in a task of its own")
  void runsAnyAwaitable() {
    Awaitable<String> awaitable =
        new Awaitable<>() {
          @Override
          public String await() {
            sleep(Duration.ofSeconds(1));
            return currentTask() == null ? "no task" : "in a task";
          }
        };
    assertThat(Asyncio.run(awaitable, VIRTUAL)).isEqualTo("in a task");
  }

  @Test
  @DisplayName("RUN-2 a runner runs a future of its loop")
  void runsFuture() {
    try (Runner runner = new Runner(null, VIRTUAL)) {
      var future = runner.getLoop().<Integer>createFuture();
      runner.getLoop().callLater(Duration.ofSeconds(1), () -> future.setResult(42));
      assertThat(runner.run(future)).isEqualTo(42);
      assertThat(runner.run(future)).as("done already").isEqualTo(42);
    }
  }

  @Test
  @DisplayName("RUN-2 run refuses null by name, and makes no loop for it")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> Asyncio.run((Awaitable<?>) null))
        .withMessageContaining("main");
    assertThatNullPointerException()
        .isThrownBy(() -> Asyncio.run((Action) null))
        .withMessageContaining("main");
    assertThatNullPointerException()
        .isThrownBy(() ->
            Asyncio.run(
                (Awaitable<?>) null,
                () -> {
                  throw new AssertionError("made a loop");
                }))
        .withMessageContaining("main");
  }

  // -- RUN-3 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("RUN-3 run inside a task is refused at once, starts nothing, and the task goes on")
  void refusesNestedRun() {
    Trace trace = new Trace();
    run(() -> {
      EventLoop outer = getRunningLoop();
      trace.expect(1);
      assertThatIllegalStateException()
          .isThrownBy(() ->
              Asyncio.run(
                  () -> {
                    throw trace.unreachable();
                  },
                  () -> {
                    throw trace.unreachable();
                  }))
          .withMessageContaining("cannot be called from a running event loop")
          .withMessageContaining("await");
      assertThat(getRunningLoop()).isSameAs(outer);
      sleep(Duration.ofSeconds(1));
      trace.expect(2);
    });
    trace.finish(3);
  }

  @Test
  @DisplayName("RUN-3 run inside a plain callback is refused at once")
  void refusesRunInCallback() {
    Throwable[] thrown = new Throwable[1];
    run(() -> {
      getRunningLoop()
          .callSoon(() -> {
            try {
              Asyncio.run(() -> {});
            } catch (IllegalStateException e) {
              thrown[0] = e;
            }
          });
      sleep(Duration.ZERO);
    });
    assertThat(thrown[0]).hasMessageContaining("cannot be called from a running event loop");
  }

  @Test
  @DisplayName("RUN-3 Runner.run inside a task is refused at once, the runner is unharmed")
  void refusesNestedRunner() {
    try (Runner inner = new Runner(null, VIRTUAL)) {
      run(() ->
          assertThatIllegalStateException()
              .isThrownBy(() -> inner.run(() -> 1))
              .withMessageContaining("cannot be called from a running event loop"));
      assertThat(inner.run(() -> 2)).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("RUN-3 a runner that runs refuses to run again inside itself")
  void refusesRecursiveRunner() {
    try (Runner runner = new Runner(null, VIRTUAL)) {
      runner.run(() -> {
        assertThatIllegalStateException().isThrownBy(() -> runner.run(() -> 1));
      });
      assertThat(runner.run(() -> 2)).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("RUN-3 another thread may run a loop of its own meanwhile")
  void otherThreadsAreFree() {
    String value =
        Asyncio.run(() -> Asyncio.toThread(() -> Asyncio.run(() -> sleep(Duration.ZERO, "inner"))));
    assertThat(value).isEqualTo("inner");
  }

  // -- RUN-5 -------------------------------------------------------------------------------------

  private static boolean debugOfRunner(Boolean debug) {
    try (Runner runner = new Runner(debug, VIRTUAL)) {
      return runner.run(() -> getRunningLoop().getDebug());
    }
  }

  @Test
  @DisplayName("RUN-5 debug true or false sets the loop's debug mode, null leaves it")
  void setsDebug() {
    assertThat(debugOfRunner(true)).isTrue();
    assertThat(debugOfRunner(false)).isFalse();
    assertThat(debugOfRunner(null)).isFalse();
  }

  @Test
  @DisplayName("RUN-5 the loop's default comes from -Dlariat.debug; debug false overrides it")
  void debugFromProperty() {
    System.setProperty("lariat.debug", "true");
    try {
      assertThat(debugOfRunner(null)).isTrue();
      assertThat(debugOfRunner(false)).isFalse();
      assertThat(Asyncio.run(() -> getRunningLoop().getDebug()).booleanValue()).isTrue();
    } finally {
      System.clearProperty("lariat.debug");
    }
  }

  @Test
  @DisplayName("RUN-5 null leaves what a loop factory has set")
  void debugOfFactory() {
    Supplier<EventLoop> debugging =
        () -> {
          EventLoop loop = VIRTUAL.get();
          loop.setDebug(true);
          return loop;
        };
    try (Runner runner = new Runner(null, debugging)) {
      assertThat(runner.getLoop().getDebug()).isTrue();
    }
    try (Runner runner = new Runner(false, debugging)) {
      assertThat(runner.getLoop().getDebug()).isFalse();
    }
  }

  // -- RUN-6 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("RUN-6 the loop factory is called once, and its loop runs main and is closed")
  void usesFactory() {
    List<EventLoop> made = new ArrayList<>();
    EventLoop used =
        Asyncio.run(
            () -> getRunningLoop(),
            () -> {
              EventLoop loop = VIRTUAL.get();
              made.add(loop);
              return loop;
            });
    assertThat(made).containsExactly(used);
    assertThat(used.isClosed()).isTrue();
  }

  @Test
  @DisplayName("RUN-6 with a loop factory the thread's set loop is neither changed nor cleared")
  void factoryLeavesSetLoop() {
    EventLoop mine = VIRTUAL.get();
    setEventLoop(mine);
    try {
      run(() -> assertThat(getEventLoop()).isSameAs(getRunningLoop()).isNotSameAs(mine));
      assertThat(getEventLoop()).isSameAs(mine);
      Asyncio.run(() -> assertThat(getEventLoop()).isNotSameAs(mine));
      assertThatIllegalStateException()
          .as("without a factory the set loop is cleared at the end")
          .isThrownBy(Asyncio::getEventLoop);
    } finally {
      setEventLoop(null);
      mine.close();
    }
  }

  @Test
  @DisplayName(
      "RUN-6 without a factory the new loop is the thread's set loop while the runner lives")
  void runnerSetsLoop() {
    try (Runner runner = new Runner()) {
      assertThat(getEventLoopOrNull()).isNull();
      EventLoop loop = runner.getLoop();
      assertThat(getEventLoop()).isSameAs(loop);
    }
    assertThat(getEventLoopOrNull()).isNull();
  }

  private static EventLoop getEventLoopOrNull() {
    try {
      return getEventLoop();
    } catch (IllegalStateException none) {
      return null;
    }
  }

  @Test
  @DisplayName("RUN-6 a factory that returns null or throws is told so; nothing is left open")
  void brokenFactories() {
    assertThatNullPointerException()
        .isThrownBy(() -> Asyncio.run(() -> 1, () -> null))
        .withMessageContaining("factory");
    RuntimeException error = new UnsupportedOperationException("no loop today");
    assertThatThrownBy(() ->
            Asyncio.run(
                () -> 1,
                () -> {
                  throw error;
                }))
        .isSameAs(error);
  }

  @Test
  @DisplayName(
      "RUN-6 LOOP-18 a loop factory is the only way to choose a loop: there are no policies")
  void noPolicies() {
    for (Class<?> type : List.of(Asyncio.class, EventLoop.class, Runner.class)) {
      assertThat(type.getMethods())
          .extracting(method -> method.getName().toLowerCase(Locale.ROOT))
          .noneMatch(name -> name.contains("policy"));
    }
  }
}
