package dev.lariat.testkit;

import static dev.lariat.Asyncio.asCompleted;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.gatherReturnExceptions;
import static dev.lariat.Asyncio.shield;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.waitFor;
import static dev.lariat.Asyncio.waitFutures;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lariat.CancelledError;
import dev.lariat.ExceptionGroup;
import dev.lariat.Future;
import dev.lariat.ReturnWhen;
import dev.lariat.Task;
import dev.lariat.Timeout;
import dev.lariat.TimeoutException;
import dev.lariat.Waited;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Timeouts, task groups, and several awaitables at once. */
abstract class ScopeContract extends TaskContract {
  private void forEver() {
    loop().createFuture().await();
  }

  /** Waits for ever, and logs how that ended. */
  private void forEver(String name) {
    try {
      forEver();
    } catch (CancelledError cancelled) {
      log(name + " cancelled");
      throw cancelled;
    }
  }

  private static int cancelling() {
    return Objects.requireNonNull(currentTask()).cancelling();
  }

  // -- timeouts ----------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "a timeout cancels its block, becomes an exception, and leaves the task alone (TO-3, TO-7)")
  void timeoutExpires() {
    run(() -> {
      assertThrows(TimeoutException.class, () -> timeout(ms(1), () -> forEver("block")));
      assertEquals(0, cancelling());
      yieldOnce();
      assertEquals("value", timeout(Duration.ofHours(1), () -> sleep(ms(1), "value")));
    });
    assertLog("block cancelled");
  }

  @Test
  @DisplayName("a deadline that has passed expires in the next iteration; none never does (TO-2)")
  void timeoutsWithoutTime() {
    run(() -> {
      assertEquals("value", timeout(ms(-1), () -> "value"));
      assertThrows(TimeoutException.class, () -> timeout(Duration.ZERO, () -> forEver()));
      assertEquals("value", timeout(null, () -> sleep(ms(1), "value")));
    });
  }

  @Test
  @DisplayName(
      "of nested timeouts the one that expired throws (TO-6); a deadline can be moved (TO-8)")
  void nestedTimeouts() {
    run(() ->
        timeout(
            ms(1),
            outer -> {
              outer.reschedule(loop().time().plus(Duration.ofHours(1)));
              Timeout inner = new Timeout(loop().time().plus(ms(1)));
              assertThrows(
                  TimeoutException.class,
                  () ->
                      inner.<@Nullable Void, RuntimeException>run(_ -> {
                        forEver();
                        return null;
                      }));
              assertTrue(inner.expired());
              assertFalse(outer.expired());
            }));
  }

  @Test
  @DisplayName("a cancel from elsewhere goes through a timeout as it is (TO-4)")
  void timeoutsPassCancels() {
    run(() -> {
      Task<Void> task = createTask(() -> timeout(Duration.ofHours(1), () -> forEver()));
      yieldOnce();
      task.cancel("from elsewhere");
      CancelledError error = assertThrows(CancelledError.class, task::await);
      assertEquals("from elsewhere", error.getMessage());
    });
  }

  @Test
  @DisplayName("waitFor cancels what it waited for, and waits until that has ended (WF-2)")
  void waitForTimesOut() {
    run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              waitFor(
                  () -> {
                    try {
                      forEver();
                    } finally {
                      sleep(ms(1));
                      log("cleaned up");
                    }
                    return "";
                  },
                  ms(1)));
      log("timed out");
      assertEquals("value", waitFor(() -> sleep(ms(1), "value"), Duration.ofHours(1)));
    });
    assertLog("cleaned up", "timed out");
  }

  // -- task groups -------------------------------------------------------------------------------

  @Test
  @DisplayName("leaving a task group waits for its tasks, also for those that they made (TG-1)")
  void groupWaits() {
    run(() -> {
      taskGroup(group -> {
        group.createTask(() -> {
          yieldOnce();
          group.createTask(() -> {
            sleep(ms(1));
            log("grandchild");
          });
          log("child");
        });
        log("body");
      });
      log("left");
    });
    assertLog("body", "child", "grandchild", "left");
  }

  @Test
  @DisplayName(
      "the first failure cancels the others and the body; all come in a group (TG-2, TG-3, TG-9)")
  void groupFails() {
    Exception checked = new Exception("the child's");
    RuntimeException late = new RuntimeException("while being cancelled");
    run(() -> {
      ExceptionGroup errors =
          assertThrows(
              ExceptionGroup.class,
              () ->
                  taskGroup(group -> {
                    group.createTask(() -> forEver("other"));
                    group.createTask(() -> {
                      try {
                        forEver();
                      } catch (CancelledError cancelled) {
                        throw late;
                      }
                    });
                    group.createTask(() -> {
                      throw checked;
                    });
                    forEver("body");
                  }));
      assertEquals(List.of(checked, late), errors.exceptions());
      assertEquals(0, cancelling());
    });
    assertLog("other cancelled", "body cancelled");
  }

  @Test
  @DisplayName("cancelling the parent cancels the tasks of its group, and waits for them (TG-7)")
  void groupIsCancelled() {
    run(() -> {
      Task<Void> parent =
          createTask(() ->
              taskGroup(group -> {
                group.createTask(() -> {
                  try {
                    forEver();
                  } finally {
                    sleep(ms(1));
                    log("child ended");
                  }
                });
              }));
      yieldOnce();
      yieldOnce();
      parent.cancel();
      assertThrows(CancelledError.class, parent::await);
      log("parent ended");
    });
    assertLog("child ended", "parent ended");
  }

  @Test
  @DisplayName("TaskGroup.cancel ends a group early and quietly (TG-15)")
  void groupCancel() {
    run(() -> {
      taskGroup(group -> {
        group.createTask(() -> forEver("child"));
        yieldOnce();
        group.cancel();
        forEver("body");
      });
      log("left");
      assertEquals(0, cancelling());
    });
    assertLog("child cancelled", "body cancelled", "left");
  }

  // -- several at once ---------------------------------------------------------------------------

  @Test
  @DisplayName("gather gives the values in the order of its arguments (GA-1)")
  void gatherKeepsTheOrder() {
    run(() -> {
      Future<String> last = loop().createFuture();
      Future<List<String>> all =
          gather(last, createTask(() -> sleep(ms(2), "slow")), createTask(() -> "quick"));
      loop().callLater(ms(3), () -> last.setResult("last"));
      assertEquals(List.of("last", "slow", "quick"), all.await());
    });
  }

  @Test
  @DisplayName("gather throws the first exception at once, and the others go on (GA-2, GA-3)")
  void gatherFails() {
    RuntimeException error = new RuntimeException("first");
    run(() -> {
      Future<String> release = loop().createFuture();
      Task<String> other = createTask(release::await);
      Task<String> failing =
          createTask(() -> {
            throw error;
          });
      Future<List<String>> all = gather(other, failing);
      assertSame(error, assertThrows(RuntimeException.class, all::await));
      assertFalse(other.done());
      release.setResult("other");
      assertEquals(List.of("other", error), gatherReturnExceptions(other, failing).await());
    });
  }

  @Test
  @DisplayName("cancelling a gather cancels its children, and it ends when they have (GA-5)")
  void gatherIsCancelled() {
    run(() -> {
      Task<Void> one = createTask(() -> forEver("one"));
      Task<Void> two = createTask(() -> forEver("two"));
      Future<List<Void>> all = gather(one, two);
      yieldOnce();
      assertTrue(all.cancel());
      assertFalse(all.done());
      assertThrows(CancelledError.class, all::await);
      assertTrue(one.cancelled() && two.cancelled());
    });
    assertLog("one cancelled", "two cancelled");
  }

  @Test
  @DisplayName("wait tells what is done, and neither throws nor cancels (WA-1)")
  void waitForSome() {
    run(() -> {
      Future<String> release = loop().createFuture();
      Task<String> slow = createTask(release::await);
      Task<String> failing =
          createTask(() -> {
            throw new RuntimeException("not thrown by wait");
          });
      List<Task<String>> both = List.of(slow, failing);
      Waited<String> first = waitFutures(both, null, ReturnWhen.FIRST_COMPLETED);
      assertEquals(Set.of(failing), first.done());
      assertEquals(Set.of(slow), first.pending());
      Waited<String> timedOut = waitFutures(both, ms(1), ReturnWhen.ALL_COMPLETED);
      assertEquals(Set.of(slow), timedOut.pending());
      release.setResult("slow");
      assertEquals(Set.copyOf(both), waitFutures(both).done());
      assertEquals("slow", slow.result());
      assertInstanceOf(RuntimeException.class, failing.exception());
    });
  }

  @Test
  @DisplayName("what is shielded goes on when its awaiter is cancelled (SH-1)")
  void shielded() {
    run(() -> {
      Future<String> release = loop().createFuture();
      Task<String> inner = createTask(release::await);
      Task<String> outer = createTask(() -> shield(inner).await());
      yieldOnce();
      outer.cancel();
      assertThrows(CancelledError.class, outer::await);
      assertFalse(inner.done());
      release.setResult("value");
      assertEquals("value", inner.await());
    });
  }

  @Test
  @DisplayName("asCompleted gives the futures in the order they finish (AC-1, AC-2)")
  void asTheyComplete() {
    run(() -> {
      Future<String> slow = loop().createFuture();
      Future<String> quick = loop().createFuture();
      loop().callLater(ms(1), () -> quick.setResult("quick"));
      quick.addDoneCallback(_ -> slow.setResult("slow"));
      for (Future<String> done : asCompleted(List.of(slow, quick))) {
        assertTrue(done == slow || done == quick);
        log(done.result());
      }
      Task<String> last = createTask(() -> sleep(ms(1), "last"));
      for (var next : asCompleted(List.of(last, slow)).coroutines()) {
        log(next.await());
      }
    });
    assertLog("quick", "slow", "slow", "last");
  }
}
