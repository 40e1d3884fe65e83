package dev.lariat.testkit;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lariat.AsyncGenerator;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What suspending a stack can break: scoped values, monitors, deep stacks. Most of it depends on
 * the frames that a loop's tasks run upon, and so on each kind of loop.
 */
abstract class HazardContract extends SyncContract {
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  // -- scoped values -----------------------------------------------------------------------------

  @Test
  @DisplayName("tasks keep their scoped values apart, and inherit those of their creator")
  void scopedValues() {
    run(() -> {
      Task<Void> a = createTask(() -> ScopedValue.where(SCOPED, "a").run(this::logScoped));
      Task<Void> b = createTask(() -> ScopedValue.where(SCOPED, "b").run(this::logScoped));
      Task<Void> plain = createTask(this::logScoped);
      Task<Void> child =
          ScopedValue.where(SCOPED, "parent's").call(() -> createTask(this::logScoped));
      a.await();
      b.await();
      plain.await();
      child.await();
    });
    assertLog("a", "b", "none", "parent's", "a", "b", "none", "parent's");
  }

  private void logScoped() {
    log(SCOPED.orElse("none"));
    yieldOnce();
    log(SCOPED.orElse("none"));
  }

  @Test
  @DisplayName("a scoped value leaks from no task into a callback, nor out of the loop")
  void scopedValuesDoNotLeak() {
    ScopedValue.where(SCOPED, "outside")
        .run(() -> {
          run(() -> {
            Task<Void> task =
                createTask(() -> ScopedValue.where(SCOPED, "the task's").run(() -> logScoped()));
            yieldOnce();
            loop().callSoon(() -> log(SCOPED.get()));
            log(SCOPED.get());
            task.await();
          });
          log(SCOPED.get());
        });
    assertLog("the task's", "outside", "the task's", "outside", "outside");
    assertFalse(SCOPED.isBound());
  }

  // -- monitors ----------------------------------------------------------------------------------

  @Test
  @DisplayName("monitors held round a run of the loop stay held, and are free after")
  void monitorsRoundTheRun() throws Exception {
    Object outer = new Object();
    Object inner = new Object();
    for (int i = 0; i < 100; i++) {
      synchronized (outer) {
        synchronized (inner) {
          run(() -> {
            Task<Void> task = createTask(TaskContract::yieldOnce);
            yieldOnce();
            task.await();
          });
          assertTrue(Thread.holdsLock(inner));
        }
        assertTrue(Thread.holdsLock(outer));
      }
    }
    assertFree(outer);
    assertFree(inner);
  }

  /** Fails by the time limit if another thread cannot enter {@code monitor}. */
  private static void assertFree(Object monitor) throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    Thread thread =
        new Thread(() -> {
          synchronized (monitor) {
            entered.countDown();
          }
        });
    thread.start();
    entered.await();
    thread.join();
  }

  @Test
  @DisplayName(
      "monitors held round an eager start or a generator's step stay held: exclusion lasts")
  void monitorsRoundAnEagerStart() {
    Object monitor = new Object();
    AtomicInteger inside = new AtomicInteger();
    run(() -> {
      var other =
          loop()
              .runInExecutor(
                  THREADS,
                  () -> {
                    for (int i = 0; i < 1_000; i++) {
                      synchronized (monitor) {
                        assertEquals(1, inside.incrementAndGet());
                        inside.decrementAndGet();
                      }
                    }
                    return "";
                  });
      AsyncGenerator<Integer> numbers =
          asyncGenerator(out -> {
            for (int i = 0; i < 200; i++) {
              out.yield(i);
            }
          });
      for (int i = 0; i < 200; i++) {
        Task<Void> task;
        synchronized (monitor) {
          assertEquals(1, inside.incrementAndGet());
          task = createTask(TaskOptions.eager(true), TaskContract::yieldOnce);
          assertTrue(numbers.advance());
          assertTrue(Thread.holdsLock(monitor));
          inside.decrementAndGet();
        }
        task.await();
      }
      numbers.close();
      other.await();
    });
  }

  @Test
  @DisplayName(
      "in debug mode an await inside synchronized is refused, and names the frame (LOOP-20)")
  void debugModeRefusesToAwaitInsideSynchronized() {
    loop().setDebug(true);
    assertTrue(loop().getDebug());
    run(() -> {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, this::awaitInsideSynchronized);
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("awaitInsideSynchronized"), message);
      yieldOnce();
    });
  }

  private synchronized void awaitInsideSynchronized() {
    yieldOnce();
  }

  // -- stacks ------------------------------------------------------------------------------------

  @Test
  @DisplayName("a task suspends and goes on a thousand frames deep")
  void deepStacks() {
    run(() -> {
      Task<Integer> one = createTask(() -> descend(1_000));
      Task<Integer> two = createTask(() -> descend(1_000));
      assertEquals(1_000, one.await());
      assertEquals(1_000, two.await());
    });
  }

  private static int descend(int frames) {
    if (frames == 0) {
      yieldOnce();
      return 0;
    }
    return 1 + descend(frames - 1);
  }

  @Test
  @DisplayName("a stack overflow fails its task, and the loop lives")
  void stackOverflow() {
    run(() -> {
      Task<Integer> endless = createTask(() -> endless(0));
      assertThrows(StackOverflowError.class, endless::await);
      Task<Integer> next = createTask(() -> descend(10));
      assertEquals(10, next.await());
      assertNull(next.exception());
    });
  }

  @SuppressWarnings("InfiniteRecursion") // that is the point
  private static int endless(int depth) {
    return endless(depth + 1) + 1;
  }
}
