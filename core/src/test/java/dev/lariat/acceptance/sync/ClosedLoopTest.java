package dev.lariat.acceptance.sync;

import static dev.lariat.Asyncio.sleep;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.newLoop;
import static dev.lariat.acceptance.several.Programs.reports;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.queue.Queue;
import dev.lariat.sync.Barrier;
import dev.lariat.sync.Condition;
import dev.lariat.sync.Event;
import dev.lariat.sync.Lock;
import dev.lariat.sync.Semaphore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A loop is closed over tasks that still wait: they are unwound, and that they leave what they held
 * or waited for is no error.
 */
class ClosedLoopTest {
  /**
   * Runs {@code tasks} to where they block, closes the loop, and gives the messages of the reports.
   */
  private static List<String> reportsOfClosing(Action... tasks) {
    EventLoop loop = newLoop();
    List<ExceptionContext> reports = reports(loop);
    for (Action task : tasks) {
      loop.createTask(task);
    }
    loop.runUntilComplete(() -> tick());
    loop.close();
    List<String> texts = new ArrayList<>();
    reports.forEach(report ->
        texts.add(report.message() + (report.exception() == null ? "" : " " + report.exception())));
    return texts;
  }

  private static void assertQuiet(Action... tasks) {
    assertThat(reportsOfClosing(tasks))
        .hasSize(tasks.length)
        .containsOnly("Task was destroyed but it is pending!");
  }

  @Test
  @DisplayName("LK-1 closing the loop over holder and waiters of a lock")
  void lock() {
    Lock lock = new Lock();
    Action user = () -> lock.withLock(() -> sleep(LONG));
    assertQuiet(user, user, user);
  }

  @Test
  @DisplayName("EV-1 closing the loop over waiters of an event, one of which sets it")
  void event() {
    Event event = new Event();
    assertQuiet(
        () -> {
          try {
            sleep(LONG);
          } finally {
            event.set();
          }
        },
        event::await,
        event::await);
  }

  @Test
  @DisplayName("CO-1 closing the loop over waiters of a condition")
  void condition() {
    Condition condition = new Condition();
    Action waiter = () -> condition.withLock(() -> condition.await());
    assertQuiet(waiter, waiter);
  }

  @Test
  @DisplayName("SE-1 closing the loop over holders and waiters of a semaphore")
  void semaphore() {
    Semaphore semaphore = new Semaphore(2);
    Action user = () -> semaphore.withPermit(() -> sleep(LONG));
    assertQuiet(user, user, user, user);
  }

  @Test
  @DisplayName("BA-2 closing the loop over the parties of a barrier")
  void barrier() {
    Barrier barrier = new Barrier(3);
    assertQuiet(barrier::await, barrier::await);
  }

  @Test
  @DisplayName("Q-2 closing the loop over getters and putters, and those that join")
  void queue() {
    Queue<Integer> empty = new Queue<>();
    assertQuiet(empty::get, empty::get);
    Queue<Integer> full = new Queue<>(1);
    full.putNowait(1);
    assertQuiet(() -> full.put(2), () -> full.put(3), full::join);
  }
}
