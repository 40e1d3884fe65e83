package dev.lariat.acceptance.runner;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.AsyncGenerator;
import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Task;
import dev.lariat.acceptance.Logs;
import dev.lariat.acceptance.Trace;
import dev.lariat.host.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RUN-4: what run does after main has ended. */
@Timeout(60)
class ClosingTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Trace trace = new Trace();
  private final List<ExceptionContext> reports = new ArrayList<>();

  /** Notes when it is closed. */
  private final class TracedLoop extends EventLoop {
    TracedLoop() {
      super(new VirtualTime());
      setExceptionHandler((loop, context) -> reports.add(context));
    }

    @Override
    public void close() {
      super.close();
      trace.add("loop closed");
    }
  }

  private final Supplier<EventLoop> traced = TracedLoop::new;

  /** Runs what it is given in the caller's thread, and notes how it is shut down. */
  private final class TracedExecutor extends AbstractExecutorService {
    private final boolean terminates;

    TracedExecutor(boolean terminates) {
      this.terminates = terminates;
    }

    @Override
    public void execute(Runnable command) {
      command.run();
    }

    @Override
    public void shutdown() {
      trace.add("executor shut down");
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw trace.unreachable();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      trace.add("joined for " + unit.toSeconds(timeout) + " s");
      return terminates;
    }
  }

  /** A generator that has started, and notes when it is closed. */
  private AsyncGenerator<Integer> openGenerator() {
    Trace noted = trace;
    AsyncGenerator<Integer> generator =
        asyncGenerator(out -> {
          try {
            out.yield(1);
            out.yield(2);
          } finally {
            sleep(Duration.ofSeconds(1));
            noted.add("generator closed");
          }
        });
    assertThat(generator.advance()).isTrue();
    return generator;
  }

  private static void run(Action main, Supplier<EventLoop> factory) {
    Asyncio.run(main.toCoroutine(), factory);
  }

  private Task<Void> hangingTask(String name) {
    return createTask(() -> {
      try {
        sleep(HOUR);
      } catch (CancelledError cancelled) {
        trace.add(name + " cancelled");
        sleep(Duration.ofSeconds(1)); // cleaning up may wait
        trace.add(name + " cleaned up");
        throw cancelled;
      }
    });
  }

  @Test
  @DisplayName(
      "RUN-4 the order: main, tasks cancelled and ended, generators, executor joined, loop")
  void order() {
    AsyncGenerator<?>[] kept = new AsyncGenerator<?>[1];
    run(
        () -> {
          getRunningLoop().setDefaultExecutor(new TracedExecutor(true));
          kept[0] = openGenerator();
          hangingTask("a");
          hangingTask("b");
          sleep(Duration.ofSeconds(1));
          trace.add("main ends");
        },
        traced);
    trace.assertEvents(
        "main ends",
        "a cancelled",
        "b cancelled",
        "a cleaned up",
        "b cleaned up",
        "generator closed",
        "executor shut down",
        "joined for 300 s",
        "loop closed");
    assertThat(reports).isEmpty();
  }

  @Test
  @DisplayName("RUN-4 the order is the same when main fails")
  void orderAfterFailure() {
    AsyncGenerator<?>[] kept = new AsyncGenerator<?>[1];
    assertThatThrownBy(() ->
            run(
                () -> {
                  getRunningLoop().setDefaultExecutor(new TracedExecutor(true));
                  kept[0] = openGenerator();
                  hangingTask("a");
                  sleep(Duration.ofSeconds(1));
                  throw new IllegalStateException("main");
                },
                traced))
        .hasMessage("main");
    trace.assertEvents(
        "a cancelled",
        "a cleaned up",
        "generator closed",
        "executor shut down",
        "joined for 300 s",
        "loop closed");
  }

  @Test
  @DisplayName("RUN-4 a task that has not started is cancelled and never starts")
  void notStarted() {
    Task<?>[] task = new Task<?>[1];
    run(
        () -> {
          // after main: its done callbacks run in the loop's last iteration
          currentTask().addDoneCallback(main -> task[0] = createTask(() -> trace.add("started")));
        },
        traced);
    trace.assertEvents("loop closed");
    assertThat(task[0].cancelled()).isTrue();
  }

  @Test
  @DisplayName("RUN-4 a task that fails while it is cancelled is reported, with exception and task")
  void reportsFailures() {
    Task<?>[] task = new Task<?>[1];
    run(
        () -> {
          task[0] =
              createTask(() -> {
                try {
                  sleep(HOUR);
                } catch (CancelledError cancelled) {
                  throw new ArithmeticException("while cancelled");
                }
              });
          hangingTask("other");
          sleep(Duration.ofSeconds(1));
        },
        traced);
    assertThat(reports).hasSize(1);
    ExceptionContext report = reports.getFirst();
    assertThat(report.message()).isEqualTo("unhandled exception during asyncio.run() shutdown");
    assertThat(report.exception()).isInstanceOf(ArithmeticException.class);
    assertThat(report.task()).isSameAs(task[0]);
    trace.assertEvents("other cancelled", "other cleaned up", "loop closed");
  }

  @Test
  @DisplayName("RUN-4 a failed task does not keep generators from being closed")
  void closesGeneratorsAfterFailures() {
    AsyncGenerator<?>[] kept = new AsyncGenerator<?>[1];
    run(
        () -> {
          kept[0] = openGenerator();
          createTask(() -> {
            try {
              sleep(HOUR);
            } catch (Throwable leaving) {
              throw new ArithmeticException();
            }
          });
          sleep(Duration.ZERO);
        },
        traced);
    trace.assertEvents("generator closed", "loop closed");
    assertThat(reports).hasSize(1);
  }

  @Test
  @DisplayName("RUN-4 a task that swallows the cancellation and goes on is waited for")
  void waitsForStubbornTasks() {
    Task<?>[] task = new Task<?>[1];
    run(
        () -> {
          task[0] =
              createTask(() -> {
                try {
                  sleep(HOUR);
                } catch (CancelledError swallowed) {
                  trace.add("swallowed");
                }
                sleep(HOUR);
                return "went on";
              });
          sleep(Duration.ZERO);
        },
        traced);
    trace.assertEvents("swallowed", "loop closed");
    assertThat(task[0].result()).isEqualTo("went on");
  }

  @Test
  @DisplayName(
      "RUN-4 a task that is cancelled makes another, which is not waited for but reported and unwound")
  void lateTasks() {
    run(
        () -> {
          createTask(() -> {
            try {
              sleep(HOUR);
            } finally {
              createTask(() -> {
                try {
                  sleep(HOUR);
                } finally {
                  trace.add("late task unwound");
                }
              });
            }
          });
          sleep(Duration.ZERO);
        },
        traced);
    trace.assertEvents("late task unwound", "loop closed");
    assertThat(reports)
        .extracting(ExceptionContext::message)
        .containsExactly("Task was destroyed but it is pending!");
  }

  @Test
  @DisplayName(
      "RUN-4 a generator that fails to close is reported, the others are closed all the same")
  void reportsGenerators() {
    List<AsyncGenerator<?>> kept = new ArrayList<>();
    run(
        () -> {
          AsyncGenerator<Integer> broken =
              asyncGenerator(out -> {
                try {
                  out.yield(1);
                } catch (Throwable leaving) {
                  throw new ArithmeticException("cannot close");
                }
              });
          broken.advance();
          kept.add(broken);
          kept.add(openGenerator());
        },
        traced);
    trace.assertEvents("generator closed", "loop closed");
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().message())
        .startsWith("an error occurred during closing of asynchronous generator");
    assertThat(reports.getFirst().exception()).hasMessage("cannot close");
  }

  @Test
  @DisplayName("RUN-4 an executor that does not end within the limit is left alone, with a warning")
  void warnsOfSlowExecutor() {
    try (Logs logs = new Logs()) {
      run(() -> getRunningLoop().setDefaultExecutor(new TracedExecutor(false)), traced);
      assertThat(logs.messages())
          .singleElement()
          .asString()
          .startsWith("WARNING The executor did not finish joining its threads within");
    }
    trace.assertEvents("executor shut down", "joined for 300 s", "loop closed");
  }

  @Test
  @DisplayName(
      "RUN-4 work that is still under way in the default executor is joined before the loop closes")
  void joinsThreads() {
    run(
        () -> {
          getRunningLoop()
              .runInExecutor(
                  null,
                  () -> {
                    Thread.sleep(20); // real time: joining a thread is the point
                    trace.add("thread ended");
                    return null;
                  });
        },
        traced);
    trace.assertEvents("thread ended", "loop closed");
  }
}
