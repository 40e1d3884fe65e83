package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.LoopTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CAN-1 to CAN-5 and CAN-8 to CAN-11. */
class CancelTest extends LoopTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final Future<Object> future = loop.createFuture();

  /** A task that has come to its await of {@link #future}. */
  private Task<Object> waiting() {
    Task<Object> task = loop.createTask(() -> future.await());
    iterate();
    return task;
  }

  private static void assertCancelled(Task<?> task, String message) {
    assertThat(task.cancelled()).isTrue();
    assertThatThrownBy(task::result).isExactlyInstanceOf(CancelledError.class).hasMessage(message);
  }

  // -- CAN-1 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "CAN-1 cancel tells true, and the task has not ended yet: it ends in a later iteration")
  void cancelIsARequest() {
    Task<Object> task = waiting();
    assertThat(task.cancel()).isTrue();
    assertThat(task.done()).isFalse();
    assertThat(task.cancelled()).isFalse();
    assertThat(task.cancelling()).isEqualTo(1);
    iterate();
    assertCancelled(task, null);
  }

  @Test
  @DisplayName("CAN-1 cancel of a done task tells false, and counts nothing")
  void cancelDone() {
    Task<Integer> task = loop.createTask(() -> 1);
    iterate();
    assertThat(task.cancel()).isFalse();
    assertThat(task.cancelling()).isZero();
    assertThat(task.cancelled()).isFalse();
    assertThat(task.result()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "CAN-1 the future that the task waits for is cancelled first, at once, with the message")
  void cancelsFuture() {
    Task<Object> task = waiting();
    task.cancel("why");
    assertThat(future.cancelled()).isTrue();
    assertThatThrownBy(future::result).hasMessage("why");
    iterate();
    assertCancelled(task, "why");
  }

  @Test
  @DisplayName(
      "CAN-1 along a chain the innermost learns it first, and each outer one an iteration later")
  void cancelsChain() {
    List<Task<Object>> chain = new ArrayList<>();
    for (String name : new String[] {"inner", "middle", "outer"}) {
      Future<Object> awaited = chain.isEmpty() ? future : chain.getLast();
      chain.add(
          loop.createTask(() -> {
            try {
              return awaited.await();
            } finally {
              trace.add(name + " finally");
            }
          }));
    }
    iterate();
    chain.getLast().cancel("from outside");
    assertThat(future.cancelled()).isTrue();
    assertThat(chain).extracting(Task::cancelling).containsExactly(1, 1, 1);
    iterate();
    trace.assertEvents("inner finally");
    iterate();
    trace.assertEvents("middle finally");
    iterate();
    trace.assertEvents("outer finally");
    assertThat(chain).allMatch(Task::cancelled);
    // As in CPython, the message goes with the error object: the first to look gets it.
    assertCancelled(chain.getLast(), "from outside");
  }

  @Test
  @DisplayName("CAN-1 where the awaited task swallows it, the awaiter is not cancelled")
  void innerSwallows() {
    Task<Object> inner =
        loop.createTask(() -> {
          try {
            return future.await();
          } catch (CancelledError swallowed) {
            return "swallowed";
          }
        });
    Task<Object> outer = loop.createTask(() -> inner.await());
    iterate();
    outer.cancel();
    assertThat(loop.runUntilComplete(outer)).isEqualTo("swallowed");
    assertThat(outer.cancelling()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "CAN-1 a task that waits for nothing is cancelled where it next waits; that future is cancelled too")
  void cancelRunningTask() {
    run(() -> {
      Task<Object> nested = createTask(() -> future.await());
      Task<Object> task =
          createTask(() -> {
            currentTask().cancel("myself");
            trace.add("goes on");
            return nested.await();
          });
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("myself");
      assertThat(nested.cancelled()).isTrue();
      assertThat(future.cancelled()).isTrue();
    });
    trace.assertEvents("goes on");
  }

  @Test
  @DisplayName(
      "CAN-1 a task about to be resumed with a value is cancelled instead, and the value dropped")
  void cancelBeatsResult() {
    Task<Object> task = waiting();
    future.setResult("value");
    assertThat(task.cancel("late")).isTrue();
    iterate();
    assertCancelled(task, "late");
    assertThat(future.result()).isEqualTo("value");
  }

  @Test
  @DisplayName(
      "CAN-1 a task about to be resumed with an exception is cancelled instead, and the exception counts as seen")
  void cancelBeatsException() {
    Task<Object> task = waiting();
    future.setException(new ArithmeticException());
    task.cancel("late");
    iterate();
    assertCancelled(task, "late");
  }

  @Test
  @DisplayName(
      "CAN-1 a future that was cancelled first keeps its message; the task's request is counted")
  void futureCancelledFirst() {
    Task<Object> task = waiting();
    future.cancel("future's");
    task.cancel("task's");
    iterate();
    assertCancelled(task, "future's");
    assertThat(task.cancelling()).isEqualTo(1);
  }

  @Test
  @DisplayName("CAN-1 a task that yields is cancelled in the next iteration")
  void cancelYielding() {
    Task<Void> task =
        loop.createTask(() -> {
          while (true) {
            sleep(Duration.ZERO);
          }
        });
    iterate();
    task.cancel("stop");
    iterate();
    assertCancelled(task, "stop");
  }

  @Test
  @DisplayName(
      "CAN-1 several tasks that wait for one future are all cancelled with it, though asked through one")
  void sharedFuture() {
    Task<Object> first = waiting();
    Task<Object> second = waiting();
    first.cancel("first's");
    iterate();
    assertCancelled(first, "first's");
    assertThat(second.cancelled()).isTrue();
    assertThat(second.cancelling()).as("nobody asked it").isZero();
  }

  @Test
  @DisplayName("CAN-1 cancelling a sleeping task removes its timer")
  void cancelSleeping() {
    Task<Void> task = loop.createTask(() -> sleep(LONG));
    iterate();
    task.cancel();
    run(() -> sleep(Duration.ofSeconds(1)));
    assertThat(task.cancelled()).isTrue();
    assertThat(loop.time()).isEqualTo(Duration.ofSeconds(1));
  }

  // -- CAN-2 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("CAN-2 a task cancelled before its first step never runs its body")
  void cancelledBeforeStart() {
    Task<Object> task =
        loop.createTask(() -> {
          throw trace.unreachable();
        });
    assertThat(task.cancel("early")).isTrue();
    assertThat(task.done()).isFalse();
    iterate();
    assertCancelled(task, "early");
    trace.finish(1);
  }

  @Test
  @DisplayName(
      "CAN-2 of two requests before the start the last message counts, and one error is thrown")
  void cancelledTwiceBeforeStart() {
    Task<Object> task = loop.createTask(() -> trace.unreachable());
    task.cancel("first");
    task.cancel("second");
    iterate();
    assertCancelled(task, "second");
    assertThat(task.cancelling()).isEqualTo(2);
    trace.finish(1);
  }

  @Test
  @DisplayName("CAN-2 a request taken back before the start leaves no trace")
  void uncancelledBeforeStart() {
    Task<String> task = loop.createTask(() -> "ran");
    task.cancel();
    task.uncancel();
    iterate();
    assertThat(task.result()).isEqualTo("ran");
  }

  // -- CAN-3 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("CAN-3 a body that catches it and returns has that value, and is not cancelled")
  void catches() {
    Task<String> task =
        loop.createTask(() -> {
          try {
            sleep(LONG);
            return "slept";
          } catch (CancelledError caught) {
            return "caught " + caught.getMessage();
          }
        });
    iterate();
    task.cancel("message");
    iterate();
    assertThat(task.cancelled()).isFalse();
    assertThat(task.result()).isEqualTo("caught message");
    assertThat(task.cancelling()).as("never taken back").isEqualTo(1);
  }

  @Test
  @DisplayName("CAN-3 a body that catches it may go on awaiting as if nothing had happened")
  void catchesAndGoesOn() {
    Task<String> task =
        loop.createTask(() -> {
          try {
            sleep(LONG);
          } catch (CancelledError caught) {
            trace.add("caught");
          }
          sleep(Duration.ofSeconds(1));
          return (String) future.await();
        });
    iterate();
    task.cancel();
    run(() -> sleep(Duration.ofSeconds(2)));
    assertThat(task.done()).isFalse();
    future.setResult("value");
    assertThat(loop.runUntilComplete(task)).isEqualTo("value");
    trace.assertEvents("caught");
  }

  @Test
  @DisplayName("CAN-3 catch (Exception) does not catch it")
  void notAnException() {
    Task<Void> task =
        loop.createTask(() -> {
          try {
            sleep(LONG);
          } catch (Exception e) {
            throw trace.unreachable();
          }
        });
    iterate();
    task.cancel();
    iterate();
    assertThat(task.cancelled()).isTrue();
    trace.finish(1);
  }

  // -- CAN-4 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "CAN-4 a body that throws CancelledError itself is cancelled, with nobody having asked")
  void throwsItself() {
    Task<Object> task =
        loop.createTask(() -> {
          throw new CancelledError("own");
        });
    iterate();
    assertThat(task.cancelling()).isZero();
    assertCancelled(task, "own");
  }

  @Test
  @DisplayName("CAN-4 a subclass of CancelledError counts too, and is the object that is thrown")
  void throwsSubclass() {
    final class Special extends CancelledError {
      Special() {
        super("special");
      }
    }
    Special special = new Special();
    Task<Object> task =
        loop.createTask(() -> {
          throw special;
        });
    iterate();
    assertThat(task.cancelled()).isTrue();
    assertThatThrownBy(task::result).isSameAs(special);
  }

  // -- CAN-5 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("CAN-5 a request made just before the body returns cancels the task all the same")
  void cancelAtEnd() {
    Task<Integer> task =
        loop.createTask(() -> {
          currentTask().cancel("late");
          return 42;
        });
    iterate();
    assertCancelled(task, "late");
  }

  @Test
  @DisplayName("CAN-5 a request made just before the body fails loses against the exception")
  void cancelBeforeFailure() {
    RuntimeException error = new ArithmeticException();
    Task<Integer> task =
        loop.createTask(() -> {
          currentTask().cancel("late");
          throw error;
        });
    iterate();
    assertThat(task.cancelled()).isFalse();
    assertThat(task.exception()).isSameAs(error);
  }

  @Test
  @DisplayName("CAN-5 a request that is taken back before the body returns is forgotten")
  void uncancelAtEnd() {
    Task<Integer> task =
        loop.createTask(() -> {
          currentTask().cancel();
          currentTask().uncancel();
          return 42;
        });
    iterate();
    assertThat(task.result()).isEqualTo(42);
  }

  // -- CAN-8 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("CAN-8 one request is thrown once: what follows in cleaning up waits as usual")
  void thrownOnce() {
    Task<Void> task =
        loop.createTask(() -> {
          try {
            sleep(LONG);
          } finally {
            sleep(Duration.ofSeconds(1));
            createTask(() -> trace.add("another task")).await();
            trace.add("cleaned up");
          }
        });
    iterate();
    task.cancel();
    assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(CancelledError.class);
    trace.assertEvents("another task", "cleaned up");
    assertThat(loop.time()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  @DisplayName("CAN-8 each further request is thrown again, with its own message")
  void thrownAgain() {
    List<String> caught = new ArrayList<>();
    Task<String> task =
        loop.createTask(() -> {
          for (int i = 0; i < 3; i++) {
            try {
              sleep(LONG);
            } catch (CancelledError error) {
              caught.add(error.getMessage());
            }
          }
          return "ended";
        });
    for (String message : new String[] {"one", "two", "three"}) {
      iterate();
      task.cancel(message);
    }
    iterate();
    assertThat(caught).containsExactly("one", "two", "three");
    assertThat(task.result()).isEqualTo("ended");
    assertThat(task.cancelling()).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "CAN-8 two requests before the task gets on are thrown as one, the first, as in CPython")
  void twoRequestsWhileWaiting() {
    List<String> caught = new ArrayList<>();
    Task<Void> task =
        loop.createTask(() -> {
          try {
            sleep(LONG);
          } catch (CancelledError error) {
            caught.add(error.getMessage());
          }
          sleep(Duration.ZERO);
          caught.add("slept");
        });
    iterate();
    task.cancel("first");
    task.cancel("second");
    loop.runUntilComplete(task);
    assertThat(caught).containsExactly("first", "slept");
    assertThat(task.cancelling()).isEqualTo(2);
  }

  @Test
  @DisplayName("CAN-8 two requests by the running task itself are thrown as one, the last")
  void twoRequestsWhileRunning() {
    List<String> caught = new ArrayList<>();
    Task<Void> task =
        loop.createTask(() -> {
          currentTask().cancel("first");
          currentTask().cancel("second");
          for (int i = 0; i < 2; i++) {
            try {
              sleep(Duration.ZERO);
              caught.add("slept");
            } catch (CancelledError error) {
              caught.add(error.getMessage());
            }
          }
        });
    loop.runUntilComplete(task);
    assertThat(caught).containsExactly("second", "slept");
  }

  // -- CAN-9 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "CAN-9 another exception in answer to a cancel is the outcome, and reaches the awaiter")
  void answersWithException() {
    for (Throwable answer : List.of(new ArithmeticException(), new AssertionError())) {
      Task<Object> task =
          loop.createTask(() -> {
            try {
              return loop.createFuture().await();
            } catch (CancelledError cancelled) {
              throw CancelTest.<RuntimeException>sneak(answer);
            }
          });
      iterate();
      task.cancel();
      assertThatThrownBy(() -> run(() -> task.await())).isSameAs(answer);
      assertThat(task.cancelled()).isFalse();
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E sneak(Throwable error) throws E {
    throw (E) error;
  }

  @Test
  @DisplayName("CAN-9 a fatal error in answer to a cancel leaves the loop as well")
  void answersFatally() {
    Task<Object> task =
        loop.createTask(() -> {
          try {
            return future.await();
          } catch (Throwable leaving) {
            throw new KeyboardInterrupt();
          }
        });
    iterate();
    task.cancel();
    assertThatThrownBy(this::iterate).isInstanceOf(KeyboardInterrupt.class);
    assertThat(task.exception()).isInstanceOf(KeyboardInterrupt.class);
  }

  // -- CAN-10 ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "CAN-10 the awaiter gets the very CancelledError that escaped, with the trace of where the body stood")
  void sameError() {
    CancelledError[] inside = new CancelledError[1];
    Task<Void> task =
        loop.createTask(() -> {
          try {
            sleepDeepInside();
          } catch (CancelledError error) {
            inside[0] = error;
            throw error;
          }
        });
    Task<Void> awaiter = loop.createTask(() -> task.await());
    iterate();
    task.cancel();
    iterate();
    iterate();
    assertThat(inside[0].getStackTrace())
        .extracting(StackTraceElement::getMethodName)
        .contains("sleepDeepInside");
    assertThatThrownBy(awaiter::result).isSameAs(inside[0]);
  }

  private static void sleepDeepInside() {
    sleep(LONG);
  }

  @Test
  @DisplayName(
      "CAN-10 who looks second gets an error of its own, never a shared one, and no message as in CPython")
  void secondLook() {
    Task<Object> task = waiting();
    task.cancel("message");
    iterate();
    List<CancelledError> errors = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try {
        task.result();
      } catch (CancelledError error) {
        errors.add(error);
      }
    }
    assertThat(errors).hasSize(3).doesNotHaveDuplicates();
    assertThat(errors)
        .extracting(CancelledError::getMessage)
        .containsExactly("message", null, null);
  }

  @Test
  @DisplayName(
      "CAN-10 an error that cleaning up throws keeps the CancelledError as suppressed, if the body says so")
  void tryWithResources() {
    Task<Void> task =
        loop.createTask(() -> {
          try (AutoCloseable resource =
              () -> {
                throw new ArithmeticException("close");
              }) {
            sleep(LONG);
          }
        });
    iterate();
    task.cancel("why");
    iterate();
    assertThatThrownBy(task::result)
        .isInstanceOf(CancelledError.class)
        .satisfies(error -> assertThat(error.getSuppressed()).hasSize(1));
  }

  // -- CAN-11 ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "CAN-11 a task that is pending when its loop closes is reported once, by name; its finally runs")
  void destroyedPending() {
    Task<Object> task =
        loop.createTask(
            TaskOptions.named("left over"),
            () -> {
              try {
                return future.await();
              } finally {
                trace.add("finally");
              }
            });
    iterate();
    loop.close();
    trace.assertEvents("finally");
    var report = takeReport();
    assertThat(report.message()).isEqualTo("Task was destroyed but it is pending!");
    assertThat(report.task()).isSameAs(task);
    assertThat(report.exception()).isNull();
    assertThat(task.done()).isTrue();
  }

  @Test
  @DisplayName(
      "CAN-11 a task that has not started, or was asked to stop, is reported just the same")
  void destroyedUnstarted() {
    Task<Object> asked = waiting();
    asked.cancel();
    loop.createTask(() -> trace.unreachable());
    Task<Object> unstarted = loop.createTask(() -> trace.unreachable());
    unstarted.cancel();
    loop.close();
    assertThat(takeReports()).hasSize(3);
    trace.finish(1);
  }

  @Test
  @DisplayName("CAN-11 a task that is done is not reported")
  void doneIsNotReported() {
    Task<Object> task = waiting();
    task.cancel();
    iterate();
    loop.close();
    assertThat(takeReports()).isEmpty();
  }
}
