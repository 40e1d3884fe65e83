package dev.lariat.acceptance.runner;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Runner;
import dev.lariat.Task;
import dev.lariat.acceptance.Trace;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import dev.lariat.host.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RUN-7: several runs in one loop and one context. */
@Timeout(60)
class RunnerTest {
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");

  private static Runner newRunner() {
    return new Runner(null, () -> new EventLoop(new VirtualTime()));
  }

  @Test
  @DisplayName("RUN-7 the loop is made when it is first needed, and once")
  void lazy() {
    List<EventLoop> made = new ArrayList<>();
    try (Runner runner =
        new Runner(
            null,
            () -> {
              EventLoop loop = new EventLoop(new VirtualTime());
              made.add(loop);
              return loop;
            })) {
      assertThat(made).isEmpty();
      EventLoop loop = runner.getLoop();
      assertThat(made).containsExactly(loop);
      assertThat(runner.getLoop()).isSameAs(loop);
      assertThat(runner.<EventLoop>run(() -> getRunningLoop())).isSameAs(loop);
      assertThat(made).hasSize(1);
    }
  }

  @Test
  @DisplayName("RUN-7 a runner that was never used makes no loop, not even to close it")
  void unused() {
    new Runner(
            null,
            () -> {
              throw new AssertionError("made a loop");
            })
        .close();
  }

  @Test
  @DisplayName("RUN-7 runs many times in one loop, also after a failure; time goes on")
  void runsManyTimes() {
    try (Runner runner = newRunner()) {
      assertThat(runner.run(() -> sleep(Duration.ofSeconds(1), "first"))).isEqualTo("first");
      assertThatThrownBy(() ->
              runner.run(() -> {
                throw new ArithmeticException();
              }))
          .isInstanceOf(ArithmeticException.class);
      assertThat(runner.run(() -> sleep(Duration.ofSeconds(1), "third"))).isEqualTo("third");
      assertThat(runner.getLoop().time()).isEqualTo(Duration.ofSeconds(2));
    }
  }

  @Test
  @DisplayName("RUN-7 tasks that one run leaves go on in the next")
  void tasksGoOn() {
    Trace trace = new Trace();
    try (Runner runner = newRunner()) {
      Task<Void> background =
          runner.<Task<Void>>run(() ->
              createTask(() -> {
                trace.add("started");
                sleep(Duration.ofSeconds(5));
                trace.add("ended");
              }));
      runner.run(() -> sleep(Duration.ofSeconds(1)));
      trace.assertEvents("started");
      runner.run(() -> background.await());
      trace.assertEvents("ended");
    }
  }

  @Test
  @DisplayName(
      "RUN-7 one context is kept between runs: a variable set in the first is seen in the second")
  void keepsContext() {
    try (Runner runner = newRunner()) {
      assertThat(runner.<String>run(() -> VAR.get())).isEqualTo("default");
      runner.run(() -> VAR.set("first"));
      assertThat(runner.<String>run(() -> VAR.get())).isEqualTo("first");
    }
    assertThat(VAR.get()).as("outside").isEqualTo("default");
  }

  @Test
  @DisplayName("RUN-7 the context is copied from the caller when the loop is made, not later")
  void contextIsCopiedOnce() {
    new Context()
        .run(() -> {
          try (Runner runner = newRunner()) {
            VAR.set("before");
            runner.getLoop();
            VAR.set("after");
            assertThat(runner.<String>run(() -> VAR.get())).isEqualTo("before");
          }
        });
  }

  @Test
  @DisplayName("RUN-7 a context of its own is used for that run, shared and not copied")
  void explicitContext() {
    Context own = new Context();
    try (Runner runner = newRunner()) {
      runner.run(() -> VAR.set("runner's"));
      runner.run(
          () -> {
            assertThat(VAR.get()).isEqualTo("default");
            sleep(Duration.ZERO);
            VAR.set("own");
            return null;
          },
          own);
      assertThat(own.get(VAR)).isEqualTo("own");
      assertThat(runner.<String>run(() -> VAR.get())).isEqualTo("runner's");
    }
  }

  @Test
  @DisplayName("RUN-7 close is idempotent and closes the loop")
  void closesTwice() {
    Runner runner = newRunner();
    EventLoop loop = runner.getLoop();
    runner.close();
    assertThat(loop.isClosed()).isTrue();
    runner.close();
  }

  @Test
  @DisplayName("RUN-7 after close: run and getLoop say that the runner is closed")
  void useAfterClose() {
    Runner runner = newRunner();
    runner.run(() -> {});
    runner.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> runner.run(() -> 1))
        .withMessage("Runner is closed");
    assertThatIllegalStateException().isThrownBy(runner::getLoop).withMessage("Runner is closed");
  }

  @Test
  @DisplayName("RUN-7 a runner closed before its first use stays usable, as CPython's does")
  void closedUnused() {
    Runner runner = newRunner();
    runner.close();
    assertThat(runner.run(() -> 1)).isEqualTo(1);
    runner.close();
  }

  @Test
  @DisplayName("RUN-7 close cancels what several runs have left")
  void closeCancelsTasks() {
    List<Future<?>> tasks = new ArrayList<>();
    try (Runner runner = newRunner()) {
      for (int i = 0; i < 3; i++) {
        runner.run(() -> tasks.add(createTask(() -> sleep(Duration.ofDays(1)))));
      }
    }
    assertThat(tasks).hasSize(3).allMatch(Future::cancelled);
  }

  @Test
  @DisplayName("RUN-7 a run that ends cancelled does not spoil the next")
  void cancelledRun() {
    try (Runner runner = newRunner()) {
      assertThatThrownBy(() ->
              runner.run(() -> {
                throw new CancelledError("mine");
              }))
          .isInstanceOf(CancelledError.class);
      assertThat(runner.run(() -> 1)).isEqualTo(1);
    }
  }
}
