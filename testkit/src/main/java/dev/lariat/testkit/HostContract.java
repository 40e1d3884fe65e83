package dev.lariat.testkit;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TimerHandle;
import dev.lariat.host.DeadlockException;
import dev.lariat.host.Host;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a guest loop must do on every host, beside the {@link EventLoopContract}: live inside the
 * toolkit's callbacks and its nested main loops, and leave the toolkit its time.
 *
 * <p>The toolkit's main loop is tested as it is, on the real clock; a subclass says how to get
 * there.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class HostContract extends NestedLoopContract {
  /** For subclasses. */
  protected HostContract() {}

  // -- in the toolkit's callbacks ----------------------------------------------------------------

  @Test
  @DisplayName("in a callback of the toolkit the loop is the running one, and tasks can be made")
  void tasksInCallbacks() throws Throwable {
    withLoop((loop, _) -> {
      Future<String> end = loop.createFuture();
      post(() -> {
        assertSame(loop, getRunningLoop());
        createTask(() -> {
          sleep(ms(1));
          end.setResult("from a callback");
        });
      });
      assertEquals("from a callback", loop.runUntilComplete(end));
    });
  }

  @Test
  @DisplayName("a callback of the toolkit is no task: an await in it fails, and says what to do")
  void noAwaitInCallbacks() throws Throwable {
    withLoop((loop, _) -> {
      Future<String> end = loop.createFuture();
      post(() -> {
        IllegalStateException refused =
            assertThrows(IllegalStateException.class, () -> sleep(ms(1)));
        end.setResult(String.valueOf(refused.getMessage()));
      });
      String message = loop.runUntilComplete(end);
      assertTrue(message.contains("createTask"), message);
    });
  }

  @Test
  @DisplayName("whatever a callback makes ready runs, with nothing else to wake the loop (GLIB-9)")
  void callbacksWakeTheLoop() throws Throwable {
    withLoop((loop, _) -> {
      List<String> order = new ArrayList<>();
      Future<String> end = loop.createFuture();
      loop.callSoon(() ->
          post(() -> {
            loop.callLater(ms(5), () -> end.setResult("done"));
            loop.callSoon(() -> order.add("soon"));
            loop.callSoonThreadsafe(() -> order.add("threadsafe"));
          }));
      assertEquals("done", loop.runUntilComplete(end));
      assertEquals(List.of("soon", "threadsafe"), order);
    });
  }

  @Test
  @DisplayName(
      "a task that a callback started and that fails is reported at once; cancelled, never")
  void errorsOfHandlers() throws Throwable {
    withLoop((loop, reports) -> {
      Future<String> end = loop.createFuture();
      post(() -> {
        createTask(() -> {
          throw new IllegalArgumentException("in a handler");
        });
        Task<Void> cancelled = createTask(() -> sleep(Duration.ofHours(1)));
        loop.callSoon(cancelled::cancel);
        loop.callLater(ms(5), () -> end.setResult("done"));
      });
      loop.runUntilComplete(end);
      assertEquals(1, reports.size(), reports::toString);
      assertEquals("in a handler", messageOf(reports.removeFirst()));
    });
  }

  private static String messageOf(ExceptionContext report) {
    return String.valueOf(Objects.requireNonNull(report.exception()).getMessage());
  }

  // -- on virtual time ---------------------------------------------------------------------------

  @Test
  @DisplayName("on virtual time the clock stands while what the toolkit does leads to more of it")
  void clockStands() throws Throwable {
    onHostThread(() -> {
      try (EventLoop loop = new EventLoop(new VirtualTimeHost(newHost()))) {
        Future<String> end = loop.createFuture();
        loop.runUntilComplete(() -> {
          post(() -> post(() -> end.setResult("done")));
          Duration start = loop.time();
          assertEquals("done", timeout(Duration.ofHours(1), () -> end.await()));
          assertEquals(start, loop.time());
        });
      }
    });
  }

  @Test
  @DisplayName("nor is that a deadlock, where it is all that is left to do")
  void noDeadlock() throws Throwable {
    onHostThread(() -> {
      try (EventLoop loop = new EventLoop(new VirtualTimeHost(newHost()))) {
        Future<String> end = loop.createFuture();
        loop.callSoon(() -> post(() -> post(() -> end.setResult("done"))));
        assertEquals("done", loop.runUntilComplete(end));
        assertThrows(
            DeadlockException.class, () -> loop.runUntilComplete(loop.<String>createFuture()));
      }
    });
  }

  // -- runs --------------------------------------------------------------------------------------

  @Test
  @DisplayName("a loop can run, be attached and stopped, over and over, and is closed in the end")
  void runsOverAndOver() throws Throwable {
    withLoop((loop, _) -> {
      for (int i = 0; i < 3; i++) {
        int round = i;
        assertEquals(
            round,
            loop.runUntilComplete(() -> {
              sleep(ms(1));
              return round;
            }));
        assertFalse(loop.isRunning());
        attachUntilStopped(loop);
      }
    });
  }

  /** Attaches the loop inside a main loop that somebody else runs: a nested one will do. */
  private void attachUntilStopped(EventLoop loop) {
    NestedLoop main = newNestedLoop();
    List<String> order = new ArrayList<>();
    post(() -> {
      loop.attach(() -> {
        order.add("stopped, running=" + loop.isRunning());
        main.exit();
      });
      assertTrue(loop.isRunning());
      assertThrows(IllegalStateException.class, loop::attach);
      assertThrows(IllegalStateException.class, loop::runForever);
      createTask(() -> {
        sleep(ms(1));
        order.add("task");
        getRunningLoop().stop();
        getRunningLoop().callSoon(() -> order.add("in the next run"));
      });
    });
    main.run();
    assertEquals(List.of("task", "stopped, running=false"), order);
    loop.runUntilComplete(() -> {});
    assertEquals("in the next run", order.getLast());
  }

  @Test
  @DisplayName("an attached loop can be closed by a callback of the toolkit; its tasks are unwound")
  void closeWhileAttached() throws Throwable {
    withLoop((loop, reports) -> {
      NestedLoop main = newNestedLoop();
      List<String> order = new ArrayList<>();
      post(() -> {
        loop.attach();
        createTask(() -> {
          try {
            post(() -> {
              loop.close();
              order.add("closed");
              main.exit();
            });
            sleep(Duration.ofHours(1));
          } finally {
            order.add("unwound");
          }
        });
      });
      main.run();
      assertEquals(List.of("unwound", "closed"), order);
      assertTrue(loop.isClosed());
      assertEquals("Task was destroyed but it is pending!", reports.removeFirst().message());
    });
  }

  @Test
  @DisplayName(
      "an error that must leave the loop does not go through the toolkit, but out of the run")
  void fatalErrors() throws Throwable {
    withLoop((loop, _) -> {
      loop.callSoon(() -> {
        throw new OutOfMemoryError("a test's");
      });
      assertThrows(OutOfMemoryError.class, loop::runForever);
      assertEquals("alive", loop.runUntilComplete(() -> "alive"));
    });
  }

  @Test
  @DisplayName("on another thread than the host's it cannot run, and says where it can")
  void otherThreads() throws Throwable {
    withLoop((loop, _) -> {
      List<String> messages = new ArrayList<>();
      Thread thread =
          new Thread(() ->
              messages.add(
                  assertThrows(IllegalStateException.class, loop::runForever).getMessage()));
      thread.start();
      thread.join();
      assertTrue(messages.getFirst().contains("guest on"), messages.getFirst());
    });
  }

  // -- the toolkit's time ------------------------------------------------------------------------

  @Test
  @DisplayName(
      "tasks that never rest leave the toolkit its turn, after each one if the budget is 0")
  void noBudget() throws Throwable {
    assertTrue(stepsBetweenEvents(Duration.ZERO) <= 3);
  }

  @Test
  @DisplayName("what comes to the toolkit while a turn uses up its time is handled before the next")
  void budget() throws Throwable {
    assertTrue(stepsBetweenEvents(Duration.ofNanos(1)) <= 1);
  }

  /** Of busy tasks, at most; each event of the toolkit posts the next. */
  private int stepsBetweenEvents(Duration budget) throws Throwable {
    int[] steps = {0};
    List<Integer> atEvent = new ArrayList<>();
    withLoop((loop, _) -> {
      loop.setTurnBudget(budget);
      loop.runUntilComplete(() -> {
        List<Task<Void>> busy = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          busy.add(
              createTask(() -> {
                while (atEvent.size() < 50) {
                  steps[0]++;
                  sleep(Duration.ZERO);
                }
              }));
        }
        postAgain(atEvent, steps);
        for (Task<Void> task : busy) {
          task.await();
        }
      });
    });
    int most = 0;
    for (int i = 1; i < atEvent.size(); i++) {
      most = Math.max(most, atEvent.get(i) - atEvent.get(i - 1));
    }
    return most;
  }

  private void postAgain(List<Integer> atEvent, int[] steps) {
    post(() -> {
      atEvent.add(steps[0]);
      if (atEvent.size() < 50) {
        postAgain(atEvent, steps);
      }
    });
  }

  @Test
  @DisplayName("100,000 posts of 8 threads: none is lost, and few wake-ups serve them (LOOP-11)")
  void threadsafePosts() throws Throwable {
    withLoop((loop, _) -> {
      int threads = 8;
      int posts = 12_500;
      int[] count = {0};
      Future<String> end = loop.createFuture();
      CountDownLatch go = new CountDownLatch(1);
      for (int i = 0; i < threads; i++) {
        Thread thread =
            new Thread(() -> {
              try {
                go.await();
              } catch (InterruptedException e) {
                return;
              }
              for (int j = 0; j < posts; j++) {
                loop.callSoonThreadsafe(() -> {
                  if (++count[0] == threads * posts) {
                    end.setResult("all");
                  }
                });
              }
            });
        thread.start();
      }
      loop.callSoon(go::countDown);
      assertEquals("all", loop.runUntilComplete(end));
    });
  }

  @Test
  @DisplayName("a post that comes in an iteration which two turns share is not lost (LOOP-11)")
  void postBetweenTurns() throws Throwable {
    withLoop((loop, _) -> {
      loop.setTurnBudget(Duration.ZERO); // a turn ends after each callback
      List<String> order = new ArrayList<>();
      Future<String> end = loop.createFuture();
      loop.callSoon(() -> {
        order.add("first");
        Thread thread = new Thread(() -> loop.callSoonThreadsafe(() -> end.setResult("posted")));
        thread.start();
        joinUninterruptibly(thread);
      });
      loop.callSoon(() -> order.add("second"));
      assertEquals("posted", loop.runUntilComplete(end));
      assertEquals(List.of("first", "second"), order);
    });
  }

  @Test
  @DisplayName("a wake-up of another thread that comes after the close does nothing (LOOP-11)")
  void wakeAfterTheClose() throws Throwable {
    onHostThread(() -> {
      Host host = newHost();
      try (EventLoop loop = new EventLoop(host)) {
        loop.runUntilComplete(() -> {});
      }
      List<Throwable> thrown = new ArrayList<>();
      Thread thread = new Thread(host::wake);
      thread.setUncaughtExceptionHandler((_, error) -> thrown.add(error));
      thread.start();
      joinUninterruptibly(thread);
      NestedLoop main = newNestedLoop();
      post(main::exit);
      main.run(); // so the toolkit does what it was asked for
      assertEquals(List.of(), thrown);
    });
  }

  private static void joinUninterruptibly(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("idle costs nothing: 2 s of real time with a timer far away take under 1 % of a CPU")
  void idle() throws Throwable {
    long[] used = {0};
    withLoop((loop, _) -> {
      loop.runUntilComplete(() -> {
        loop.callLater(Duration.ofHours(1), () -> {}).cancel();
        Task<Void> far = createTask(() -> sleep(Duration.ofHours(1)));
        sleep(ms(100)); // whatever the toolkit does at its start
        long before = cpuNanos();
        sleep(Duration.ofSeconds(2));
        used[0] = cpuNanos() - before;
        far.cancel();
      });
    });
    long limit = 20_000_000;
    if (used[0] > limit) { // some toolkits are never idle: JavaFX has a pulse
      long before = cpuNanos();
      Thread.sleep(2_000);
      long alone = cpuNanos() - before;
      assertTrue(
          used[0] - alone < limit,
          "CPU used in 2 s, in ms: " + used[0] / 1e6 + ", without a loop " + alone / 1e6);
    }
  }

  /** Of all threads that Java code runs in: the host's, an alarm's, the toolkit's others. */
  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return LongStream.of(threads.getAllThreadIds())
        .map(threads::getThreadCpuTime)
        .filter(nanos -> nanos > 0)
        .sum();
  }

  @Test
  @DisplayName("timers on the real clock are in order, and never early")
  void timers() throws Throwable {
    withLoop((loop, _) -> {
      List<Duration> order = new ArrayList<>();
      List<Long> late = new ArrayList<>();
      loop.runUntilComplete(() -> {
        for (int delay : new int[] {30, 5, 1, 12, 5}) {
          long due = System.nanoTime() + ms(delay).toNanos();
          TimerHandle[] timer = {null};
          Runnable ring =
              () -> {
                late.add(System.nanoTime() - due);
                order.add(timer[0].when()); // a busy machine comes to it long after due was taken
              };
          timer[0] = loop.callLater(ms(delay), ring);
        }
        while (order.size() < 5) {
          sleep(ms(1));
        }
      });
      assertTrue(late.stream().allMatch(nanos -> nanos >= 0), late::toString);
      assertEquals(order.stream().sorted().toList(), order);
    });
  }
}
