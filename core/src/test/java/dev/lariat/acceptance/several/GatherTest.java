package dev.lariat.acceptance.several;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.gatherReturnExceptions;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.setEventLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.newLoop;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.reports;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskFactory;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatherTest {
  private final Trace trace = new Trace();
  private final UserError one = new UserError("one");
  private final UserError two = new UserError("two");

  private static <T> Future<T> future() {
    return getRunningLoop().createFuture();
  }

  private static Coroutine<Integer> value(int delay, int value) {
    return () -> sleep(seconds(delay), value);
  }

  /** Sleeps until it is cancelled, and returns all the same. */
  private static Coroutine<Integer> stubborn(int value) {
    return () -> {
      try {
        return sleep(LONG, 0);
      } catch (CancelledError ignored) {
        return value;
      }
    };
  }

  // -- results -----------------------------------------------------------------------------------

  @Test
  @DisplayName("GA-1 the results stand in the order of the arguments")
  void order() {
    run(() -> {
      assertThat(gather(value(3, 1), value(1, 2), value(2, 3)).await()).containsExactly(1, 2, 3);
      assertThat(now()).isEqualTo(seconds(3));

      Future<Integer> a = future();
      Future<Integer> b = future();
      Future<Integer> c = future();
      Future<List<Integer>> all = gather(List.of(a, b, c));
      b.setResult(2);
      a.setResult(1);
      ticks(3);
      assertThat(all.done()).isFalse();
      c.setResult(3);
      assertThat(all.await()).containsExactly(1, 2, 3);
    });
  }

  @Test
  @DisplayName("GA-1 an awaitable given twice runs once, and stands twice in the result")
  void duplicates() {
    run(() -> {
      Coroutine<String> abc =
          () -> {
            trace.add("abc runs");
            return "abc";
          };
      Future<String> def = future();
      def.setResult("def");
      assertThat(gather(abc, abc, def, abc, def).await())
          .containsExactly("abc", "abc", "def", "abc", "def");
      trace.assertEvents("abc runs");
    });
  }

  @Test
  @DisplayName("GA-1 without arguments, the future is done")
  void empty() {
    run(() -> {
      Future<List<Object>> none = gather();
      assertThat(none.done()).isTrue();
      assertThat(none.result()).isEmpty();
      assertThat(none.getLoop()).isSameAs(getRunningLoop());
      assertThat(gatherReturnExceptions().result()).isEmpty();
    });
  }

  @Test
  @DisplayName("GA-1 a result may be null")
  void nullResults() {
    run(() -> {
      Future<@Nullable String> nothing = future();
      getRunningLoop().callSoon(() -> nothing.setResult(null));
      assertThat(gather(nothing, nothing).await()).containsExactly(null, null);
      assertThat(gatherReturnExceptions(nothing).await()).containsExactly((Object) null);
    });
  }

  // -- exceptions --------------------------------------------------------------------------------

  @Test
  @DisplayName("GA-2 the first exception completes it at once; the others go on")
  void firstException() {
    run(() -> {
      Task<Integer> other = createTask(value(2, 42));
      Future<List<Object>> all =
          gather(
              other, createTask(failing(seconds(1), one)), failing(seconds(3), two).toCoroutine());
      assertThat(catchThrowable(all::await)).isSameAs(one);
      assertThat(all.exception()).isSameAs(one);
      assertThat(now()).isEqualTo(seconds(1));
      assertThat(other.await()).isEqualTo(42);
    });
  }

  @Test
  @DisplayName("GA-2 a checked exception is the exception of the future, unwrapped")
  void checkedException() {
    run(() -> {
      IOException checked = new IOException("checked");
      Future<List<Void>> all = gather(failing(seconds(1), checked).toCoroutine());
      assertThat(catchThrowable(all::await)).hasCause(checked);
      assertThat(all.exception()).isSameAs(checked);
    });
  }

  @Test
  @DisplayName("GA-2 later exceptions are marked as retrieved")
  void laterExceptions() {
    EventLoop loop = newLoop();
    List<ExceptionContext> reports = reports(loop);
    loop.runUntilComplete(() -> {
      Future<Integer> a = future();
      Future<Integer> b = future();
      Future<Integer> c = future();
      Future<List<Integer>> all = gather(a, b, c);
      a.setException(one);
      b.setException(two);
      tick();
      assertThat(all.exception()).isSameAs(one);
      tick();
      c.setException(new UserError("three"));
      tick();
    });
    loop.close(); // reports what nobody has seen
    assertThat(reports).isEmpty();
  }

  @Test
  @DisplayName("GA-2 but the first, if nobody looks at it, is reported: once")
  void unseenException() {
    EventLoop loop = newLoop();
    List<ExceptionContext> reports = reports(loop);
    loop.runUntilComplete(() -> {
      gather(failing(seconds(1), one).toCoroutine(), failing(seconds(2), two).toCoroutine());
      sleep(seconds(3));
    });
    loop.close();
    assertThat(reports).extracting(ExceptionContext::exception).containsExactly(one);
  }

  @Test
  @DisplayName("GA-3 on demand, exceptions are values")
  void returnExceptions() {
    run(() -> {
      Future<Integer> a = future();
      Future<Integer> b = future();
      Future<Integer> c = future();
      Future<List<Object>> all = gatherReturnExceptions(a, b, c);
      c.setException(one);
      b.setResult(1);
      ticks(3);
      assertThat(all.done()).isFalse();
      a.setException(two);
      assertThat(all.await()).containsExactly(two, 1, one);
    });
  }

  @Test
  @DisplayName(
      "GA-3 on demand, cancellations are values, with the message that the child was given")
  void returnCancellations() {
    run(() -> {
      Future<Integer> future = future();
      Task<Integer> task = createTask(value(100, 0));
      Future<List<Object>> all = gatherReturnExceptions(future, task, value(1, 1));
      tick();
      future.cancel("future");
      task.cancel("task");
      List<Object> results = all.await();
      assertThat((CancelledError) results.get(0)).hasMessage("future");
      // As in CPython: the task passed the message on, to what it awaited.
      assertThat((CancelledError) results.get(1)).hasMessage("");
      assertThat(results.get(2)).isEqualTo(1);
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  // -- a child is cancelled ----------------------------------------------------------------------

  @Test
  @DisplayName("GA-4 a cancelled child is an exception: it is not cancelled, nor are the others")
  void cancelledChild() {
    run(() -> {
      Future<Integer> child = future();
      Future<Integer> other = future();
      Future<List<Integer>> all = gather(other, child);
      child.cancel("child");
      assertThat(catchThrowable(all::await)).isInstanceOf(CancelledError.class).hasMessage("child");
      assertThat(all.cancelled()).isFalse();
      assertThat(all.exception()).isInstanceOf(CancelledError.class);
      assertThat(other.done()).isFalse();
      assertThat(currentTask().cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("GA-4 a task that lets that CancelledError out is cancelled, though nobody asked it")
  void cancelledChildCancelsTheWaiter() {
    run(() -> {
      Future<Integer> child = future();
      Task<List<Integer>> waiting = createTask(() -> gather(child).await());
      tick();
      child.cancel();
      assertThat(catchThrowable(waiting::await)).isInstanceOf(CancelledError.class);
      assertThat(waiting.cancelled()).isTrue();
      assertThat(waiting.cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("GA-4 a cancel of the waiter in the same tick: the child's CancelledError is thrown")
  void cancelledChildAndCancelledWaiter() {
    run(() -> {
      Future<Integer> child = future();
      Task<List<Integer>> waiting = createTask(() -> gather(child).await());
      tick();
      child.cancel("child");
      tick(); // the outer future is done now, its waiter not yet awake
      waiting.cancel("waiter");
      assertThat(catchThrowable(waiting::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("child");
    });
  }

  // -- it is cancelled ---------------------------------------------------------------------------

  @Test
  @DisplayName("GA-5 cancel goes to every child, message and all; it ends when they have")
  void cancelGoesToTheChildren() {
    run(() -> {
      List<String> messages = new ArrayList<>();
      Coroutine<Integer> slow =
          () -> {
            try {
              return sleep(LONG, 1);
            } catch (CancelledError cancelled) {
              messages.add(cancelled.getMessage());
              sleep(seconds(1));
              throw cancelled;
            }
          };
      Task<Integer> a = createTask(slow);
      Future<Integer> b = future();
      Future<List<Integer>> all = gather(a, createTask(slow));
      tick();
      assertThat(all.cancel("why")).isTrue();
      assertThat(all.done()).isFalse();
      assertThat(catchThrowable(all::await)).isInstanceOf(CancelledError.class).hasMessage("why");
      assertThat(messages).containsExactly("why", "why");
      assertThat(now()).isEqualTo(seconds(1));
      assertThat(all.cancelled()).as("it failed with CancelledError").isFalse();
      assertThat(a.cancelled()).isTrue();
      assertThat(b.done()).isFalse();
    });
  }

  @Test
  @DisplayName("GA-5 cancelling the waiting task cancels the children")
  void cancelOfTheWaiter() {
    run(() -> {
      Future<Integer> inner = future();
      Task<Integer> a = createTask(inner::await);
      Task<Integer> b = createTask(() -> inner.await());
      List<Future<?>> gatherings = new ArrayList<>();
      Task<Void> waiting =
          createTask(() -> {
            Future<List<Integer>> all = gather(a, b);
            gatherings.add(all);
            all.await();
            throw trace.unreachable();
          });
      ticks(2);
      assertThat(waiting.cancel("why")).isTrue();
      assertThat(catchThrowable(waiting::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
      assertThat(inner.cancelled()).isTrue();
      assertThat(a.cancelled()).isTrue();
      assertThat(b.cancelled()).isTrue();
      assertThat(gatherings.get(0).cancel()).isFalse();
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("GA-5 it ends with CancelledError even if exceptions are values")
  void cancelWhereExceptionsAreValues() {
    run(() -> {
      // Without that, a loop around it could never be cancelled.
      Task<Void> waiting =
          createTask(() -> {
            for (int i = 0; i < 9; i++) {
              gatherReturnExceptions(value(1, 1)).await();
            }
          });
      sleep(Duration.ofMillis(2500));
      waiting.cancel("my message");
      assertThat(catchThrowable(waiting::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("my message");
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("GA-5 it ends with CancelledError even if every child returns")
  void childrenIgnoreTheCancel(boolean returnExceptions) {
    run(() -> {
      Task<Integer> a = createTask(stubborn(1));
      Task<Integer> b = createTask(stubborn(2));
      Future<?> all = returnExceptions ? gatherReturnExceptions(a, b) : gather(a, b);
      tick();
      assertThat(all.cancel("why")).isTrue();
      assertThat(catchThrowable(all::await)).isInstanceOf(CancelledError.class).hasMessage(null);
      assertThat(a.result()).isEqualTo(1);
      assertThat(b.result()).isEqualTo(2);
    });
  }

  @Test
  @DisplayName("GA-5 where exceptions are values, the message is that of the last child's cancel")
  void messageOfTheLastChild() {
    run(() -> {
      Future<List<Object>> cancelledLast = gatherReturnExceptions(value(0, 1), value(9, 1));
      Future<List<Object>> doneLast = gatherReturnExceptions(value(9, 1), value(0, 1));
      sleep(seconds(1));
      cancelledLast.cancel("why");
      doneLast.cancel("why");
      assertThat(catchThrowable(cancelledLast::await)).hasMessage("why");
      assertThat(catchThrowable(doneLast::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage(null);
    });
  }

  @Test
  @DisplayName("GA-5 also if that child was cancelled on the point of waking, and returned")
  void messageOfAStubbornChild() {
    run(() -> {
      Future<Integer> future = future();
      Coroutine<Integer> child =
          () -> {
            try {
              return future.await();
            } catch (CancelledError ignored) {
              return 5;
            }
          };
      Future<List<Object>> all = gatherReturnExceptions(child);
      tick();
      future.setResult(1);
      all.cancel("why");
      assertThat(catchThrowable(all::await)).isInstanceOf(CancelledError.class).hasMessage("why");
    });
  }

  @Test
  @DisplayName("GA-5 through a gathering in a gathering")
  void nested() {
    run(() -> {
      Future<Integer> a = future();
      Future<Integer> b = future();
      Future<List<Integer>> inner = gather(a, b);
      Future<List<Object>> outer = gather(inner, value(9, 1));
      tick();
      assertThat(outer.cancel("why")).isTrue();
      assertThat(catchThrowable(outer::await)).isInstanceOf(CancelledError.class);
      assertThat(a.cancelled()).isTrue();
      assertThat(b.cancelled()).isTrue();
      assertThat(inner.exception()).isInstanceOf(CancelledError.class).hasMessage("why");
      assertThat(inner.cancelled()).isFalse();
    });
  }

  @Test
  @DisplayName("GA-5 once all children are done it refuses, though it is not done itself")
  void refusesOnceAllAreDone() {
    run(() -> {
      Future<Integer> child = future();
      Future<List<Integer>> all = gather(child);
      Task<List<Integer>> waiting = createTask(() -> all.await());
      tick();
      child.setResult(42);
      assertThat(all.cancel()).isFalse();
      assertThat(waiting.await()).containsExactly(42);
      assertThat(waiting.cancelled()).isFalse();
    });
  }

  @Test
  @DisplayName("GA-6 once it has failed, cancel does nothing, and the children go on")
  void cancelAfterFailure() {
    run(() -> {
      Task<Integer> other = createTask(value(2, 42));
      Future<List<Object>> all = gather(other, failing(seconds(1), one).toCoroutine());
      assertThat(catchThrowable(all::await)).isSameAs(one);
      assertThat(all.cancel()).isFalse();
      assertThat(other.cancelling()).isZero();
      assertThat(other.await()).isEqualTo(42);
      Future<List<Integer>> done = gather(other);
      assertThat(done.cancel()).isFalse();
    });
  }

  // -- loops -------------------------------------------------------------------------------------

  @Test
  @DisplayName("GA-7 futures of different loops are refused, and nothing is reported of the others")
  void differentLoops() {
    EventLoop other = newLoop();
    EventLoop loop = newLoop();
    List<ExceptionContext> reports = reports(loop);
    loop.runUntilComplete(() -> {
      Future<Integer> mine = future();
      Future<Integer> foreign = other.createFuture();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gather(mine, foreign))
          .withMessageContaining("different loop");
      mine.setException(one);
      tick();
    });
    loop.close();
    other.close();
    assertThat(reports).isEmpty();
  }

  @Test
  @DisplayName("GA-7 without a running loop, that of the futures is used, or the one that is set")
  void withoutRunningLoop() {
    assertThatIllegalStateException()
        .isThrownBy(() -> gather())
        .withMessageContaining("no current event loop");
    assertThatIllegalStateException()
        .isThrownBy(() -> gather(value(1, 1)))
        .withMessageContaining("no current event loop");
    EventLoop loop = newLoop();
    Future<Integer> future = loop.createFuture();
    assertThat(gather(future, future).getLoop()).isSameAs(loop);
    setEventLoop(loop);
    try {
      Future<List<Integer>> all = gather(value(1, 1), value(2, 2));
      assertThat(all.getLoop()).isSameAs(loop);
      assertThat(loop.runUntilComplete(all)).containsExactly(1, 2);
    } finally {
      setEventLoop(null);
      loop.close();
    }
  }

  @Test
  @DisplayName("GA-7 if all children are done on the spot, so is it")
  void eagerChildren() {
    run(() -> {
      getRunningLoop().setTaskFactory(TaskFactory.EAGER);
      Future<List<Integer>> all = gather(() -> 1, () -> 2);
      assertThat(all.done()).isTrue();
      assertThat(all.result()).containsExactly(1, 2);

      Future<List<Object>> failed =
          gather(
              () -> 1,
              () -> {
                throw one;
              });
      assertThat(failed.exception()).isSameAs(one);

      Future<List<Integer>> half = gather(() -> 1, value(1, 2));
      assertThat(half.done()).isFalse();
      assertThat(half.await()).containsExactly(1, 2);
    });
  }

  @Test
  @DisplayName("GA-7 gathering in eager children, deep down, is done on the spot")
  void recursiveEagerChildren() {
    run(() -> {
      getRunningLoop().setTaskFactory(TaskFactory.EAGER);
      assertThat(createTask(() -> fibonacci(10)).result()).isEqualTo(55);
    });
  }

  private static int fibonacci(int n) {
    if (n < 2) {
      return n;
    }
    List<Integer> parts = gather(() -> fibonacci(n - 1), () -> fibonacci(n - 2)).await();
    return parts.get(0) + parts.get(1);
  }
}
