package dev.lariat.testkit;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lariat.AsyncGenerator;
import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tasks, futures, generators: the order of steps, cancelling, names and contexts. */
abstract class TaskContract extends ThreadContract {
  static void yieldOnce() {
    sleep(Duration.ZERO);
  }

  /** A coroutine that logs its name and a number at each of {@code steps} steps. */
  final void logSteps(String name, int steps) {
    for (int i = 1; i <= steps; i++) {
      log(name + i);
      yieldOnce();
    }
  }

  // -- steps -------------------------------------------------------------------------------------

  @Test
  @DisplayName("a task starts in the next iteration, and tasks take turns (TASK-1, SL-1)")
  void tasksTakeTurns() {
    run(() -> {
      Task<Void> a = createTask(() -> logSteps("a", 3));
      Task<Void> b = createTask(() -> logSteps("b", 2));
      log("made");
      a.await();
      b.await();
    });
    assertLog("made", "a1", "b1", "a2", "b2", "a3");
  }

  @Test
  @DisplayName("sleeping tasks wake in the order of their times (SL-1)")
  void sleepersWakeInOrder() {
    run(() -> {
      List<Task<Void>> sleepers = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        int number = i;
        sleepers.add(createTask(() -> log(sleep(ms(number), number))));
      }
      for (Task<Void> sleeper : sleepers) {
        sleeper.await();
      }
    });
    assertLog(1, 2, 3, 4);
  }

  @Test
  @DisplayName("a task stays on the loop's thread, before each await and after (TASK-1)")
  void tasksStayOnTheThread() {
    Thread home = Thread.currentThread();
    run(() -> {
      assertSame(home, Thread.currentThread());
      yieldOnce();
      assertSame(home, Thread.currentThread());
      createTask(() -> assertSame(home, Thread.currentThread())).await();
    });
  }

  @Test
  @DisplayName(
      "an eager task starts inside createTask, up to its first await (EAG-1, EAG-2, EAG-3)")
  void eagerTasks() {
    run(() -> {
      Task<?> self = currentTask();
      Task<String> quick = createTask(TaskOptions.eager(true), () -> "quick");
      assertTrue(quick.done());
      Task<Void> task =
          createTask(
              TaskOptions.named("eager").withEagerStart(true),
              () -> {
                log(Objects.requireNonNull(currentTask()).getName());
                yieldOnce();
                log("resumed");
              });
      assertSame(self, currentTask());
      assertEquals(Set.of(Objects.requireNonNull(self), task), allTasks());
      log("made");
      task.await();
    });
    assertLog("eager", "made", "resumed");
  }

  @Test
  @DisplayName("an error of the eager step is the task's, not createTask's (EAG-7)")
  void eagerFailure() {
    RuntimeException error = new RuntimeException("at once");
    run(() -> {
      Task<Void> task =
          createTask(
              TaskOptions.eager(true),
              () -> {
                throw error;
              });
      assertSame(error, task.exception());
    });
  }

  // -- cancelling --------------------------------------------------------------------------------

  @Test
  @DisplayName("cancel goes to the innermost awaited future first, with its message (CAN-1, FUT-8)")
  void cancelGoesInwards() {
    run(() -> {
      Future<String> innermost = loop().createFuture();
      Task<String> inner = createTask(innermost::await);
      Task<String> outer = createTask(inner::await);
      yieldOnce();
      yieldOnce();
      assertTrue(outer.cancel("enough"));
      assertTrue(innermost.cancelled());
      assertFalse(outer.done());
      CancelledError error = assertThrows(CancelledError.class, outer::await);
      assertEquals("enough", error.getMessage());
      assertTrue(inner.cancelled());
      assertTrue(outer.cancelled());
      assertFalse(outer.cancel());
    });
  }

  @Test
  @DisplayName("a task cancelled before its first step never runs (CAN-2)")
  void cancelledBeforeItStarts() {
    run(() -> {
      Task<Void> task = createTask(() -> log("never"));
      assertTrue(task.cancel());
      assertThrows(CancelledError.class, task::await);
    });
    assertLog();
  }

  @Test
  @DisplayName("a body may catch a cancel and go on; each cancel is thrown once (CAN-3, CAN-8)")
  void caughtCancels() {
    run(() -> {
      Task<String> task =
          createTask(() -> {
            for (int i = 1; i <= 2; i++) {
              try {
                loop().createFuture().await();
              } catch (CancelledError cancelled) {
                log(cancelled.getMessage());
                yieldOnce();
              }
            }
            return "value";
          });
      yieldOnce();
      task.cancel("first");
      yieldOnce();
      yieldOnce();
      assertFalse(task.done());
      task.cancel("second");
      assertEquals("value", task.await());
      assertFalse(task.cancelled());
    });
    assertLog("first", "second");
  }

  @Test
  @DisplayName("uncancel takes requests back, also one that was not thrown yet (CAN-6)")
  void uncancel() {
    run(() -> {
      Task<?> self = Objects.requireNonNull(currentTask());
      self.cancel();
      self.cancel();
      assertEquals(2, self.cancelling());
      assertEquals(1, self.uncancel());
      assertEquals(0, self.uncancel());
      assertEquals(0, self.uncancel());
      yieldOnce();
      log("not cancelled");
    });
    assertLog("not cancelled");
  }

  @Test
  @DisplayName("a task still suspended when the loop closes is reported and unwound (CAN-11)")
  void closingUnwindsTasks() {
    Task<Void> task =
        loop()
            .createTask(() -> {
              try {
                loop().createFuture().await();
              } finally {
                log("finally");
              }
            });
    iterate(1);
    loop().close();
    assertLog("finally");
    assertSame(task, takeReport().task());
    assertTrue(task.done());
  }

  // -- names, contexts, introspection ------------------------------------------------------------

  @Test
  @DisplayName("names: given, made up, changed (TASK-2)")
  void names() {
    run(() -> {
      Task<Void> named = createTask(TaskOptions.named("worker"), () -> log("named"));
      Task<Void> unnamed = createTask(() -> log("unnamed"));
      assertEquals("worker", named.getName());
      assertTrue(unnamed.getName().matches("Task-\\d+"), unnamed::getName);
      unnamed.setName("other");
      assertEquals("other", unnamed.getName());
      named.await();
      unnamed.await();
    });
    assertLog("named", "unnamed");
  }

  @Test
  @DisplayName("a task runs in a copy of its creator's context, or in the one it is given (TASK-4)")
  void contexts() {
    ContextVar<String> variable = ContextVar.withDefault("variable", "none");
    Context shared = new Context();
    run(() -> {
      variable.set("creator's");
      Task<Void> copy =
          createTask(() -> {
            log(variable.get());
            variable.set("copy's");
            yieldOnce();
            log(variable.get());
          });
      Task<Void> given =
          createTask(
              TaskOptions.DEFAULT.withContext(shared),
              () -> {
                log(variable.get());
                yieldOnce();
                variable.set("given");
              });
      copy.await();
      given.await();
      log(variable.get());
      log(shared.get(variable));
    });
    assertLog("creator's", "none", "copy's", "creator's", "given");
  }

  @Test
  @DisplayName(
      "currentTask is the task at hand and null in callbacks; allTasks are the rest (TASK-6)")
  void currentTaskAndAllTasks() {
    run(() -> {
      Task<?> self = Objects.requireNonNull(currentTask());
      loop().callSoon(() -> assertNull(currentTask()));
      Task<Void> task = createTask(() -> assertNotNull(currentTask()));
      assertEquals(Set.of(self, task), allTasks());
      task.await();
      assertSame(self, currentTask());
      assertEquals(Set.of(self), allTasks());
    });
  }

  // -- futures -----------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "done callbacks run later, in order; awaiting what is done does not suspend (FUT-3, FUT-7)")
  void doneCallbacks() {
    run(() -> {
      Future<String> future = loop().createFuture();
      future.addDoneCallback(_ -> log("first"));
      future.addDoneCallback(_ -> log("second"));
      future.setResult("value");
      log("set");
      assertEquals("value", future.await());
      log("awaited");
      future.addDoneCallback(_ -> log("third"));
      yieldOnce();
    });
    assertLog("set", "awaited", "first", "second", "third");
  }

  @Test
  @DisplayName("whoever awaits a failed task is thrown the same object (CAN-10)")
  void failuresAreTheSameObject() {
    RuntimeException error = new RuntimeException("the task's");
    run(() -> {
      Task<Void> task =
          createTask(() -> {
            yieldOnce();
            throw error;
          });
      assertSame(error, assertThrows(RuntimeException.class, task::await));
      assertSame(error, assertThrows(RuntimeException.class, task::await));
    });
  }

  @Test
  @DisplayName(
      "a failure that nobody retrieves is reported, when the loop closes at the latest (FUT-5)")
  void unretrievedFailures() {
    RuntimeException error = new RuntimeException("nobody's");
    run(() -> {
      Future<String> future = loop().createFuture();
      future.setException(error);
    });
    loop().close();
    assertSame(error, takeReport().exception());
  }

  @Test
  @DisplayName("a task cannot await itself, nor a callback anything (TASK-5)")
  void misusedAwaits() {
    run(() -> {
      Task<?> self = Objects.requireNonNull(currentTask());
      assertThrows(IllegalStateException.class, self::await);
      Future<String> pending = loop().createFuture();
      Future<String> refused = loop().createFuture();
      loop()
          .callSoon(() -> {
            assertThrows(IllegalStateException.class, pending::await);
            assertThrows(IllegalStateException.class, () -> yieldOnce());
            refused.setResult("refused");
          });
      assertEquals("refused", refused.await());
    });
  }

  // -- generators --------------------------------------------------------------------------------

  @Test
  @DisplayName("a generator may await between its values, while other tasks run")
  void generators() {
    run(() -> {
      Task<Void> other = createTask(() -> logSteps("other", 2));
      AsyncGenerator<Integer> numbers =
          asyncGenerator(out -> {
            for (int i = 1; i <= 2; i++) {
              yieldOnce();
              out.yield(i);
            }
          });
      for (int number : numbers) {
        log(number);
      }
      other.await();
    });
    assertLog("other1", 1, "other2", 2);
  }

  @Test
  @DisplayName("a generator left half way is closed by close, or by shutdownAsyncgens (LOOP-21)")
  void generatorsAreClosed() {
    run(() -> {
      AsyncGenerator<String> closed = endless("closed");
      AsyncGenerator<String> shutDown = endless("shut down");
      assertTrue(closed.advance());
      assertTrue(shutDown.advance());
      closed.close();
      assertLog("closed");
      loop().shutdownAsyncgens();
      assertLog("shut down");
      assertFalse(shutDown.advance());
    });
  }

  private AsyncGenerator<String> endless(String atEnd) {
    return asyncGenerator(out -> {
      try {
        while (true) {
          out.yield("value");
        }
      } finally {
        yieldOnce();
        log(atEnd);
      }
    });
  }
}
