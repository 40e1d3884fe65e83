package dev.lariat.qt;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.AsyncGenerator;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The functions that QtAsyncio's page lists as its first level, one by one. */
@Timeout(30)
@DisplayName("QtAsyncio's first level")
class FirstLevelTest {
  private final List<String> order = new ArrayList<>();

  private interface Body {
    void run(EventLoop loop) throws Exception;
  }

  private static void withLoop(Body body) throws Throwable {
    QtThread.withoutApplication(() -> {
      try (EventLoop loop = new EventLoop(new QtHost(new NativeQt(), QtThread.OPTIONS))) {
        body.run(loop);
      }
    });
  }

  private static Duration ms(int milliseconds) {
    return Duration.ofMillis(milliseconds);
  }

  @Test
  @DisplayName("run_until_complete")
  void runUntilComplete() throws Throwable {
    withLoop(loop -> {
      String value =
          loop.runUntilComplete(() -> {
            sleep(ms(1));
            return "value";
          });
      assertThat(value).isEqualTo("value");
    });
  }

  @Test
  @DisplayName("run_forever and stop")
  void runForeverAndStop() throws Throwable {
    withLoop(loop -> {
      loop.callLater(
          ms(1),
          () -> {
            loop.stop();
            loop.callSoon(() -> order.add("in the next run"));
          });
      loop.runForever();
      assertThat(order).isEmpty();
      loop.runUntilComplete(() -> {});
      assertThat(order).containsExactly("in the next run");
    });
  }

  @Test
  @DisplayName("is_running")
  void isRunning() throws Throwable {
    withLoop(loop -> {
      assertThat(loop.isRunning()).isFalse();
      loop.runUntilComplete(() -> assertThat(loop.isRunning()).isTrue());
      assertThat(loop.isRunning()).isFalse();
    });
  }

  @Test
  @DisplayName("is_closed and close")
  void isClosedAndClose() throws Throwable {
    withLoop(loop -> {
      assertThat(loop.isClosed()).isFalse();
      loop.runUntilComplete(() -> assertThatIllegalStateException().isThrownBy(loop::close));
      loop.close();
      loop.close();
      assertThat(loop.isClosed()).isTrue();
      assertThatIllegalStateException().isThrownBy(loop::runForever);
      assertThatIllegalStateException().isThrownBy(() -> loop.callSoon(() -> {}));
    });
  }

  @Test
  @DisplayName("shutdown_asyncgens")
  void shutdownAsyncgens() throws Throwable {
    withLoop(loop ->
        loop.runUntilComplete(() -> {
          AsyncGenerator<Integer> numbers =
              asyncGenerator(out -> {
                try {
                  for (int i = 0; ; i++) {
                    sleep(ms(1));
                    out.yield(i);
                  }
                } finally {
                  sleep(ms(1));
                  order.add("closed");
                }
              });
          assertThat(numbers.iterator().next()).isZero();
          loop.shutdownAsyncgens();
          assertThat(order).containsExactly("closed");
        }));
  }

  @Test
  @DisplayName("shutdown_default_executor")
  void shutdownDefaultExecutor() throws Throwable {
    withLoop(loop ->
        loop.runUntilComplete(() -> {
          assertThat(toThread(() -> "in a thread")).isEqualTo("in a thread");
          loop.shutdownDefaultExecutor(null);
          assertThatIllegalStateException().isThrownBy(() -> toThread(() -> "late"));
        }));
  }

  @Test
  @DisplayName("call_soon")
  void callSoon() throws Throwable {
    withLoop(loop -> {
      loop.callSoon(() -> order.add("one"));
      loop.callSoon(() -> order.add("cancelled")).cancel();
      loop.callSoon(() -> order.add("two"));
      loop.runUntilComplete(() -> {});
      assertThat(order).containsExactly("one", "two");
    });
  }

  @Test
  @DisplayName("call_soon_threadsafe")
  void callSoonThreadsafe() throws Throwable {
    withLoop(loop -> {
      Thread qt = Thread.currentThread();
      loop.runUntilComplete(() -> {
        Future<Thread> ran = loop.createFuture();
        Thread other =
            new Thread(() -> loop.callSoonThreadsafe(() -> ran.setResult(Thread.currentThread())));
        other.start();
        assertThat(ran.await()).isSameAs(qt);
        other.join();
      });
    });
  }

  @Test
  @DisplayName("call_later, call_at and time")
  void timers() throws Throwable {
    withLoop(loop ->
        loop.runUntilComplete(() -> {
          Duration start = loop.time();
          Future<String> end = loop.createFuture();
          loop.callLater(ms(20), () -> end.setResult("end"));
          loop.callAt(start.plusMillis(10), () -> order.add("call_at"));
          loop.callLater(ms(1), () -> order.add("call_later"));
          loop.callLater(ms(5), () -> order.add("cancelled")).cancel();
          end.await();
          assertThat(order).containsExactly("call_later", "call_at");
          assertThat(loop.time().minus(start)).isGreaterThanOrEqualTo(ms(20));
        }));
  }

  @Test
  @DisplayName("create_future and create_task")
  void futuresAndTasks() throws Throwable {
    withLoop(loop ->
        loop.runUntilComplete(() -> {
          Future<String> future = loop.createFuture();
          Task<String> task = loop.createTask(() -> "got " + future.await());
          loop.callSoon(() -> future.setResult("it"));
          assertThat(task.await()).isEqualTo("got it");
        }));
  }

  @Test
  @DisplayName("set_task_factory and get_task_factory")
  void taskFactory() throws Throwable {
    withLoop(loop -> {
      assertThat(loop.getTaskFactory()).isNull();
      TaskFactory factory = TaskFactory.EAGER;
      loop.setTaskFactory(factory);
      assertThat(loop.getTaskFactory()).isSameAs(factory);
      loop.runUntilComplete(() -> {
        loop.createTask(() -> order.add("eager"));
        order.add("after");
      });
      assertThat(order).containsExactly("eager", "after");
    });
  }

  @Test
  @DisplayName("run_in_executor")
  void runInExecutor() throws Throwable {
    withLoop(loop -> {
      try (var executor = Executors.newSingleThreadExecutor(work -> new Thread(work, "mine"))) {
        loop.runUntilComplete(() -> {
          assertThat(loop.runInExecutor(executor, () -> Thread.currentThread().getName()).await())
              .isEqualTo("mine");
          assertThat(loop.runInExecutor(null, () -> "default").await()).isEqualTo("default");
        });
      }
    });
  }
}
