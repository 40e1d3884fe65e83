package dev.lariat.testkit;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.QueueShutDownException;
import dev.lariat.Task;
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

/** Locks, queues and the like: in which order they hand over. */
abstract class SyncContract extends ScopeContract {
  /** Makes tasks that each wait by {@code waiting} and then log their number. */
  private List<Task<Void>> waiters(int count, Action waiting) {
    List<Task<Void>> tasks = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      int number = i;
      tasks.add(
          createTask(() -> {
            waiting.run();
            log(number);
          }));
    }
    return tasks;
  }

  @Test
  @DisplayName("a lock goes from one to the next in the order they asked; nobody overtakes (LK-1)")
  void locksAreFair() {
    run(() -> {
      Lock lock = new Lock();
      lock.acquire();
      List<Task<Void>> tasks = waiters(3, () -> lock.withLock(TaskContract::yieldOnce));
      yieldOnce();
      lock.release();
      lock.acquire(); // free, but others have waited for it
      log("newcomer");
      lock.release();
      gather(tasks).await();
      assertFalse(lock.locked());
    });
    assertLog(1, 2, 3, "newcomer");
  }

  @Test
  @DisplayName("a waiter that is cancelled when it was given the lock passes it on (LK-2)")
  void cancelledWaitersPassTheLockOn() {
    run(() -> {
      Lock lock = new Lock();
      lock.acquire();
      List<Task<Void>> tasks = waiters(2, lock::acquire);
      yieldOnce();
      lock.release();
      tasks.getFirst().cancel();
      assertThrows(CancelledError.class, tasks.getFirst()::await);
      tasks.getLast().await();
    });
    assertLog(2);
  }

  @Test
  @DisplayName("an event wakes all who wait, and holds up nobody while it is set (EV-1)")
  void events() {
    run(() -> {
      Event event = new Event();
      List<Task<Void>> tasks = waiters(3, event::await);
      yieldOnce();
      event.set();
      event.await();
      event.clear();
      assertLog();
      gather(tasks).await();
      assertFalse(event.isSet());
    });
    assertLog(1, 2, 3);
  }

  @Test
  @DisplayName("signal wakes as many as it says, in order, each with the lock held (CO-3)")
  void conditions() {
    run(() -> {
      Condition condition = new Condition();
      List<Task<Void>> tasks =
          waiters(
              3,
              () ->
                  condition.withLock(() -> {
                    condition.await();
                    assertTrue(condition.locked());
                  }));
      yieldOnce();
      condition.withLock(() -> condition.signal(2));
      tasks.get(1).await();
      assertLog(1, 2);
      condition.withLock(condition::signalAll);
      tasks.get(2).await();
      assertThrows(IllegalStateException.class, condition::signal);
    });
    assertLog(3);
  }

  @Test
  @DisplayName("a semaphore lets in as many as it has permits, then one for one (SE-1)")
  void semaphores() {
    run(() -> {
      Semaphore semaphore = new Semaphore(2);
      List<Task<Void>> tasks = waiters(4, semaphore::acquire);
      yieldOnce();
      assertLog(1, 2);
      assertTrue(semaphore.locked());
      semaphore.release();
      tasks.get(2).await();
      assertLog(3);
      semaphore.release();
      tasks.get(3).await();
    });
    assertLog(4);
  }

  @Test
  @DisplayName("a barrier opens when all have come, and again for the next ones (BA-1)")
  void barriers() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      for (int round = 0; round < 2; round++) {
        List<Task<Void>> tasks = waiters(2, barrier::await);
        yieldOnce();
        assertEquals(2, barrier.nWaiting());
        assertLog();
        barrier.await();
        gather(tasks).await();
        assertLog(1, 2);
      }
    });
  }

  @Test
  @DisplayName("a queue hands items over in order, to getters and from putters in order (Q-1)")
  void queues() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      List<Task<Integer>> getters = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        getters.add(createTask(queue::get));
      }
      yieldOnce();
      Task<Void> putter =
          createTask(() -> {
            for (int i = 1; i <= 5; i++) {
              queue.put(i);
            }
          });
      assertEquals(List.of(1, 2, 3), gather(getters).await());
      yieldOnce();
      assertFalse(putter.done());
      assertTrue(queue.full());
      assertEquals(4, queue.get());
      assertEquals(5, queue.get());
      putter.await();
    });
  }

  @Test
  @DisplayName("a getter that is cancelled when it was woken passes the wake-up on (Q-2)")
  void cancelledGettersPassTheWakeUpOn() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> first = createTask(queue::get);
      Task<Integer> second = createTask(queue::get);
      yieldOnce();
      queue.putNowait(1);
      first.cancel();
      assertThrows(CancelledError.class, first::await);
      assertEquals(1, second.await());
    });
  }

  @Test
  @DisplayName(
      "join waits until every item is done; shutdown wakes who would wait for ever (Q-3, Q-4)")
  void joinAndShutdown() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      queue.put(1);
      Task<Void> joining = createTask(queue::join);
      Task<Void> worker =
          createTask(() -> {
            queue.get();
            yieldOnce();
            queue.taskDone();
            queue.get();
          });
      joining.await();
      assertTrue(queue.empty());
      yieldOnce();
      queue.shutdown();
      assertThrows(QueueShutDownException.class, worker::await);
      assertThrows(QueueShutDownException.class, () -> queue.putNowait(2));
    });
  }
}
