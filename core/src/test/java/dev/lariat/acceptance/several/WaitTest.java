package dev.lariat.acceptance.several;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.waitFutures;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static dev.lariat.acceptance.several.Programs.timeOfDeadlockAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.ReturnWhen;
import dev.lariat.Task;
import dev.lariat.Waited;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WaitTest {
  private final Trace trace = new Trace();
  private final UserError error = new UserError("error");

  private static <T> Future<T> future() {
    return getRunningLoop().createFuture();
  }

  private static Task<Void> sleeper(int seconds) {
    return createTask(() -> sleep(seconds(seconds)));
  }

  private static void assertWaited(Waited<?> waited, Set<?> done, Set<?> pending) {
    assertThat((Object) waited.done()).isEqualTo(done);
    assertThat((Object) waited.pending()).isEqualTo(pending);
  }

  @Test
  @DisplayName("WA-1 waits for all, and gives them in the order of the arguments")
  void all() {
    run(() -> {
      Task<Void> a = sleeper(1);
      Task<Void> b = sleeper(2);
      Waited<Void> waited = Asyncio.wait(List.of(b, a));
      assertThat(now()).isEqualTo(seconds(2));
      assertWaited(waited, Set.of(a, b), Set.of());
      assertThat(new ArrayList<Object>(waited.done())).containsExactly(b, a);
      assertWaited(waitFutures(List.of(a, b)), Set.of(a, b), Set.of());
      assertThat(now()).as("the second time").isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("WA-1 takes one iteration, even if all are done")
  void allDone() {
    run(() -> {
      Future<Integer> a = future();
      a.setResult(1);
      getRunningLoop().callSoon(trace.adds("callback"));
      waitFutures(List.of(a));
      trace.assertEvents("callback");
    });
  }

  @Test
  @DisplayName("WA-1 a future given twice counts once")
  void duplicates() {
    run(() -> {
      Task<String> a = createTask(() -> "test");
      Task<String> b = createTask(() -> "spam");
      Waited<String> waited = waitFutures(List.of(a, a, b));
      assertWaited(waited, Set.of(a, b), Set.of());
    });
  }

  @Test
  @DisplayName("WA-1 never throws what the futures fail with")
  void neverThrows() {
    run(() -> {
      Task<Void> failed = createTask(failing(seconds(1), error));
      Task<Void> cancelled = sleeper(9);
      Task<Void> good = sleeper(3);
      getRunningLoop().callLater(seconds(2), cancelled::cancel);
      Waited<Void> waited = waitFutures(List.of(failed, cancelled, good));
      assertWaited(waited, Set.of(failed, cancelled, good), Set.of());
      assertThat(failed.exception()).isSameAs(error);
      assertThat(cancelled.cancelled()).isTrue();
      assertThat(now()).isEqualTo(seconds(3));
    });
  }

  @Test
  @DisplayName("WA-1 FIRST_COMPLETED")
  void firstCompleted() {
    run(() -> {
      Task<Void> a = sleeper(10);
      Task<Void> b = sleeper(1);
      Waited<Void> waited = waitFutures(List.of(a, b), null, ReturnWhen.FIRST_COMPLETED);
      assertWaited(waited, Set.of(b), Set.of(a));
      assertThat(now()).isEqualTo(seconds(1));
      assertThat(a.done()).isFalse();

      a.cancel();
      waited = waitFutures(List.of(a), null, ReturnWhen.FIRST_COMPLETED);
      assertWaited(waited, Set.of(a), Set.of());
    });
  }

  @Test
  @DisplayName("WA-1 FIRST_COMPLETED: what is done meanwhile is done")
  void doneMeanwhile() {
    run(() -> {
      Task<Void> a = createTask(() -> tick());
      Task<Void> b = createTask(() -> ticks(2));
      Waited<Void> waited = waitFutures(List.of(b, a), null, ReturnWhen.FIRST_COMPLETED);
      assertWaited(waited, Set.of(a, b), Set.of());
    });
  }

  @Test
  @DisplayName("WA-1 FIRST_EXCEPTION: at once if one has failed already")
  void exceptionAlready() {
    run(() -> {
      Task<Void> a = sleeper(10);
      Task<Void> b = createTask(failing(Duration.ZERO, error));
      Waited<Void> waited = waitFutures(List.of(b, a), null, ReturnWhen.FIRST_EXCEPTION);
      assertWaited(waited, Set.of(b), Set.of(a));
      assertThat(now()).isZero();
    });
  }

  @Test
  @DisplayName("WA-1 FIRST_EXCEPTION: neither a result nor a cancellation is an exception")
  void cancellationIsNoException() {
    run(() -> {
      Task<Void> good = sleeper(1);
      Future<Void> cancelled = future();
      Task<Void> bad = createTask(failing(seconds(3), error));
      Task<Void> slow = sleeper(10);
      getRunningLoop().callLater(seconds(2), cancelled::cancel);
      List<Future<Void>> all = List.of(good, cancelled, bad, slow);
      Waited<Void> waited = waitFutures(all, null, ReturnWhen.FIRST_EXCEPTION);
      assertWaited(waited, Set.of(good, cancelled, bad), Set.of(slow));
      assertThat(now()).isEqualTo(seconds(3));
    });
  }

  @Test
  @DisplayName("WA-1 FIRST_EXCEPTION: without any, all are waited for")
  void noException() {
    run(() -> {
      Task<Void> a = sleeper(1);
      Future<Void> b = future();
      b.cancel();
      Waited<Void> waited = waitFutures(List.of(a, b), null, ReturnWhen.FIRST_EXCEPTION);
      assertWaited(waited, Set.of(a, b), Set.of());
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("WA-1 when time is up, nothing is thrown or cancelled")
  void timeout() {
    run(() -> {
      Task<Void> a = sleeper(1);
      Task<Void> b = sleeper(3);
      List<Task<Void>> both = List.of(a, b);
      Waited<Void> waited = waitFutures(both, seconds(2), ReturnWhen.ALL_COMPLETED);
      assertWaited(waited, Set.of(a), Set.of(b));
      assertThat(now()).isEqualTo(seconds(2));
      assertThat(b.cancelling()).isZero();
      b.await();
      assertThat(now()).isEqualTo(seconds(3));
    });
  }

  @Test
  @DisplayName(
      "WA-1 without time, what is done is found; and what is done in the tick of the timeout")
  void timeoutInTheTickOfTheResult() {
    run(() -> {
      Future<Void> a = future();
      Future<Void> b = future();
      a.setResult(null);
      List<Future<Void>> both = List.of(a, b);
      assertWaited(
          waitFutures(both, Duration.ZERO, ReturnWhen.ALL_COMPLETED), Set.of(a), Set.of(b));
      assertThat(now()).isZero();

      Task<Waited<Void>> waiting =
          createTask(() -> waitFutures(both, seconds(1), ReturnWhen.ALL_COMPLETED));
      tick();
      getRunningLoop().callLater(seconds(1), () -> b.setResult(null)); // after the timeout's
      assertWaited(waiting.await(), Set.of(a, b), Set.of());
    });
  }

  @Test
  @DisplayName("WA-1 the timer of a timeout that was not needed is gone")
  void unusedTimeout() {
    Duration end =
        timeOfDeadlockAfter(() -> waitFutures(List.of(sleeper(1)), LONG, ReturnWhen.ALL_COMPLETED));
    assertThat(end).isEqualTo(seconds(1));
  }

  @Test
  @DisplayName("WA-2 misuse: nothing to wait for, no mode, no task")
  void misuse() {
    run(() -> {
      Future<Integer> a = future();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> waitFutures(List.<Future<Void>>of()))
          .withMessageContaining("empty");
      assertThatNullPointerException().isThrownBy(() -> waitFutures(List.of(a), null, null));
      assertThatNullPointerException().isThrownBy(() -> waitFutures(null));
      assertThatNullPointerException().isThrownBy(() -> waitFutures(Arrays.asList(a, null)));
      List<Throwable> outside = new ArrayList<>();
      getRunningLoop().callSoon(() -> outside.add(catchThrowable(() -> waitFutures(List.of(a)))));
      tick();
      assertThat(outside).singleElement().isInstanceOf(IllegalStateException.class);
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> waitFutures(List.of(Programs.newLoop().createFuture())))
        .withMessageContaining("No running event loop");
  }

  @Test
  @DisplayName(
      "WA-3 a cancel of the waiting task leaves the futures alone, and no callbacks on them")
  void cancelled() {
    run(() -> {
      Future<Integer> a = future();
      Task<Void> b = sleeper(2);
      tick();
      String before = a + " " + b;
      Task<Waited<Object>> waiting =
          createTask(() -> waitFutures(List.of(a, b), seconds(9), ReturnWhen.ALL_COMPLETED));
      tick();
      assertThat(a + " " + b).isNotEqualTo(before).contains("callback");
      waiting.cancel("why");
      assertThat(catchThrowable(waiting::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
      assertThat(a + " " + b).isEqualTo(before);
      b.await();
      assertThat(b.cancelled()).isFalse();
    });
  }

  @Test
  @DisplayName("WA-3 nor are callbacks left when it returns early")
  void noCallbacksLeft() {
    run(() -> {
      Future<Integer> a = future();
      String before = a.toString();
      for (int i = 0; i < 3; i++) {
        waitFutures(List.of(a), seconds(1), ReturnWhen.ALL_COMPLETED);
      }
      assertThat(a).hasToString(before);
      waitFutures(List.of(a, sleeper(1)), null, ReturnWhen.FIRST_COMPLETED);
      assertThat(a).hasToString(before);
    });
  }

  @Test
  @DisplayName("WA-3 nor is a timer left")
  void noTimerLeft() {
    Duration end =
        timeOfDeadlockAfter(() -> {
          Future<Integer> never = future();
          Task<Waited<Integer>> waiting =
              createTask(() -> waitFutures(List.of(never), LONG, ReturnWhen.ALL_COMPLETED));
          tick();
          waiting.cancel();
          assertThat(catchThrowable(waiting::await)).isInstanceOf(CancelledError.class);
        });
    assertThat(end).isZero();
  }

  @Test
  @DisplayName(
      "WA-3 several tasks may wait for one future; cancelling one of them disturbs no other")
  void severalWaiters() {
    run(() -> {
      Future<Integer> a = future();
      Task<Waited<Integer>> first = createTask(() -> waitFutures(List.of(a)));
      Task<Waited<Integer>> second = createTask(() -> waitFutures(List.of(a)));
      tick();
      first.cancel();
      a.setResult(1);
      assertThat(catchThrowable(first::await)).isInstanceOf(CancelledError.class);
      assertWaited(second.await(), Set.of(a), Set.of());
    });
  }
}
