package dev.lariat.testkit;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.modal;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.host.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What a host is tested through, and what becomes of tasks in a nested main loop: a modal dialog's,
 * say.
 */
abstract class NestedLoopContract {
  /**
   * Makes a host. Called on its thread.
   *
   * @return a new host; its loop closes it
   */
  protected abstract Host newHost();

  /**
   * Has the toolkit run something on the host's thread, soon: its own {@code invokeLater}.
   *
   * @param event what to run. May be called by any thread
   */
  protected abstract void post(Runnable event);

  /**
   * Runs a test on the host's thread, and waits for its end.
   *
   * @param test what to run
   * @throws Throwable what the test failed with
   */
  protected abstract void onHostThread(Executable test) throws Throwable;

  /** A nested main loop of the toolkit, as a modal dialog has one. */
  protected interface NestedLoop {
    /** Runs it on this thread, the host's, until {@link #exit}. */
    void run();

    /** Ends it. Called on the host's thread, from inside it. */
    void exit();
  }

  /**
   * Makes a nested main loop, in the toolkit's own way. Called on the host's thread.
   *
   * @return a new one
   */
  protected abstract NestedLoop newNestedLoop();

  /** A test with a loop of its own. */
  interface Body {
    void run(EventLoop loop, List<ExceptionContext> reports) throws Exception;
  }

  final void withLoop(Body body) throws Throwable {
    onHostThread(() -> {
      List<ExceptionContext> reports = new ArrayList<>();
      try (EventLoop loop = new EventLoop(newHost())) {
        loop.setExceptionHandler((_, report) -> reports.add(report));
        body.run(loop, reports);
      }
      assertEquals(List.of(), reports, "what the loop's exception handler was told");
    });
  }

  static Duration ms(int milliseconds) {
    return Duration.ofMillis(milliseconds);
  }

  // -- nested main loops -------------------------------------------------------------------------

  @Test
  @DisplayName(
      "while a task is in a nested main loop the others go on, and then it goes on as well")
  void nestedLoop() throws Throwable {
    nestedLoop(NestedLoop::run);
  }

  @Test
  @DisplayName("the same inside modal()")
  void nestedLoopInModal() throws Throwable {
    nestedLoop(nested -> modal(nested::run));
  }

  private void nestedLoop(java.util.function.Consumer<NestedLoop> running) throws Throwable {
    withLoop((loop, _) -> {
      loop.runUntilComplete(() -> {
        NestedLoop nested = newNestedLoop();
        AtomicInteger ticks = new AtomicInteger();
        Task<Void> ticker =
            createTask(() -> {
              for (int i = 0; i < 10; i++) {
                sleep(i % 2 == 0 ? Duration.ZERO : ms(2));
                ticks.incrementAndGet();
              }
              nested.exit();
            });
        running.accept(nested);
        assertEquals(10, ticks.get());
        sleep(ms(1));
        ticker.await();
      });
    });
  }

  @Test
  @DisplayName("a nested main loop entered by a timer's callback is ended by the next timer")
  void timerAfterTimer() throws Throwable {
    withLoop((loop, _) -> {
      loop.runUntilComplete(() -> {
        NestedLoop nested = newNestedLoop();
        Future<String> over = loop.createFuture();
        loop.callLater(
            ms(2),
            () -> {
              nested.run();
              over.setResult("over");
            });
        loop.callLater(ms(4), nested::exit);
        over.await();
      });
    });
  }

  @Test
  @DisplayName(
      "a timer that falls due in the midst of an iteration is not lost in a nested main loop")
  void timerInMidst() throws Throwable {
    withLoop((loop, _) -> {
      loop.setTurnBudget(Duration.ZERO); // each of these has a turn of its own
      loop.runUntilComplete(() -> {
        NestedLoop nested = newNestedLoop();
        loop.callLater(ms(2), nested::exit);
        for (int i = 0; i < 5; i++) {
          loop.callSoon(
              () -> LockSupport.parkNanos(1_000_000)); // in real time, where that is meant
        }
        createTask(nested::run).await();
      });
    });
  }

  @Test
  @DisplayName("what was ready behind a task goes on when that enters a nested main loop")
  void readyBehind() throws Throwable {
    withLoop((loop, _) -> {
      List<String> order = new ArrayList<>();
      loop.runUntilComplete(() -> {
        NestedLoop nested = newNestedLoop();
        Task<Void> outer =
            createTask(() -> {
              order.add("in");
              nested.run();
              order.add("out");
            });
        Task<Void> behind =
            createTask(() -> {
              order.add("behind");
              sleep(Duration.ZERO);
              order.add("once more");
              nested.exit();
            });
        outer.await();
        behind.await();
      });
      assertEquals(List.of("in", "behind", "once more", "out"), order);
    });
  }

  @Test
  @DisplayName("modal(): a callback on top of it cannot await; the task beneath says where it is")
  void modalProtects() throws Throwable {
    withLoop((loop, _) -> {
      Task<Void> main =
          loop.createTask(() -> {
            NestedLoop nested = newNestedLoop();
            Task<?> self = Objects.requireNonNull(currentTask());
            List<String> seen = new ArrayList<>();
            post(() -> {
              seen.add(
                  assertThrows(IllegalStateException.class, () -> sleep(Duration.ZERO))
                      .getMessage());
              seen.add(String.valueOf(self));
              createTask(() -> {
                sleep(ms(1)); // a task in a callback can
                nested.exit();
              });
            });
            modal(nested::run);
            assertTrue(seen.get(0).contains("createTask"), seen.get(0));
            assertTrue(seen.get(1).contains("beneath a modal dialog"), seen.get(1));
            assertFalse(self.toString().contains("modal"));
            sleep(ms(1));
          });
      loop.runUntilComplete(main);
    });
  }

  @Test
  @DisplayName("modal(): a cancellation of the task dismisses the dialog, and is thrown")
  void modalIsDismissed() throws Throwable {
    withLoop((loop, _) -> {
      loop.runUntilComplete(() -> {
        NestedLoop nested = newNestedLoop();
        assertThrows(
            TimeoutException.class, () -> timeout(ms(10), () -> modal(nested::run, nested::exit)));
        sleep(ms(1));
      });
    });
  }

  @Test
  @DisplayName("nested main loops end last in, first out: the task beneath waits, nothing is lost")
  void twoNestedLoops() throws Throwable {
    withLoop((loop, _) -> {
      List<String> order = new ArrayList<>();
      loop.runUntilComplete(() -> {
        NestedLoop first = newNestedLoop();
        NestedLoop second = newNestedLoop();
        Task<Void> one =
            createTask(() -> {
              modal(first::run);
              order.add("one");
              sleep(Duration.ZERO);
            });
        sleep(Duration.ZERO); // resumed inside the first, by a turn of its own
        Task<Void> two =
            createTask(() -> {
              modal(second::run);
              order.add("two");
              sleep(Duration.ZERO);
            });
        Task<Void> closer =
            createTask(() -> {
              sleep(ms(5));
              first.exit();
              sleep(ms(5));
              order.add("the first was closed");
              second.exit();
            });
        one.await();
        two.await();
        closer.await();
      });
      assertEquals(List.of("the first was closed", "two", "one"), order);
    });
  }

  @Test
  @DisplayName("stop() inside a nested main loop ends the run once that has ended")
  void stopInNestedLoop() throws Throwable {
    withLoop((loop, reports) -> {
      List<String> order = new ArrayList<>();
      NestedLoop nested = newNestedLoop();
      Task<Void> task =
          loop.createTask(() -> {
            post(() -> {
              loop.stop();
              post(() -> {
                order.add("nested");
                nested.exit();
              });
            });
            modal(nested::run);
            order.add("out");
          });
      loop.runForever();
      order.add("stopped");
      loop.runUntilComplete(task);
      assertEquals(List.of("nested", "out", "stopped"), order);
    });
  }
}
