package dev.lariat.hazards;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.AsyncGenerator;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The JVM lets a coroutine suspend while it holds a monitor, and then the next task that enters it
 * stops the whole loop. Debug mode refuses, and so does the JVM with {@code -XX:LockingMode=1}.
 */
@DisplayName("Awaiting inside synchronized")
class SuspendingInsideSynchronizedTest {
  private final Object monitor = new Object();

  private static void debugging(Action main) {
    VirtualLoop.run(() -> {
      getRunningLoop().setDebug(true);
      main.run();
    });
  }

  private void awaitInside(Future<?> future) {
    synchronized (monitor) {
      future.await();
    }
  }

  private synchronized void sleepInSynchronizedMethod() {
    sleep(Duration.ZERO);
  }

  @Test
  @DisplayName(
      "debug mode refuses to await a future, and names the monitor and the frame (LOOP-20)")
  void futureRefused() {
    debugging(() ->
        assertThatThrownBy(() -> awaitInside(getRunningLoop().createFuture()))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("java.lang.Object")
            .hasMessageContaining("SuspendingInsideSynchronizedTest.awaitInside")
            .hasMessageContaining("dev.lariat.sync.Lock"));
  }

  @Test
  @DisplayName("debug mode refuses sleep(0) in a synchronized method, and names the method")
  void sleepRefused() {
    debugging(() ->
        assertThatThrownBy(this::sleepInSynchronizedMethod)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("SuspendingInsideSynchronizedTest.sleepInSynchronizedMethod"));
  }

  @Test
  @DisplayName(
      "awaiting what is done suspends nothing, so debug mode has nothing to refuse (FUT-7)")
  void doneFutureAllowed() {
    debugging(() -> {
      Future<String> done = getRunningLoop().createFuture();
      done.setResult("value");
      awaitInside(done);
    });
  }

  @Test
  @DisplayName(
      "after a refusal the same future is awaited again, outside, and nothing is out of order")
  void nothingIsLost() {
    debugging(() -> {
      Future<String> future = getRunningLoop().createFuture();
      Task<Void> waiting =
          createTask(() -> {
            assertThatThrownBy(() -> awaitInside(future)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(this::sleepInSynchronizedMethod)
                .isInstanceOf(IllegalStateException.class);
            assertThat(future.await()).isEqualTo("value");
            sleep(Duration.ZERO);
          });
      sleep(Duration.ofSeconds(1));
      assertThat(waiting.done()).isFalse();
      future.setResult("value");
      waiting.await();
      assertThat(Thread.holdsLock(monitor)).isFalse();
    });
  }

  @Test
  @DisplayName(
      "monitors held below run(), and by the creator of an eager task, are nobody's mistake")
  void monitorsBelowAreAllowed() {
    synchronized (monitor) {
      debugging(() -> {
        sleep(Duration.ZERO);
        Object inTask = new Object();
        synchronized (inTask) {
          createTask(TaskOptions.eager(true), () -> sleep(Duration.ZERO));
          assertThat(Thread.holdsLock(inTask)).isTrue();
        }
        sleep(Duration.ZERO);
      });
      assertThat(Thread.holdsLock(monitor)).isTrue();
    }
  }

  @Test
  @DisplayName("debug mode sees the monitor of the task through a generator whose body awaits")
  void throughGenerator() {
    debugging(() -> {
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> {
            sleep(Duration.ZERO);
            out.yield(1);
          });
      assertThatThrownBy(
              () -> {
                synchronized (monitor) {
                  generator.advance();
                }
              })
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("throughGenerator");
    });
  }

  @Test
  @DisplayName(
      "debug mode refuses a generator's yield inside synchronized: its consumer may await then")
  void yieldRefused() {
    debugging(() -> {
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> {
            synchronized (monitor) {
              out.yield(1);
            }
          });
      assertThatThrownBy(generator::advance)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("yieldRefused");
    });
  }

  @Test
  @DisplayName("with -XX:LockingMode=1 the JVM refuses, the message helps, and the loop lives on")
  void lockingMode() throws Exception {
    var result =
        ChildJvm.withLariatOptions(
            Duration.ofSeconds(30),
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:LockingMode=1"),
            LockingModeProgram.class);
    assertThat(result.output())
        .as("%s", result)
        .contains("refused: Cannot await here: a monitor is held")
        .contains("dev.lariat.sync.Lock")
        .contains("awaited again: value")
        .contains("the loop lives on");
    assertThat(result.exit()).isZero();
  }

  /** The main class of {@link #lockingMode}. */
  static final class LockingModeProgram {
    public static void main(String[] arguments) {
      VirtualLoop.run(() -> {
        Object monitor = new Object();
        Future<String> future = getRunningLoop().createFuture();
        Task<Void> task =
            createTask(() -> {
              try {
                synchronized (monitor) {
                  future.await();
                }
              } catch (IllegalStateException refused) {
                System.out.println("refused: " + refused.getMessage());
              }
              System.out.println("awaited again: " + future.await());
            });
        sleep(Duration.ofSeconds(1));
        future.setResult("value");
        task.await();
        synchronized (monitor) { // nobody has it
          createTask(TaskOptions.eager(true), () -> sleep(Duration.ZERO));
        }
        sleep(Duration.ofSeconds(1));
        System.out.println("the loop lives on");
      });
    }
  }
}
