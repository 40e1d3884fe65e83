package dev.lariat.hazards;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Python does with KeyboardInterrupt and SystemExit: the task gets it, and it leaves the loop.
 */
@DisplayName(
    "Fatal errors are set on the task and leave the loop, which stays usable (LOOP-3, CAN-9)")
class FatalErrorsTest {
  private EventLoop loop;
  private final List<ExceptionContext> reports = new ArrayList<>();

  static List<Error> fatal() {
    return List.of(
        new KeyboardInterrupt(), new OutOfMemoryError("test"), new InternalError("test"));
  }

  static List<Error> notFatal() {
    return List.of(
        new StackOverflowError("test"),
        new NoClassDefFoundError("test"),
        new AssertionError("test"),
        new ThreadDeathLike());
  }

  /** An Error of somebody else's. */
  static final class ThreadDeathLike extends Error {
    private static final long serialVersionUID = 1L;
  }

  @BeforeEach
  void openLoop() {
    loop = VirtualLoop.create();
    loop.setExceptionHandler((l, context) -> reports.add(context));
  }

  @AfterEach
  void closeLoop() {
    loop.close();
    assertThat(reports).isEmpty();
  }

  private void checkUsable() {
    assertThat(loop.isRunning()).isFalse();
    assertThat(
            loop.runUntilComplete(() -> createTask(() -> sleep(Duration.ofSeconds(1), 5)).await()))
        .isEqualTo(5);
  }

  private static void fail(Error error) {
    throw error;
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName("thrown in a task's first step")
  void inFirstStep(Error error) {
    Task<Void> task = loop.createTask(() -> fail(error));
    assertThatThrownBy(loop::runForever).isSameAs(error);
    assertThat(task.exception()).isSameAs(error);
    checkUsable();
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName("thrown after a suspension, below frames that were suspended")
  void afterSuspension(Error error) {
    Task<Void> task =
        loop.createTask(() -> {
          sleep(Duration.ofSeconds(1));
          fail(error);
        });
    assertThatThrownBy(loop::runForever).isSameAs(error);
    assertThat(task.exception()).isSameAs(error);
    checkUsable();
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName("thrown by the main task: runUntilComplete throws it, and reports it to nobody else")
  void inMainTask(Error error) {
    assertThatThrownBy(() -> loop.runUntilComplete(() -> fail(error))).isSameAs(error);
    checkUsable();
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName("thrown in a plain callback")
  void inCallback(Error error) {
    loop.callSoon(() -> fail(error));
    assertThatThrownBy(loop::runForever).isSameAs(error);
    checkUsable();
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName("thrown in an eager start: it leaves createTask (EAG-7), the creator and the loop")
  void inEagerStart(Error error) {
    List<String> log = new ArrayList<>();
    Task<Void> creator =
        loop.createTask(() -> {
          try {
            createTask(TaskOptions.eager(true), () -> fail(error)).exception();
          } catch (Error thrown) {
            log.add(thrown == error ? "left createTask" : "another: " + thrown);
            throw thrown;
          }
        });
    assertThatThrownBy(loop::runForever).isSameAs(error);
    assertThat(log).containsExactly("left createTask");
    assertThat(creator.exception()).isSameAs(error);
    // The eager task itself is out of reach; that nobody retrieved its error is reported at close.
    reports.clear();
    checkUsable();
    loop.close();
    reports.removeIf(report -> report.exception() == error);
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName("what was ready with it still runs, once and in order, when the loop runs again")
  void theRestRunsLater(Error error) {
    List<String> log = new ArrayList<>();
    loop.callSoon(() -> log.add("one"));
    Task<Void> task = loop.createTask(() -> fail(error));
    loop.createTask(() -> log.add("two")); // would run back to back with the failing one
    loop.callSoon(() -> log.add("three"));
    loop.createTask(() -> {
      log.add("four");
      sleep(Duration.ZERO);
      log.add("six");
    });
    loop.callSoon(() -> log.add("five"));
    assertThatThrownBy(loop::runForever).isSameAs(error);
    assertThat(log).containsExactly("one");
    assertThat(task.exception()).isSameAs(error);
    loop.runUntilComplete(() -> sleep(Duration.ofSeconds(1)));
    assertThat(log).containsExactly("one", "two", "three", "four", "five", "six");
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName("a task that awaited the failed one gets the error too, in the next run")
  void awaiterGetsIt(Error error) {
    Task<Void> failing =
        loop.createTask(() -> {
          sleep(Duration.ofSeconds(1));
          fail(error);
        });
    Task<String> awaiting =
        loop.createTask(() -> {
          try {
            failing.await();
            return "nothing";
          } catch (Error e) {
            return e == error ? "the same error" : "another: " + e;
          }
        });
    assertThatThrownBy(loop::runForever).isSameAs(error);
    assertThat(awaiting.done()).isFalse();
    assertThat(loop.runUntilComplete(awaiting)).isEqualTo("the same error");
  }

  @ParameterizedTest
  @MethodSource("notFatal")
  @DisplayName(
      "other errors fail their task only, be they StackOverflowError, LinkageError or AssertionError")
  void othersFailTheTaskOnly(Error error) {
    Task<Void> task = loop.createTask(() -> fail(error));
    Future<String> after = loop.createTask(() -> sleep(Duration.ofSeconds(1), "after"));
    assertThat(loop.runUntilComplete(after)).isEqualTo("after");
    assertThat(task.exception()).isSameAs(error);
  }

  @Test
  @DisplayName(
      "a real OutOfMemoryError, of an array that cannot be had, leaves the loop like any other")
  void realOutOfMemory() {
    Task<Integer> task = loop.createTask(() -> new long[Integer.MAX_VALUE].length);
    assertThatThrownBy(loop::runForever).isInstanceOf(OutOfMemoryError.class);
    assertThat(task.exception()).isInstanceOf(OutOfMemoryError.class);
    checkUsable();
  }
}
