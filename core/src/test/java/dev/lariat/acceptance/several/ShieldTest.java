package dev.lariat.acceptance.several;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.setEventLoop;
import static dev.lariat.Asyncio.shield;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.newLoop;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.reports;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ShieldTest {
  private final Trace trace = new Trace();
  private final UserError error = new UserError("error");

  private static <T> Future<T> future() {
    return getRunningLoop().createFuture();
  }

  /** What a loop reports, to the last, while {@code main} runs in it. */
  private static List<ExceptionContext> reportsOf(Action main) {
    EventLoop loop = newLoop();
    List<ExceptionContext> reports = reports(loop);
    loop.runUntilComplete(main);
    loop.close();
    return reports;
  }

  // -- the outer is cancelled --------------------------------------------------------------------

  @Test
  @DisplayName("SH-1 cancelling the outer cancels nothing else")
  void cancelOuter() {
    run(() -> {
      Future<Integer> inner = future();
      Future<Integer> outer = shield(inner);
      tick();
      assertThat(outer.cancel("why")).isTrue();
      ticks(2);
      assertThat(outer.cancelled()).isTrue();
      assertThat(inner.done()).isFalse();
      assertThat(inner.cancel()).isTrue();
    });
  }

  @Test
  @DisplayName("SH-1 cancelling the waiting task leaves the shielded one to go on")
  void cancelWaiter() {
    run(() -> {
      Future<Void> gate = future();
      Coroutine<String> inner =
          () -> {
            gate.await();
            trace.add("inner goes on");
            return "inner";
          };
      Task<String> waiting = createTask(() -> shield(inner).await());
      ticks(2);
      waiting.cancel("why");
      assertThat(catchThrowable(waiting::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
      assertThat(waiting.cancelling()).isEqualTo(1);
      trace.assertEvents();
      gate.setResult(null);
      ticks(2);
      trace.assertEvents("inner goes on");
    });
  }

  @Test
  @DisplayName("SH-1 the shielded task can still be awaited after that")
  void awaitAgain() {
    run(() -> {
      Task<String> inner = createTask(() -> sleep(seconds(2), "done"));
      Task<String> waiting =
          createTask(() -> {
            try {
              return shield(inner).await();
            } catch (CancelledError cancelled) {
              return inner.await() + " all the same";
            }
          });
      sleep(seconds(1));
      waiting.cancel();
      assertThat(waiting.await()).isEqualTo("done all the same");
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  // -- the inner ends ----------------------------------------------------------------------------

  @Test
  @DisplayName("SH-2 result and exception of the inner are those of the outer")
  void outcome() {
    run(() -> {
      assertThat(shield(() -> sleep(seconds(1), 42)).await()).isEqualTo(42);
      Future<Void> failed = shield(failing(seconds(1), error).toCoroutine());
      assertThat(catchThrowable(failed::await)).isSameAs(error);
      assertThat(failed.exception()).isSameAs(error);
    });
  }

  @Test
  @DisplayName("SH-2 the inner is cancelled: so is the outer, and whoever awaits it gets the error")
  void cancelInner() {
    run(() -> {
      Future<Integer> inner = future();
      Future<Integer> outer = shield(inner);
      Task<Integer> waiting = createTask(() -> outer.await());
      tick();
      inner.cancel("inner");
      assertThat(outer.done()).as("only by a callback").isFalse();
      assertThat(catchThrowable(waiting::await)).isInstanceOf(CancelledError.class);
      assertThat(outer.cancelled()).isTrue();
      assertThat(waiting.cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("SH-2 an inner that is done is returned itself")
  void doneInner() {
    run(() -> {
      Future<Integer> done = future();
      done.setResult(42);
      assertThat((Object) shield(done)).isSameAs(done);
      Future<Integer> cancelled = future();
      cancelled.cancel();
      assertThat((Object) shield(cancelled)).isSameAs(cancelled);
    });
  }

  // -- what nobody sees --------------------------------------------------------------------------

  @Test
  @DisplayName("SH-3 an exception after the outer was cancelled is reported, and as that only")
  void lateException() {
    List<ExceptionContext> reports =
        reportsOf(() -> {
          Future<Integer> inner = future();
          Future<Integer> outer = shield(inner);
          outer.cancel();
          tick();
          inner.setException(error);
          tick();
        });
    assertThat(reports)
        .singleElement()
        .satisfies(report -> {
          assertThat(report.message()).isEqualTo("UserError exception in shielded future");
          assertThat(report.exception()).isSameAs(error);
          assertThat(report.future()).isNotNull();
        });
  }

  @Test
  @DisplayName("SH-3 the report names the task, if it was one")
  void lateExceptionOfATask() {
    List<ExceptionContext> reports =
        reportsOf(() -> {
          Task<Void> inner = createTask(failing(seconds(1), error));
          inner.setName("inner");
          shield(inner).cancel();
          sleep(seconds(2));
        });
    assertThat(reports)
        .singleElement()
        .satisfies(report -> assertThat(report.task().getName()).isEqualTo("inner"));
  }

  @Test
  @DisplayName("SH-3 a late result or cancellation is silent")
  void lateResult() {
    List<ExceptionContext> reports =
        reportsOf(() -> {
          Future<Integer> a = future();
          Future<Integer> b = future();
          shield(a).cancel();
          shield(b).cancel();
          tick();
          a.setResult(1);
          b.cancel();
          tick();
        });
    assertThat(reports).isEmpty();
  }

  @Test
  @DisplayName("SH-3 several shields of one future report once")
  void severalShields() {
    List<ExceptionContext> reports =
        reportsOf(() -> {
          Future<Integer> inner = future();
          Future<Integer> first = shield(inner);
          Future<Integer> second = shield(inner);
          tick();
          first.cancel();
          tick();
          second.cancel();
          tick();
          inner.setException(error);
          ticks(2);
        });
    assertThat(reports).extracting(ExceptionContext::exception).containsExactly(error);
  }

  @Test
  @DisplayName("SH-3 also if another shield of it is awaited and delivers the exception")
  void oneOfTwoShields() {
    List<ExceptionContext> reports =
        reportsOf(() -> {
          Future<Integer> inner = future();
          Future<Integer> first = shield(inner);
          Future<Integer> second = shield(inner);
          first.cancel();
          tick();
          inner.setException(error);
          assertThat(catchThrowable(second::await)).isSameAs(error);
          tick();
        });
    assertThat(reports).extracting(ExceptionContext::exception).containsExactly(error);
  }

  @Test
  @DisplayName("SH-3 in one tick: an exception that no callback was told of was never retrieved")
  void exceptionInTheTickOfTheCancel() {
    for (boolean cancelFirst : new boolean[] {true, false}) {
      List<ExceptionContext> reports =
          reportsOf(() -> {
            Future<Integer> inner = future();
            Future<Integer> outer = shield(inner);
            if (cancelFirst) {
              outer.cancel();
              inner.setException(error);
            } else {
              inner.setException(error);
              outer.cancel();
            }
            ticks(3);
            assertThat(outer.cancelled()).isTrue();
          });
      assertThat(reports)
          .singleElement()
          .satisfies(report -> {
            assertThat(report.message()).isEqualTo("Future exception was never retrieved");
            assertThat(report.exception()).isSameAs(error);
          });
    }
  }

  @Test
  @DisplayName("SH-3 an exception that was delivered is not reported")
  void deliveredException() {
    List<ExceptionContext> reports =
        reportsOf(() ->
            assertThat(catchThrowable(shield(failing(seconds(1), error).toCoroutine())::await))
                .isSameAs(error));
    assertThat(reports).isEmpty();
  }

  // -- shields and gatherings --------------------------------------------------------------------

  @Test
  @DisplayName("SH-4 the shield of a gathering")
  void shieldOfGather() {
    run(() -> {
      Future<Integer> a = future();
      Future<Integer> b = future();
      Future<List<Integer>> parent = gather(a, b);
      Future<List<Integer>> outer = shield(parent);
      tick();
      outer.cancel();
      tick();
      assertThat(outer.cancelled()).isTrue();
      a.setResult(1);
      b.setResult(2);
      tick();
      assertThat(parent.result()).containsExactly(1, 2);
    });
  }

  @Test
  @DisplayName("SH-4 a gathering of shields")
  void gatherOfShields() {
    run(() -> {
      Future<Integer> a = future();
      Future<Integer> b = future();
      Future<Integer> shieldOfA = shield(a);
      Future<Integer> shieldOfB = shield(b);
      Future<List<Integer>> parent = gather(shieldOfA, shieldOfB);
      tick();
      parent.cancel();
      tick();
      assertThat(parent.exception()).isInstanceOf(CancelledError.class);
      assertThat(shieldOfA.cancelled()).isTrue();
      assertThat(shieldOfB.cancelled()).isTrue();
      assertThat(a.done()).isFalse();
      assertThat(b.done()).isFalse();
      a.setResult(1);
      b.setResult(2);
      tick();
    });
  }

  @Test
  @DisplayName("SH-4 the loop of a shield: the running one, or the one that is set, or none")
  void loops() {
    Coroutine<Integer> coroutine = () -> 42;
    assertThatIllegalStateException()
        .isThrownBy(() -> shield(coroutine))
        .withMessageContaining("no current event loop");
    EventLoop loop = newLoop();
    assertThat(shield(loop.createFuture()).getLoop()).isSameAs(loop);
    setEventLoop(loop);
    try {
      Future<Integer> outer = shield(coroutine);
      assertThat(outer.getLoop()).isSameAs(loop);
      assertThat(loop.runUntilComplete(outer)).isEqualTo(42);
    } finally {
      setEventLoop(null);
      loop.close();
    }
  }
}
