package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.Task;
import dev.lariat.acceptance.LoopTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** TASK-6: currentTask and allTasks. */
class IntrospectionTest extends LoopTest {
  @Test
  @DisplayName(
      "TASK-6 currentTask is the task that runs, again after each await, and null in between")
  void currentTaskInTasks() {
    Task<?>[] tasks = new Task<?>[2];
    for (int i = 0; i < 2; i++) {
      int n = i;
      tasks[i] =
          loop.createTask(() -> {
            for (int step = 0; step < 3; step++) {
              assertThat(currentTask()).isSameAs(tasks[n]);
              assertThat(currentTask(loop)).isSameAs(tasks[n]);
              sleep(Duration.ZERO);
            }
          });
    }
    for (int i = 0; i < 4; i++) {
      iterate();
      assertThat(currentTask(loop)).isNull();
    }
    assertThat(tasks).allMatch(Task::done);
  }

  @Test
  @DisplayName(
      "TASK-6 there is no current task in callbacks, timers, done callbacks, other threads")
  void noCurrentTask() {
    Runnable notes = () -> trace.add(currentTask());
    loop.callSoon(notes);
    loop.callLater(Duration.ZERO, notes);
    inOtherThread(() -> loop.callSoonThreadsafe(notes));
    var future = loop.<Integer>createFuture();
    future.addDoneCallback(done -> notes.run());
    future.setResult(1);
    loop.createTask(() ->
        inOtherThread(() -> trace.add(currentTask(loop) == null ? "none" : "seen from outside")));
    iterate();
    assertThat(trace.events())
        .containsExactlyInAnyOrder("null", "null", "null", "null", "seen from outside");
  }

  @Test
  @DisplayName("TASK-6 the current task is forgotten when a task fails, even fatally")
  void currentTaskAfterFailure() {
    Task<Void> failing =
        loop.createTask(() -> {
          throw new KeyboardInterrupt();
        });
    loop.callSoon(() -> trace.add(currentTask()));
    try {
      loop.runForever();
    } catch (KeyboardInterrupt expected) {
      assertThat(currentTask(loop)).isNull();
    }
    assertThat(failing.exception()).isInstanceOf(KeyboardInterrupt.class);
    iterate();
    trace.assertEvents("null");
  }

  @Test
  @DisplayName("TASK-6 two loops have each their own current task")
  void currentTaskPerLoop() {
    try (EventLoop other = newLoop()) {
      run(() -> {
        assertThat(currentTask(other)).isNull();
        inOtherThread(() ->
            other.runUntilComplete(() -> {
              trace.add(currentTask(other) == currentTask());
              trace.add(currentTask(loop) != currentTask());
            }));
      });
    }
    trace.assertEvents(true, true);
  }

  @Test
  @DisplayName(
      "TASK-6 allTasks has the tasks that are not done: started, waiting or not started yet")
  void unfinishedTasks() {
    Task<Integer> done = loop.createTask(() -> 1);
    Task<Void> waiting = loop.createTask(() -> sleep(Duration.ofSeconds(1)));
    iterate();
    Task<Void> fresh = loop.createTask(() -> sleep(Duration.ofSeconds(1)));
    assertThat(allTasks(loop)).containsExactlyInAnyOrder(waiting, fresh);
    run(() -> {
      assertThat(allTasks()).containsExactlyInAnyOrder(waiting, fresh, currentTask());
      assertThat(allTasks()).isEqualTo(allTasks(loop));
    });
    assertThat(done.done()).isTrue();
    waiting.cancel();
    assertThat(allTasks(loop)).as("asked to stop, not done yet").contains(waiting);
    iterate();
    assertThat(allTasks(loop)).doesNotContain(waiting);
    loop.runUntilComplete(fresh);
    assertThat(allTasks(loop)).isEmpty();
  }

  @Test
  @DisplayName("TASK-6 allTasks is a snapshot, one's own")
  void snapshot() {
    Task<Void> task = loop.createTask(() -> {});
    Set<Task<?>> before = allTasks(loop);
    loop.runUntilComplete(task);
    assertThat(before).containsExactly(task);
    before.clear();
    assertThat(allTasks(loop)).isEmpty();
  }

  @Test
  @DisplayName("TASK-6 allTasks knows the tasks of its loop only")
  void perLoop() {
    try (EventLoop other = newLoop()) {
      Task<Void> here = loop.createTask(() -> {});
      Task<Void> there = other.createTask(() -> {});
      assertThat(allTasks(loop)).containsExactly(here);
      assertThat(allTasks(other)).containsExactly(there);
      other.runUntilComplete(there);
    }
    iterate();
  }

  @Test
  @DisplayName("TASK-6 of a thousand tasks that come and go none is lost, and none stays")
  void comeAndGo() {
    run(() -> {
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        Duration delay = Duration.ofMillis(1 + i * 7919 % 1000);
        tasks.add(createTask(() -> sleep(delay)));
      }
      for (int ms = 0; ms < 1000; ms += 100) {
        Set<Task<?>> expected = new HashSet<>(tasks);
        expected.removeIf(Task::done);
        expected.add(currentTask());
        assertThat(allTasks()).isEqualTo(expected);
        sleep(Duration.ofMillis(100));
      }
      sleep(Duration.ofMillis(100));
      assertThat(allTasks()).containsExactly(currentTask());
    });
  }

  @Test
  @DisplayName("TASK-6 allTasks may be called from other threads while tasks come and go")
  void fromOtherThreads() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch asked = new CountDownLatch(100);
    List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
    Task<Void> staying = loop.createTask(() -> sleep(Duration.ofDays(1)));
    Thread asker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!over.get()) {
                  Set<Task<?>> tasks = allTasks(loop);
                  assertThat(tasks).contains(staying).doesNotContainNull();
                  asked.countDown();
                }
              } catch (Throwable error) {
                errors.add(error);
                asked.countDown();
              }
            });
    run(() -> {
      while (asked.getCount() > 0 && errors.isEmpty()) {
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          tasks.add(createTask(() -> sleep(Duration.ZERO)));
        }
        for (Task<?> task : tasks) {
          task.await();
        }
      }
    });
    over.set(true);
    asker.join();
    assertThat(errors).isEmpty();
    staying.cancel();
    iterate();
  }
}
