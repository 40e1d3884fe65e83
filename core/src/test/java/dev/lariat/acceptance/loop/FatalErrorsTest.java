package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.LoopTest;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** LOOP-3: what leaves the loop, and what does not. */
class FatalErrorsTest extends LoopTest {
  static Stream<Error> fatal() {
    return Stream.of(new KeyboardInterrupt(), new OutOfMemoryError("test"), new InternalError());
  }

  static Stream<Error> ordinary() {
    return Stream.of(
        new StackOverflowError(),
        new NoClassDefFoundError("test"),
        new ExceptionInInitializerError(),
        new AssertionError("test"),
        new Error("test"));
  }

  private static Coroutine<Void> thrower(Error error) {
    return () -> {
      throw error;
    };
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName("LOOP-3 a fatal error in a task is set on the task and leaves the loop")
  void fatalInTask(Error error) {
    var task = loop.createTask(thrower(error));
    loop.callSoon(trace.adds("not in this run"));
    assertThatThrownBy(loop::runForever).isSameAs(error);
    trace.assertEvents();
    assertThat(task.exception()).isSameAs(error);
    iterate();
    trace.assertEvents("not in this run");
  }

  @ParameterizedTest
  @MethodSource("fatal")
  @DisplayName(
      "LOOP-3 a fatal error leaves from a later step, a callback, a timer, a done callback")
  void fatalAnywhere(Error error) {
    var task =
        loop.createTask(() -> {
          sleep(Duration.ofSeconds(1));
          throw error;
        });
    assertThatThrownBy(loop::runForever).isSameAs(error);
    assertThat(task.exception()).isSameAs(error);

    Runnable fails =
        () -> {
          throw error;
        };
    loop.callSoon(fails);
    assertThatThrownBy(loop::runForever).isSameAs(error);
    loop.callLater(Duration.ofSeconds(1), fails);
    assertThatThrownBy(loop::runForever).isSameAs(error);
    loop.callSoonThreadsafe(fails);
    assertThatThrownBy(loop::runForever).isSameAs(error);
    var future = loop.<Integer>createFuture();
    future.addDoneCallback(done -> fails.run());
    future.setResult(1);
    assertThatThrownBy(loop::runForever).isSameAs(error);
  }

  @Test
  @DisplayName(
      "LOOP-3 a fatal error of an awaited task leaves the loop; the awaiter hears of it in the next run")
  void awaiterHearsLater() {
    var failing = loop.createTask(thrower(new KeyboardInterrupt()));
    var awaiting =
        loop.createTask(() -> {
          try {
            failing.await();
          } catch (KeyboardInterrupt e) {
            trace.add("awaiter");
          }
        });
    assertThatThrownBy(loop::runForever).isInstanceOf(KeyboardInterrupt.class);
    trace.assertEvents();
    loop.runUntilComplete(awaiting);
    trace.assertEvents("awaiter");
  }

  @Test
  @DisplayName("LOOP-3 tasks that were ready behind a fatal one run in the next run, in order")
  void othersRunLater() {
    loop.createTask(() -> trace.add("before"));
    var failing = loop.createTask(thrower(new KeyboardInterrupt()));
    for (int i = 0; i < 3; i++) {
      String name = "after " + i;
      loop.createTask(() -> trace.add(name));
    }
    assertThatThrownBy(loop::runForever).isSameAs(failing.exception());
    trace.assertEvents("before");
    iterate();
    trace.assertEvents("after 0", "after 1", "after 2");
  }

  @Test
  @DisplayName(
      "LOOP-3 a fatal error in an eager start leaves createTask, through its creator, and the loop")
  void fatalInEagerStart() {
    var creator =
        loop.createTask(() -> {
          createTask(TaskOptions.eager(true), thrower(new KeyboardInterrupt()));
          throw trace.unreachable();
        });
    assertThatThrownBy(loop::runForever).isInstanceOf(KeyboardInterrupt.class);
    assertThat(creator.exception()).isInstanceOf(KeyboardInterrupt.class);
    trace.assertEvents();
    loop.close();
    assertThat(takeReport().message()).as("of the child").contains("was never retrieved");
  }

  @ParameterizedTest
  @MethodSource("ordinary")
  @DisplayName("LOOP-3 another Error fails its task, and the loop goes on")
  void ordinaryInTask(Error error) {
    assertThatThrownBy(() ->
            run(() -> {
              try {
                createTask(thrower(error)).await();
              } finally {
                trace.add("loop goes on");
              }
            }))
        .isSameAs(error);
    trace.assertEvents("loop goes on");
  }

  @ParameterizedTest
  @MethodSource("ordinary")
  @DisplayName("LOOP-3 another Error in a callback is reported, and the loop goes on")
  void ordinaryInCallback(Error error) {
    loop.callSoon(() -> {
      throw error;
    });
    loop.callSoon(trace.adds("next"));
    iterate();
    trace.assertEvents("next");
    assertThat(takeReport().exception()).isSameAs(error);
  }

  @Test
  @DisplayName("LOOP-3 CancelledError in a callback is reported, and cancels nothing")
  void cancelledErrorInCallback() {
    loop.callSoon(() -> {
      throw new CancelledError("stray");
    });
    iterate();
    assertThat(takeReport().exception()).hasMessage("stray");
  }

  @Test
  @DisplayName("LOOP-3 a real stack overflow fails its task only, and the loop can be used on")
  void realStackOverflow() {
    assertThatThrownBy(() -> run(() -> recurse(0))).isInstanceOf(StackOverflowError.class);
    assertThat(run(() -> sleep(Duration.ofSeconds(1), "alive"))).isEqualTo("alive");
  }

  private static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }
}
