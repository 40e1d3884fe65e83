package dev.lariat.hazards;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.AsyncGenerator;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.context.ContextVar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A suspended continuation that is dropped never runs its {@code finally} blocks; so closing a loop
 * resumes what is suspended, once more, to be unwound.
 */
@DisplayName("Tasks that are still suspended when their loop is closed")
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD) // a hang is what some are about
class CloseTest {
  private final List<String> log = new ArrayList<>();
  private final List<ExceptionContext> reports = new ArrayList<>();
  private EventLoop loop;

  @BeforeEach
  void openLoop() {
    loop = VirtualLoop.create();
    loop.setExceptionHandler((l, context) -> reports.add(context));
  }

  /** Starts the tasks, lets them suspend, and closes the loop on them. */
  private void closeOn(Action... bodies) {
    for (Action body : bodies) {
      loop.createTask(body);
    }
    loop.runUntilComplete(() -> sleep(Duration.ZERO)); // they are before this in the queue
    loop.close();
  }

  @Test
  @DisplayName("their finally blocks run, the innermost first (LOOP-5, CAN-11)")
  void finallyBlocksRun() {
    closeOn(() -> {
      try {
        try {
          sleep(Duration.ofDays(1));
          log.add("not reached");
        } finally {
          log.add("inner");
        }
      } finally {
        log.add("outer");
      }
    });
    assertThat(log).containsExactly("inner", "outer");
    assertThat(reports)
        .singleElement()
        .satisfies(report ->
            assertThat(report.message()).isEqualTo("Task was destroyed but it is pending!"));
  }

  @Test
  @DisplayName("catch (Exception) and catch (CancelledError) do not see the end of the loop")
  void notAnException() {
    closeOn(() -> {
      try {
        sleep(Duration.ofDays(1));
      } catch (Exception | dev.lariat.CancelledError e) {
        log.add("caught " + e);
      } finally {
        log.add("finally");
      }
    });
    assertThat(log).containsExactly("finally");
  }

  @Test
  @DisplayName("all of them are unwound, whatever they wait for, and though one of them fails")
  void allAreUnwound() {
    closeOn(
        () -> logAtEnd("sleeper", () -> sleep(Duration.ofDays(1))),
        () -> logAtEnd("yielder", () -> yieldForEver()),
        () -> logAtEnd("waiter", () -> loop.createFuture().await()),
        () -> {
          try {
            sleep(Duration.ofDays(1));
          } finally {
            failInFinally();
          }
        },
        () -> logAtEnd("last", () -> sleep(Duration.ofDays(2))));
    assertThat(log).containsExactly("sleeper", "yielder", "waiter", "failing", "last");
    assertThat(reports)
        .filteredOn(report -> report.exception() instanceof ArithmeticException)
        .hasSize(1);
  }

  private void logAtEnd(String what, Action body) throws Exception {
    try {
      body.run();
    } finally {
      log.add(what);
    }
  }

  private static void yieldForEver() {
    while (true) {
      sleep(Duration.ZERO);
    }
  }

  private void failInFinally() {
    log.add("failing");
    throw new ArithmeticException("in finally");
  }

  @Test
  @DisplayName("a finally block that awaits gets an error that says so; nothing hangs")
  void awaitInFinally() {
    closeOn(() -> {
      try {
        sleep(Duration.ofDays(1));
      } finally {
        try {
          sleep(Duration.ofSeconds(1));
        } catch (IllegalStateException e) {
          log.add(e.getMessage());
        }
        try {
          loop.createFuture().await();
        } catch (IllegalStateException e) {
          log.add(e.getMessage());
        }
        log.add("went on");
      }
    });
    assertThat(log).hasSize(3).endsWith("went on");
    assertThat(log.get(0)).containsIgnoringCase("event loop").contains("close");
    assertThat(log.get(1)).containsIgnoringCase("event loop").contains("close");
  }

  @Test
  @DisplayName("the error of a finally block that awaited is reported, with its task")
  void awaitInFinallyIsReported() {
    closeOn(() -> {
      try {
        sleep(Duration.ofDays(1));
      } finally {
        sleep(Duration.ZERO);
      }
    });
    assertThat(reports).hasSize(2);
    assertThat(reports.get(1).exception())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("finally");
    assertThat(reports.get(1).task()).isNotNull();
  }

  @Test
  @DisplayName(
      "a task that refuses to end is not waited for: it gets an error at each await, like CPython")
  void refusesToEnd() {
    int[] attempts = {0};
    closeOn(() -> {
      while (attempts[0] < 1_000) {
        try {
          sleep(Duration.ofDays(1));
        } catch (Throwable t) {
          attempts[0]++;
        }
      }
      log.add("ended");
    });
    assertThat(log).containsExactly("ended");
    assertThat(loop.isClosed()).isTrue();
  }

  @Test
  @DisplayName("what a finally block schedules is refused: the loop is closed")
  void schedulingInFinally() {
    closeOn(() -> {
      try {
        sleep(Duration.ofDays(1));
      } finally {
        try {
          loop.callSoon(() -> log.add("ran"));
        } catch (IllegalStateException e) {
          log.add(e.getMessage());
        }
        try {
          loop.createTask(() -> log.add("ran"));
        } catch (IllegalStateException e) {
          log.add(e.getMessage());
        }
      }
    });
    assertThat(log).containsExactly("Event loop is closed", "Event loop is closed");
  }

  @Test
  @DisplayName("a task that has not started does not start")
  void notStarted() {
    loop.createTask(() -> log.add("started"));
    loop.close();
    assertThat(log).isEmpty();
    assertThat(reports).hasSize(1);
  }

  @Test
  @DisplayName("a task suspended inside a generator's body unwinds body and task")
  void insideGenerator() {
    closeOn(() -> {
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> logAtEnd("body", () -> sleep(Duration.ofDays(1))));
      logAtEnd("task", generator::advance);
    });
    assertThat(log).containsExactly("body", "task");
  }

  @Test
  @DisplayName("an eager task that suspended is unwound too (EAG-2)")
  void eagerTask() {
    closeOn(() ->
        getRunningLoop()
            .createTask(
                TaskOptions.eager(true),
                () -> {
                  logAtEnd("eager", () -> sleep(Duration.ofDays(1)));
                  return null;
                }));
    assertThat(log).containsExactly("eager");
  }

  @Test
  @DisplayName("finally blocks see their own context variables and scoped values")
  void contextInFinally() {
    ContextVar<String> variable = ContextVar.of("variable");
    ScopedValue<String> scoped = ScopedValue.newInstance();
    closeOn(
        () -> {
          variable.set("mine");
          ScopedValue.where(scoped, "bound")
              .call(() -> {
                try {
                  sleep(Duration.ofDays(1));
                } finally {
                  log.add(variable.get() + " " + scoped.get());
                }
                return null;
              });
        },
        () -> variable.set("another's"));
    assertThat(log).containsExactly("mine bound");
    assertThat(scoped.isBound()).isFalse();
  }

  @Test
  @DisplayName("closing twice unwinds once; the tasks are done then")
  void closeTwice() {
    List<Task<?>> tasks = new ArrayList<>();
    closeOn(() -> {
      tasks.add(dev.lariat.Asyncio.currentTask());
      logAtEnd("once", () -> sleep(Duration.ofDays(1)));
    });
    loop.close();
    assertThat(log).containsExactly("once");
    assertThat(tasks.getFirst().done()).isTrue();
  }

  @Test
  @DisplayName("1,000 suspended tasks are unwound in the order they were made")
  void many() {
    Action[] bodies = new Action[1_000];
    for (int i = 0; i < bodies.length; i++) {
      String number = "" + i;
      bodies[i] = () -> logAtEnd(number, () -> sleep(Duration.ofDays(1)));
    }
    closeOn(bodies);
    assertThat(log).hasSize(1_000).startsWith("0", "1", "2").endsWith("998", "999");
  }
}
