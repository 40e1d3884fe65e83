package dev.lariat.testkit;

import static dev.lariat.Asyncio.await;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.runCoroutineThreadsafe;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Handle;
import dev.lariat.Task;
import dev.lariat.context.ContextVar;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Other threads: what they may do to a loop, what they may not, and work given to them. */
abstract class ThreadContract extends CallbackContract {
  /** Runs {@code work} in another thread while this task waits. */
  private void inThread(Action work) {
    loop()
        .runInExecutor(
            THREADS,
            () -> {
              work.run();
              return "";
            })
        .await();
  }

  @Test
  @DisplayName("callSoonThreadsafe loses nothing, keeps each thread's order (LOOP-11)")
  void postsFromSeveralThreads() {
    int threads = 4;
    int posts = 500;
    List<List<Integer>> received = new ArrayList<>();
    Thread home = Thread.currentThread();
    run(() -> {
      List<Future<String>> posters = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        List<Integer> mine = new ArrayList<>();
        received.add(mine);
        posters.add(
            loop()
                .runInExecutor(
                    THREADS,
                    () -> {
                      for (int i = 0; i < posts; i++) {
                        int number = i;
                        loop()
                            .callSoonThreadsafe(() -> {
                              assertSame(home, Thread.currentThread());
                              mine.add(number);
                            });
                      }
                      return "";
                    }));
      }
      for (Future<String> poster : posters) {
        poster.await();
      }
    });
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < posts; i++) {
      expected.add(i);
    }
    for (List<Integer> mine : received) {
      assertEquals(expected, mine);
    }
  }

  @Test
  @DisplayName("callSoonThreadsafe wakes a loop that waits (LOOP-11)")
  void postsWakeTheLoop() {
    run(() -> {
      Future<String> posted = loop().createFuture();
      Handle far = loop().callLater(Duration.ofHours(1), logging("an hour has passed"));
      Future<String> poster =
          loop()
              .runInExecutor(
                  THREADS,
                  () -> {
                    Thread.sleep(3);
                    loop().callSoonThreadsafe(() -> posted.setResult("woken"));
                    return "";
                  });
      assertEquals("woken", posted.await());
      poster.await();
      far.cancel();
    });
    assertLog();
  }

  @Test
  @DisplayName("a handle of callSoonThreadsafe can be cancelled by another thread (LOOP-11)")
  void postsCanBeCancelled() {
    CountDownLatch cancelled = new CountDownLatch(1);
    run(() -> {
      Future<String> canceller =
          loop()
              .runInExecutor(
                  THREADS,
                  () -> {
                    Handle handle = loop().callSoonThreadsafe(logging("cancelled"));
                    loop().callSoonThreadsafe(logging("kept"));
                    handle.cancel();
                    cancelled.countDown();
                    return "";
                  });
      cancelled.await(); // the loop is kept busy until the handle is cancelled
      canceller.await();
    });
    assertLog("kept");
  }

  @Test
  @DisplayName("a closed loop takes no callbacks of other threads (LOOP-11)")
  void postsToAClosedLoop() {
    loop().close();
    assertThrows(IllegalStateException.class, () -> loop().callSoonThreadsafe(logging("never")));
  }

  @Test
  @DisplayName(
      "what belongs to the loop's thread is refused on any other, and does no harm (LOOP-20)")
  void wrongThread() {
    run(() -> {
      Future<String> future = loop().createFuture();
      Task<String> task = createTask(future::await);
      List<Runnable> misuses =
          List.of(
              () -> loop().callSoon(logging("soon")),
              () -> loop().callLater(ms(1), logging("later")),
              () -> loop().callAt(Duration.ZERO, logging("at")),
              () -> loop().createTask(() -> log("task")),
              () -> task.cancel(),
              () -> future.setResult("wrong"),
              () -> loop().stop(),
              () -> loop().runForever(),
              () -> loop().close());
      inThread(() -> {
        for (Runnable misuse : misuses) {
          assertThrows(IllegalStateException.class, misuse::run);
        }
      });
      future.setResult("right");
      assertEquals("right", task.await());
      sleep(ms(2));
    });
    assertLog();
  }

  @Test
  @DisplayName("runInExecutor: value and exception come back, other tasks run meanwhile (LOOP-14)")
  void runInExecutor() {
    run(() -> {
      IOException error = new IOException("the function's");
      CountDownLatch otherTaskRan = new CountDownLatch(1);
      Thread home = Thread.currentThread();
      createTask(otherTaskRan::countDown);
      Future<Thread> where =
          loop()
              .runInExecutor(
                  null,
                  () -> {
                    otherTaskRan.await();
                    return Thread.currentThread();
                  });
      assertNotSame(home, where.await());
      Future<String> failing =
          loop()
              .runInExecutor(
                  THREADS,
                  () -> {
                    throw error;
                  });
      while (!failing.done()) {
        sleep(ms(1));
      }
      assertSame(error, failing.exception());
    });
  }

  @Test
  @DisplayName("cancelling the future of runInExecutor leaves the thread alone (LOOP-14)")
  void cancellingRunInExecutor() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicReference<String> end = new AtomicReference<>("none");
    run(() -> {
      Future<String> future =
          loop()
              .runInExecutor(
                  THREADS,
                  () -> {
                    started.countDown();
                    mayEnd.await();
                    end.set("undisturbed");
                    return "";
                  });
      started.await();
      assertTrue(future.cancel());
      assertThrows(CancelledError.class, future::await);
      mayEnd.countDown();
      inThread(() -> {
        while (end.get().equals("none")) {
          Thread.sleep(1);
        }
      });
    });
    assertEquals("undisturbed", end.get());
  }

  @Test
  @DisplayName("toThread throws what the function throws, and takes context variables along (TT-1)")
  void toThreadGivesTheOutcome() {
    ContextVar<String> variable = ContextVar.withDefault("variable", "none");
    IOException error = new IOException("the function's");
    run(() -> {
      variable.set("the task's");
      Thread home = Thread.currentThread();
      String seen =
          toThread(() -> {
            assertNotSame(home, Thread.currentThread());
            return variable.get();
          });
      assertEquals("the task's", seen);
      IOException thrown =
          assertThrows(
              IOException.class,
              () ->
                  toThread(() -> {
                    throw error;
                  }));
      assertSame(error, thrown);
      assertSame(home, Thread.currentThread());
    });
  }

  @Test
  @DisplayName("cancelling a task in toThread interrupts the thread (TT-1)")
  void cancellingToThread() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    run(() -> {
      Task<Void> task =
          createTask(() ->
              toThread(() -> {
                started.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                }
              }));
      inThread(started::await);
      task.cancel();
      assertThrows(CancelledError.class, task::await);
      inThread(interrupted::await);
    });
  }

  @Test
  @DisplayName("runCoroutineThreadsafe: value, exception, and cancel from another thread (RCT-1)")
  void coroutinesFromAnotherThread() {
    RuntimeException error = new RuntimeException("the coroutine's");
    AtomicBoolean cancelled = new AtomicBoolean();
    run(() -> {
      inThread(() -> {
        // no time in these: while the loop's own work waits for it, a virtual clock stands
        CompletableFuture<String> value =
            runCoroutineThreadsafe(() -> sleep(Duration.ZERO, "value"), loop());
        assertEquals("value", value.get());
        CompletableFuture<Void> failing =
            runCoroutineThreadsafe(
                () -> {
                  throw error;
                },
                loop());
        assertSame(error, assertThrows(ExecutionException.class, failing::get).getCause());
        CompletableFuture<Void> endless =
            runCoroutineThreadsafe(
                () -> {
                  try {
                    loop().createFuture().await();
                  } catch (CancelledError e) {
                    cancelled.set(true);
                    throw e;
                  }
                },
                loop());
        // until the task has started: cancelled before, it would not run at all (CAN-2)
        runCoroutineThreadsafe(() -> sleep(Duration.ZERO, ""), loop()).get();
        assertTrue(endless.cancel(true));
        runCoroutineThreadsafe(() -> sleep(Duration.ZERO, ""), loop()).get();
      });
      sleep(Duration.ZERO);
    });
    assertTrue(cancelled.get());
  }

  @Test
  @DisplayName(
      "a CompletableFuture of another thread can be awaited, and is cancelled along (FUT-9)")
  void completableFutures() {
    run(() -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      Future<String> completer =
          loop()
              .runInExecutor(
                  THREADS,
                  () -> {
                    Thread.sleep(2);
                    stage.complete("value");
                    return "";
                  });
      assertEquals("value", await(stage));
      completer.await();

      CompletableFuture<String> endless = new CompletableFuture<>();
      Task<String> waiting = createTask(() -> await(endless));
      sleep(Duration.ZERO);
      waiting.cancel();
      assertThrows(CancelledError.class, waiting::await);
      assertTrue(endless.isCancelled());
    });
  }
}
