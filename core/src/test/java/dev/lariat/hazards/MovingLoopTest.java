package dev.lariat.hazards;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A loop may be run by one thread, and later by another; but not with tasks suspended in between.
 * Compiled code takes {@link Thread#currentThread()} for a constant of a method's activation: a
 * method that awaits and is resumed on another thread would go on with the old thread, its thread
 * locals, its scoped values and its bindings. (Virtual threads are spared, as theirs moves along.)
 */
@DisplayName("One loop, run by one thread after another")
class MovingLoopTest {
  private final EventLoop loop = VirtualLoop.create();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  private static void onAnotherThread(Action body) throws Exception {
    Throwable[] failure = new Throwable[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (Throwable e) {
                failure[0] = e;
              }
            },
            "another");
    thread.start();
    thread.join();
    assertThat(failure[0]).isNull();
  }

  @Test
  @DisplayName("callbacks, timers and tasks that have not started move along")
  void nothingSuspended() throws Exception {
    List<String> log = new ArrayList<>();
    loop.runUntilComplete(() -> sleep(Duration.ofSeconds(1)));
    loop.callSoon(() -> log.add("soon on " + Thread.currentThread().getName()));
    loop.callLater(
        Duration.ofSeconds(1), () -> log.add("later on " + Thread.currentThread().getName()));
    Task<String> task =
        loop.createTask(() -> {
          sleep(Duration.ofSeconds(2));
          return "task on " + Thread.currentThread().getName();
        });
    onAnotherThread(() -> log.add(loop.runUntilComplete(task)));
    loop.runUntilComplete(() -> log.add("back"));
    assertThat(log)
        .containsExactly("soon on another", "later on another", "task on another", "back");
  }

  @Test
  @DisplayName("suspended tasks go on when the same thread runs the loop again")
  void sameThread() {
    Future<String> future = loop.createFuture();
    Task<String> task = loop.createTask(() -> future.await() + "!");
    loop.runUntilComplete(() -> sleep(Duration.ofSeconds(1)));
    assertThat(task.done()).isFalse();
    future.setResult("went on");
    assertThat(loop.runUntilComplete(task)).isEqualTo("went on!");
  }

  @Test
  @DisplayName("with tasks suspended another thread is refused, and told why; the first can go on")
  void anotherThreadIsRefused() throws Exception {
    Future<String> future = loop.createFuture();
    Task<String> task = loop.createTask(() -> future.await() + "!");
    loop.runUntilComplete(() -> sleep(Duration.ofSeconds(1)));
    String first = Thread.currentThread().getName();
    onAnotherThread(() ->
        assertThatThrownBy(loop::runForever)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("suspended")
            .hasMessageContaining("\"another\"")
            .hasMessageContaining("\"" + first + "\""));
    assertThat(loop.isRunning()).isFalse();
    future.setResult("went on");
    assertThat(loop.runUntilComplete(task)).isEqualTo("went on!");
    onAnotherThread(() -> loop.runUntilComplete(() -> sleep(Duration.ofSeconds(1))));
  }

  @Test
  @DisplayName("another thread may close it: the finally blocks run there")
  void closedByAnotherThread() throws Exception {
    List<String> log = new ArrayList<>();
    loop.setExceptionHandler((l, context) -> {}); // "destroyed but pending" is not the point here
    loop.createTask(() -> {
      try {
        sleep(Duration.ofDays(1));
      } finally {
        log.add("finally");
      }
    });
    loop.runUntilComplete(() -> sleep(Duration.ofSeconds(1)));
    onAnotherThread(loop::close);
    assertThat(log).containsExactly("finally");
  }

  @Test
  @DisplayName("scoped values of the thread that ran it first are its own again afterwards")
  void scopedValuesOfTheFirstThread() throws Exception {
    ScopedValue<String> name = ScopedValue.newInstance();
    Action program = () -> createTask(() -> sleep(Duration.ofSeconds(1))).await();
    ScopedValue.where(name, "first")
        .call(() -> {
          loop.runUntilComplete(program);
          onAnotherThread(() -> {
            loop.runUntilComplete(program);
            assertThat(name.isBound()).isFalse();
          });
          assertThat(name.get()).isEqualTo("first");
          return null;
        });
  }
}
