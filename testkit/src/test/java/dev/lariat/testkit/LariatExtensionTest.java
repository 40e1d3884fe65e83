package dev.lariat.testkit;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.AsyncGenerator;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.host.DeadlockException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

@DisplayName("@AsyncTest and LariatExtension")
class LariatExtensionTest {
  private interface Body {
    void run() throws Throwable;
  }

  /** Runs {@code body} as the extension runs a test method; it looks at nothing but the method. */
  private static void asTest(Body body) throws Throwable {
    Invocation<Void> invocation =
        () -> {
          body.run();
          return null;
        };
    new LariatExtension().interceptTestMethod(invocation, null, null);
  }

  @Nested
  @DisplayName("a test method")
  class TestMethods {
    private Thread thread;

    @BeforeEach
    void before() {
      thread = Thread.currentThread();
      assertThatThrownBy(() -> currentTask()).isInstanceOf(IllegalStateException.class);
    }

    @AfterEach
    void after() {
      assertThatThrownBy(() -> currentTask()).isInstanceOf(IllegalStateException.class);
    }

    @AsyncTest
    @DisplayName("is a task, on virtual time")
    void runsAsATask() {
      Duration start = getRunningLoop().time();
      sleep(Duration.ofDays(1));
      assertThat(getRunningLoop().time().minus(start)).isEqualTo(Duration.ofDays(1));
      assertThat(currentTask()).isNotNull();
      assertThat(Thread.currentThread()).isSameAs(thread);
    }

    @AsyncTest
    @DisplayName("may use tasks, other threads and checked exceptions")
    void mayDoAnything() throws Exception {
      Task<String> task = createTask(() -> sleep(Duration.ofHours(1), "value"));
      assertThat(toThread(() -> "from a thread")).isEqualTo("from a thread");
      assertThat(task.await()).isEqualTo("value");
    }
  }

  @Nested
  @ExtendWith(LariatExtension.class)
  @DisplayName("on a class it is for all kinds of tests")
  class AllTests {
    @Test
    void plain() {
      sleep(Duration.ofHours(1));
    }

    @RepeatedTest(2)
    void repeated() {
      sleep(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void parameterized(int hours) {
      sleep(Duration.ofHours(hours));
    }
  }

  @Test
  @DisplayName("what the test throws is thrown as it is")
  void failures() {
    for (Throwable error :
        List.of(
            new IOException("checked"),
            new AssertionFailedError("failed"),
            new TestAbortedException("aborted"))) {
      assertThatThrownBy(() ->
              asTest(() -> {
                sleep(Duration.ofSeconds(1));
                throw error;
              }))
          .isSameAs(error)
          .hasNoSuppressedExceptions();
    }
  }

  @Test
  @DisplayName("an error of a callback fails the test")
  void callbackErrors() {
    RuntimeException error = new RuntimeException("the callback's");
    assertThatThrownBy(() ->
            asTest(() -> {
              getRunningLoop()
                  .callSoon(() -> {
                    throw error;
                  });
              sleep(Duration.ZERO);
            }))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("Exception in callback")
        .hasCause(error);
  }

  @Test
  @DisplayName("a failed task that nobody awaited fails the test")
  void unretrievedErrors() {
    IOException error = new IOException("the task's");
    assertThatThrownBy(() ->
            asTest(() -> {
              createTask(() -> {
                throw error;
              });
              sleep(Duration.ofSeconds(1));
            }))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("never retrieved")
        .hasCause(error);
  }

  @Test
  @DisplayName("a test that expects reports sets a handler of its own")
  void ownHandler() throws Throwable {
    asTest(() -> {
      int[] reports = new int[1];
      getRunningLoop().setExceptionHandler((_, _) -> reports[0]++);
      getRunningLoop()
          .callSoon(() -> {
            throw new RuntimeException("expected");
          });
      sleep(Duration.ZERO);
      assertThat(reports[0]).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("tasks that are left fail the test, are cancelled and waited for")
  void pendingTasks() {
    boolean[] ended = new boolean[1];
    assertThatThrownBy(() ->
            asTest(() -> {
              Task<Void> left =
                  createTask(() -> {
                    try {
                      sleep(Duration.ofDays(1));
                    } finally {
                      sleep(Duration.ofSeconds(1));
                      ended[0] = true;
                    }
                  });
              left.setName("left over");
              sleep(Duration.ofSeconds(1));
            }))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("not done")
        .hasMessageContaining("left over");
    assertThat(ended[0]).isTrue();
  }

  @Test
  @DisplayName("a test that waits for ever fails by a deadlock, and its finally blocks run")
  void deadlocks() {
    boolean[] ended = new boolean[1];
    assertThatThrownBy(() ->
            asTest(() -> {
              Future<String> never = getRunningLoop().createFuture();
              try {
                never.await();
              } finally {
                ended[0] = true;
              }
            }))
        .isInstanceOf(DeadlockException.class);
    assertThat(ended[0]).isTrue();
  }

  @Test
  @DisplayName("a failure comes first; what else was wrong is suppressed in it")
  void severalProblems() {
    AssertionFailedError error = new AssertionFailedError("the test's");
    assertThatThrownBy(() ->
            asTest(() -> {
              createTask(() -> sleep(Duration.ofDays(1)));
              createTask(() -> {
                throw new IOException("the task's");
              });
              sleep(Duration.ZERO);
              throw error;
            }))
        .isSameAs(error);
    assertThat(error.getSuppressed())
        .hasSize(2)
        .allSatisfy(other -> assertThat(other).isInstanceOf(AssertionFailedError.class));
  }

  @Test
  @DisplayName("generators left half way are closed")
  void generators() throws Throwable {
    boolean[] closed = new boolean[1];
    asTest(() -> {
      AsyncGenerator<Integer> numbers =
          asyncGenerator(out -> {
            try {
              out.yield(1);
            } finally {
              closed[0] = true;
            }
          });
      assertThat(numbers.advance()).isTrue();
    });
    assertThat(closed[0]).isTrue();
  }
}
