package dev.lariat.hazards;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.AsyncGenerator;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * HotSpot keeps fast-locked monitors on a small stack of the thread, and suspending a continuation
 * carries all of it off: also what the frames below hold. Each test holds fresh monitors, so that
 * they are fast-locked at first, round something that suspends.
 */
@DisplayName("Monitors held below a coroutine stay with their holder")
class MonitorsTest {
  private static final int ROUNDS = 10_000;

  private static ExecutorService other;

  @BeforeAll
  static void startOtherThread() {
    other = Executors.newSingleThreadExecutor();
  }

  @AfterAll
  static void stopOtherThread() {
    other.shutdown();
  }

  private interface Body {
    void run() throws Exception;
  }

  /**
   * Runs {@code body} with two monitors held, and checks that they are held then, and free after.
   */
  private static void holdingTwo(Body body) throws Exception {
    Object outer = new Object();
    Object inner = new Object();
    synchronized (outer) {
      synchronized (inner) {
        body.run();
        assertHeld(inner);
      }
      assertHeld(outer);
    }
    assertThat(Thread.holdsLock(inner)).isFalse();
    assertThat(Thread.holdsLock(outer)).isFalse();
    boolean bothFree = other.submit(() -> canLock(outer) && canLock(inner)).get();
    assertThat(bothFree).isTrue();
  }

  private static void assertHeld(Object monitor) {
    assertThat(Thread.holdsLock(monitor)).isTrue();
    monitor.notifyAll(); // throws IllegalMonitorStateException if the JVM disagrees
  }

  private static boolean canLock(Object monitor) {
    synchronized (monitor) {
      return Thread.holdsLock(monitor);
    }
  }

  private static void yieldOnce() {
    sleep(Duration.ZERO);
  }

  @Test
  @DisplayName("run() inside synchronized, 10,000 times")
  void runInsideSynchronized() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      holdingTwo(() ->
          VirtualLoop.run(() -> {
            Task<Void> child = createTask(MonitorsTest::yieldOnce);
            yieldOnce();
            child.await();
          }));
    }
  }

  @Test
  @DisplayName("an eager start inside synchronized, of a task that suspends, 10,000 times (EAG-1)")
  void eagerStartInsideSynchronized() {
    VirtualLoop.run(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        holdingTwo(() -> createTask(TaskOptions.eager(true), MonitorsTest::yieldOnce));
        yieldOnce(); // the eager task ends, on a stack that must not give the monitors back
      }
    });
  }

  @Test
  @DisplayName("an eager start inside synchronized in a plain callback of the loop")
  void eagerStartInCallback() {
    VirtualLoop.run(() -> {
      Throwable[] failure = new Throwable[1];
      for (int i = 0; i < ROUNDS; i++) {
        getRunningLoop()
            .callSoonThreadsafe( // its handle runs the callback inside a monitor of its own
                () -> {
                  try {
                    holdingTwo(() -> createTask(TaskOptions.eager(true), MonitorsTest::yieldOnce));
                  } catch (Throwable e) {
                    failure[0] = e;
                  }
                });
        yieldOnce();
      }
      assertThat(failure[0]).isNull();
    });
  }

  @Test
  @DisplayName("an eager start in an eager start, each inside synchronized")
  void nestedEagerStarts() {
    VirtualLoop.run(() -> {
      for (int i = 0; i < ROUNDS / 10; i++) {
        holdingTwo(() ->
            createTask(
                TaskOptions.eager(true),
                () -> {
                  holdingTwo(() -> createTask(TaskOptions.eager(true), MonitorsTest::yieldOnce));
                  yieldOnce();
                }));
        yieldOnce();
        yieldOnce();
      }
    });
  }

  @Test
  @DisplayName("a generator's step inside synchronized, 10,000 times")
  void generatorStepInsideSynchronized() {
    VirtualLoop.run(() -> {
      AsyncGenerator<Integer> numbers =
          asyncGenerator(out -> {
            for (int i = 0; ; i++) {
              out.yield(i);
            }
          });
      try (numbers) {
        for (int i = 0; i < ROUNDS; i++) {
          int expected = i;
          holdingTwo(() -> {
            assertThat(numbers.advance()).isTrue();
            assertThat(numbers.current()).isEqualTo(expected);
          });
          yieldOnce();
        }
      }
    });
  }

  @Test
  @DisplayName("a generator advanced by a generator, both steps inside synchronized")
  void nestedGeneratorSteps() {
    VirtualLoop.run(() -> {
      AsyncGenerator<Integer> inner =
          asyncGenerator(out -> {
            for (int i = 0; ; i++) {
              out.yield(i);
            }
          });
      AsyncGenerator<Integer> outer =
          asyncGenerator(out -> {
            while (true) {
              holdingTwo(inner::advance);
              out.yield(inner.current());
              yieldOnce();
            }
          });
      for (int i = 0; i < ROUNDS / 10; i++) {
        // The first step suspends nothing but the generator; later ones the whole task, so they
        // are not taken inside synchronized.
        if (i == 0) {
          holdingTwo(outer::advance);
        } else {
          outer.advance();
        }
        assertThat(outer.current()).isEqualTo(i);
      }
      outer.close();
      inner.close();
    });
  }

  @Test
  @DisplayName("a loop that is closed inside synchronized, with tasks to unwind")
  void closeInsideSynchronized() throws Exception {
    for (int i = 0; i < ROUNDS / 10; i++) {
      var loop = VirtualLoop.create();
      loop.setExceptionHandler((l, context) -> {}); // "destroyed but pending" is not the point here
      loop.createTask(() -> loop.createFuture().await());
      loop.runUntilComplete(MonitorsTest::yieldOnce);
      holdingTwo(loop::close);
    }
  }

  /**
   * In a JVM of its own: where a monitor is lost, compiled code can take the JVM down. The dummy
   * monitors that protect the real ones must not be shared by threads: once two threads have met at
   * one of them it is inflated, and protects nothing any more.
   */
  @Test
  @DisplayName("two loops on two threads protect their monitors at the same time")
  void twoThreads() throws Exception {
    var result = ChildJvm.withLariatOptions(Duration.ofSeconds(60), List.of(), TwoThreads.class);
    assertThat(result.output()).as("%s", result).contains("both threads are fine");
    assertThat(result.exit()).isZero();
  }

  /** The main class of {@link #twoThreads}. */
  static final class TwoThreads {
    public static void main(String[] arguments) throws Exception {
      Throwable[] failures = new Throwable[2];
      Thread[] threads = new Thread[2];
      for (int t = 0; t < 2; t++) {
        int index = t;
        threads[t] =
            new Thread(() -> {
              try {
                VirtualLoop.run(TwoThreads::eagerStarts);
              } catch (Throwable e) {
                failures[index] = e;
              }
            });
        threads[t].start();
      }
      for (int t = 0; t < 2; t++) {
        threads[t].join();
        if (failures[t] != null) {
          failures[t].printStackTrace();
          System.exit(1);
        }
      }
      System.out.println("both threads are fine");
    }

    private static void eagerStarts() {
      for (int i = 0; i < 200_000; i++) {
        Object mine = new Object();
        synchronized (mine) {
          createTask(TaskOptions.eager(true), MonitorsTest::yieldOnce);
          if (!Thread.holdsLock(mine)) {
            throw new AssertionError("a monitor was lost in round " + i);
          }
          mine.notifyAll();
        }
        yieldOnce();
      }
    }
  }
}
