package dev.lariat.acceptance.several;

import static dev.lariat.Asyncio.asCompleted;
import static dev.lariat.Asyncio.await;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.timeOfDeadlockAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.AsCompleted;
import dev.lariat.Awaitable;
import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.several.Programs.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AsCompletedTest {
  private final UserError error = new UserError("error");

  private static Coroutine<String> value(int delay, String value) {
    return () -> sleep(seconds(delay), value);
  }

  private static <T> Future<T> future() {
    return getRunningLoop().createFuture();
  }

  private static <T> List<T> all(Iterable<T> items) {
    List<T> list = new ArrayList<>();
    items.forEach(list::add);
    return list;
  }

  // -- coroutines: Python's plain for ------------------------------------------------------------

  @Test
  @DisplayName("AC-1 a coroutine for each, made without waiting; each gives the next result")
  void coroutines() {
    run(() -> {
      AsCompleted<String> completed =
          asCompleted(List.of(value(2, "b"), value(3, "c"), value(1, "a")));
      List<Coroutine<String>> coroutines = all(completed.coroutines());
      assertThat(now()).isZero();
      assertThat(coroutines).hasSize(3);
      assertThat(await(coroutines.get(0))).isEqualTo("a");
      assertThat(now()).isEqualTo(seconds(1));
      assertThat(await(coroutines.get(1))).isEqualTo("b");
      assertThat(await(coroutines.get(2))).isEqualTo("c");
      assertThat(now()).isEqualTo(seconds(3));
    });
  }

  @Test
  @DisplayName("AC-1 or its exception, or its cancellation")
  void exceptions() {
    run(() -> {
      Future<Void> failed = future();
      Future<Void> cancelled = future();
      List<Coroutine<Void>> coroutines = all(asCompleted(List.of(cancelled, failed)).coroutines());
      failed.setException(error);
      cancelled.cancel("why");
      assertThat(catchThrowable(coroutines.get(0)::await)).isSameAs(error);
      assertThat(catchThrowable(coroutines.get(1)::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
    });
  }

  @Test
  @DisplayName("AC-1 the coroutines may be awaited together, in tasks")
  void concurrently() {
    run(() -> {
      List<Coroutine<String>> coroutines =
          all(asCompleted(List.of(value(1, "a"), value(1, "b"))).coroutines());
      assertThat(gather(coroutines).await()).containsExactlyInAnyOrder("a", "b");
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("AC-1 an awaitable given twice runs once, and comes once")
  void duplicates() {
    run(() -> {
      Coroutine<String> ham = value(1, "ham");
      List<String> results = new ArrayList<>();
      for (Coroutine<String> next : asCompleted(List.of(ham, ham, value(2, "spam"))).coroutines()) {
        results.add(await(next));
      }
      assertThat(results).containsExactly("ham", "spam");
    });
  }

  @Test
  @DisplayName("AC-1 of nothing, nothing comes")
  void empty() {
    run(() -> {
      AsCompleted<Object> completed = asCompleted(List.of(), seconds(1));
      assertThat(completed.iterator().hasNext()).isFalse();
      assertThat(completed.coroutines().iterator().hasNext()).isFalse();
      assertThatThrownBy(() -> completed.iterator().next())
          .isInstanceOf(NoSuchElementException.class);
    });
  }

  @Test
  @DisplayName("AC-1 needs a loop")
  void withoutLoop() {
    assertThatIllegalStateException()
        .isThrownBy(() -> asCompleted(List.of(value(1, "a"))))
        .withMessageContaining("no current event loop");
  }

  // -- futures: Python's async for ---------------------------------------------------------------

  @Test
  @DisplayName("AC-2 the finished futures themselves, in the order in which they finished")
  void futures() {
    run(() -> {
      Task<String> b = createTask(value(2, "b"));
      Task<String> c = createTask(value(3, "c"));
      Task<String> a = createTask(value(1, "a"));
      List<Future<String>> finished = new ArrayList<>();
      for (Future<String> future : asCompleted(List.of(b, c, a))) {
        assertThat(future.done()).isTrue();
        finished.add(future);
      }
      assertThat(finished).containsExactly(a, b, c);
      assertThat(now()).isEqualTo(seconds(3));
    });
  }

  @Test
  @DisplayName("AC-2 what was a coroutine comes as the task that it became; what failed, as it is")
  void futuresOfCoroutines() {
    run(() -> {
      Task<String> b = createTask(value(2, "b"));
      Task<Void> bad = createTask(failing(seconds(3), error));
      Coroutine<String> a = value(1, "a");
      List<Awaitable<?>> given = List.of(bad, b, a);
      List<Future<Object>> finished = all(asCompleted(given));
      assertThat(finished.get(0)).isInstanceOf(Task.class).isNotIn(given);
      assertThat(finished.get(0).result()).isEqualTo("a");
      assertThat((Object) finished.get(1)).isSameAs(b);
      assertThat((Object) finished.get(2)).isSameAs(bad);
      assertThat(bad.exception()).isSameAs(error);
    });
  }

  @Test
  @DisplayName("AC-2 those that were done before come in the order in which they were given")
  void doneBefore() {
    run(() -> {
      Future<Integer> a = future();
      Future<Integer> b = future();
      b.setResult(2);
      a.setResult(1);
      assertThat(all(asCompleted(List.of(a, b)))).containsExactly(a, b);
    });
  }

  // -- both --------------------------------------------------------------------------------------

  @Test
  @DisplayName("AC-3 an iteration can be left and taken up again, in either style")
  void resumedAndMixed() {
    run(() -> {
      AsCompleted<String> completed =
          asCompleted(List.of(value(1, "a"), value(2, "b"), value(3, "c"), value(4, "d")));
      List<String> results = new ArrayList<>();
      for (Future<String> future : completed) {
        results.add(future.result());
        break;
      }
      for (Coroutine<String> next : completed.coroutines()) {
        results.add(await(next));
        if (results.size() == 3) {
          break;
        }
      }
      for (Future<String> future : completed) {
        results.add(future.result());
      }
      assertThat(results).containsExactly("a", "b", "c", "d");
      assertThat(completed.iterator().hasNext()).isFalse();
    });
  }

  @Test
  @DisplayName("AC-3 the first coroutine to be awaited gets the first result, whichever it is")
  void reverseOrder() {
    run(() -> {
      List<Coroutine<String>> coroutines =
          all(asCompleted(List.of(value(1, "a"), value(2, "b"))).coroutines());
      assertThat(await(coroutines.get(1))).isEqualTo("a");
      assertThat(now()).isEqualTo(seconds(1));
      assertThat(await(coroutines.get(0))).isEqualTo("b");
    });
  }

  @Test
  @DisplayName("AC-3 a cancelled wait uses up one turn, not a result")
  void cancelledWait() {
    run(() -> {
      Future<Integer> a = future();
      Future<Integer> b = future();
      Iterator<Future<Integer>> completed = asCompleted(List.of(a, b)).iterator();
      Task<Future<Integer>> waiting = createTask(completed::next);
      tick();
      waiting.cancel();
      assertThat(catchThrowable(waiting::await)).isInstanceOf(CancelledError.class);
      b.setResult(2);
      assertThat((Object) completed.next()).isSameAs(b);
      assertThat(completed.hasNext()).isFalse();
      assertThat(a.done()).isFalse();
    });
  }

  // -- time --------------------------------------------------------------------------------------

  @Test
  @DisplayName("AC-4 when time is up, iteration throws TimeoutException; the rest is not cancelled")
  void timeoutOfFutures() {
    run(() -> {
      Task<String> a = createTask(value(1, "a"));
      Task<String> b = createTask(value(5, "b"));
      Iterator<Future<String>> completed = asCompleted(List.of(a, b), seconds(2)).iterator();
      assertThat((Object) completed.next()).isSameAs(a);
      assertThatThrownBy(completed::next).isInstanceOf(TimeoutException.class);
      assertThat(now()).isEqualTo(seconds(2));
      assertThat(completed.hasNext()).isFalse();
      assertThat(b.await()).isEqualTo("b");
    });
  }

  @Test
  @DisplayName("AC-4 when time is up, each coroutine that is left throws TimeoutException")
  void timeoutOfCoroutines() {
    run(() -> {
      List<Coroutine<String>> coroutines =
          all(
              asCompleted(List.of(value(1, "a"), value(5, "b"), value(6, "c")), seconds(2))
                  .coroutines());
      assertThat(await(coroutines.get(0))).isEqualTo("a");
      for (Coroutine<String> late : coroutines.subList(1, 3)) {
        assertThatThrownBy(late::await).isInstanceOf(TimeoutException.class);
        assertThat(now()).isEqualTo(seconds(2));
      }
    });
  }

  @Test
  @DisplayName("AC-4 what was done in time is given out, however late it is asked for")
  void askedTooLate() {
    run(() -> {
      Iterator<Future<String>> completed =
          asCompleted(List.of(value(5, "b"), value(1, "a")), seconds(2)).iterator();
      sleep(seconds(9));
      assertThat(completed.next().result()).isEqualTo("a");
      assertThatThrownBy(completed::next).isInstanceOf(TimeoutException.class);
    });
  }

  @Test
  @DisplayName("AC-4 done in the tick of the timeout is too late")
  void doneInTheTickOfTheTimeout() {
    run(() -> {
      Future<Integer> future = future();
      getRunningLoop().callAt(seconds(2), () -> future.setResult(1));
      Iterator<Future<Integer>> completed = asCompleted(List.of(future), seconds(2)).iterator();
      assertThatThrownBy(completed::next).isInstanceOf(TimeoutException.class);
      assertThat(future.done()).isTrue();
    });
  }

  @Test
  @DisplayName("AC-4 a timeout that was not needed leaves nothing behind")
  void unusedTimeout() {
    Duration end =
        timeOfDeadlockAfter(() -> {
          for (Future<String> future : asCompleted(List.of(value(1, "a")), seconds(2))) {
            assertThat(future.result()).isEqualTo("a");
          }
        });
    assertThat(end).isEqualTo(seconds(1));
  }
}
