package dev.lariat.acceptance.future;

import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** FUT-3 and FUT-4. */
class DoneCallbackTest extends LoopTest {
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");

  private final Future<Integer> future = loop.createFuture();

  private Consumer<Future<Integer>> adds(Object event) {
    return done -> trace.add(event);
  }

  // -- FUT-3 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "FUT-3 callbacks are never called from inside: an iteration later, in order, with the future")
  void calledThroughTheLoop() {
    List<Future<Integer>> given = new ArrayList<>();
    future.addDoneCallback(adds("first"));
    future.addDoneCallback(given::add);
    future.addDoneCallback(adds("third"));
    loop.callSoon(() -> {
      future.setResult(1);
      trace.add("set");
    });
    loop.callSoon(trace.adds("same iteration"));
    iterate();
    trace.assertEvents("set", "same iteration");
    iterate();
    trace.assertEvents("first", "third");
    assertThat(given).containsExactly(future);
  }

  @Test
  @DisplayName("FUT-3 an exception and a cancellation call them as well")
  void everyOutcome() {
    Future<Integer> failing = loop.createFuture();
    failing.addDoneCallback(done -> trace.add(done.exception()));
    RuntimeException error = new ArithmeticException();
    failing.setException(error);
    Future<Integer> cancelled = loop.createFuture();
    cancelled.addDoneCallback(done -> trace.add(done.cancelled()));
    cancelled.cancel();
    iterate();
    trace.assertEvents(error, true);
  }

  @Test
  @DisplayName("FUT-3 added to a done future it is called soon, not at once")
  void addedWhenDone() {
    future.setResult(1);
    future.addDoneCallback(adds("first"));
    loop.callSoon(trace.adds("callback"));
    future.addDoneCallback(adds("second"));
    trace.assertEvents();
    iterate();
    trace.assertEvents("first", "callback", "second");
  }

  @Test
  @DisplayName("FUT-3 one that a callback adds, to its done future, runs in the next iteration")
  void addedByCallback() {
    future.addDoneCallback(done -> {
      trace.add("outer");
      done.addDoneCallback(adds("inner"));
    });
    future.setResult(1);
    future.addDoneCallback(adds("late"));
    iterate();
    trace.assertEvents("outer", "late");
    iterate();
    trace.assertEvents("inner");
  }

  @Test
  @DisplayName(
      "FUT-3 a task's callbacks run after its end, and before or after its awaiters, as they came")
  void taskCallbacks() {
    Task<Integer> task = loop.createTask(() -> 1);
    task.addDoneCallback(done -> trace.add("before"));
    loop.createTask(() -> trace.add("awaiter " + task.await())); // task is done by then
    iterate();
    trace.assertEvents("awaiter 1");
    iterate();
    trace.assertEvents("before");
  }

  @Test
  @DisplayName("FUT-3 CTX-1 a callback runs in a copy of the context it was added in")
  void contextIsCopied() {
    VAR.set("when added");
    future.addDoneCallback(done -> {
      trace.add(VAR.get());
      VAR.set("by callback");
    });
    VAR.set("when set");
    future.setResult(1);
    iterate();
    assertThat(VAR.get()).isEqualTo("when set");
    trace.assertEvents("when added");
  }

  @Test
  @DisplayName("FUT-3 each callback has its own copy, one of the same callback too")
  void contextPerCallback() {
    Consumer<Future<Integer>> callback = done -> trace.add(VAR.get());
    new Context()
        .run(() -> {
          VAR.set("one");
          future.addDoneCallback(callback);
          VAR.set("two");
          future.addDoneCallback(callback);
        });
    future.addDoneCallback(callback);
    future.setResult(1);
    iterate();
    trace.assertEvents("one", "two", "default");
  }

  @Test
  @DisplayName("FUT-3 CTX-1 a given context is used as it is, on a done future too")
  void givenContext() {
    Context context = new Context();
    context.run(() -> VAR.set("given"));
    Consumer<Future<Integer>> callback =
        done -> {
          trace.add(VAR.get());
          VAR.set("changed");
        };
    future.addDoneCallback(callback, context);
    future.setResult(1);
    future.addDoneCallback(callback, context);
    iterate();
    trace.assertEvents("given", "changed");
    assertThat(context.get(VAR)).isEqualTo("changed");
  }

  @Test
  @DisplayName("FUT-3 null is refused by name")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> future.addDoneCallback(null))
        .withMessageContaining("callback");
    assertThatNullPointerException().isThrownBy(() -> future.addDoneCallback(adds("x"), null));
    assertThatNullPointerException()
        .isThrownBy(() -> future.removeDoneCallback(null))
        .withMessageContaining("callback");
    future.setResult(1);
    iterate();
    trace.assertEvents();
  }

  // -- FUT-4 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "FUT-4 removes every addition of a callback, and tells how many; the others stay, in order")
  void removesAll() {
    Consumer<Future<Integer>> one = adds("one");
    Consumer<Future<Integer>> two = adds("two");
    Consumer<Future<Integer>> three = adds("three");
    assertThat(future.removeDoneCallback(one)).as("of none").isZero();
    future.addDoneCallback(one);
    assertThat(future.removeDoneCallback(two)).as("of another").isZero();
    assertThat(future.removeDoneCallback(one)).as("of one").isEqualTo(1);
    for (Consumer<Future<Integer>> callback : List.of(one, two, one, three, one)) {
      future.addDoneCallback(callback);
    }
    assertThat(future.removeDoneCallback(one)).isEqualTo(3);
    assertThat(future.removeDoneCallback(one)).isZero();
    future.setResult(1);
    iterate();
    trace.assertEvents("two", "three");
  }

  @Test
  @DisplayName("FUT-4 the last one may be removed, and others added afterwards")
  void removesLast() {
    Consumer<Future<Integer>> one = adds("one");
    future.addDoneCallback(one);
    future.addDoneCallback(one);
    assertThat(future.removeDoneCallback(one)).isEqualTo(2);
    future.addDoneCallback(adds("two"));
    future.setResult(1);
    iterate();
    trace.assertEvents("two");
  }

  @Test
  @DisplayName("FUT-4 equal callbacks are removed, not just the same one")
  void removesEqual() {
    record Named(String name, List<String> out) implements Consumer<Future<Integer>> {
      @Override
      public void accept(Future<Integer> done) {
        out.add(name);
      }
    }
    List<String> out = new ArrayList<>();
    future.addDoneCallback(new Named("a", out));
    future.addDoneCallback(new Named("b", out));
    assertThat(future.removeDoneCallback(new Named("a", out))).isEqualTo(1);
    future.setResult(1);
    iterate();
    assertThat(out).containsExactly("b");
  }

  @Test
  @DisplayName("FUT-4 removing once they are on their way is too late")
  void tooLate() {
    Consumer<Future<Integer>> one = adds("one");
    future.addDoneCallback(one);
    future.setResult(1);
    assertThat(future.removeDoneCallback(one)).isZero();
    iterate();
    trace.assertEvents("one");
  }

  @Test
  @DisplayName("FUT-4 callbacks do not count tasks that wait: those cannot be removed")
  void awaitersStay() {
    loop.createTask(() -> trace.add("awaiter " + future.await()));
    iterate();
    Consumer<Future<Integer>> one = adds("one");
    future.addDoneCallback(one);
    assertThat(future.removeDoneCallback(one)).isEqualTo(1);
    future.setResult(1);
    iterate();
    trace.assertEvents("awaiter 1");
  }

  @Test
  @DisplayName("FUT-4 an equals that removes other callbacks meanwhile does no harm")
  void mutationWhileRemoving() {
    Consumer<Future<Integer>> other = adds("other");
    final class Evil implements Consumer<Future<Integer>> {
      private boolean asked;

      @Override
      public void accept(Future<Integer> done) {}

      @Override
      public boolean equals(Object that) {
        if (!asked) {
          asked = true;
          future.removeDoneCallback(other);
        }
        return false;
      }

      @Override
      public int hashCode() {
        return 1;
      }
    }
    future.addDoneCallback(new Evil());
    for (int i = 0; i < 63; i++) {
      future.addDoneCallback(other);
    }
    future.addDoneCallback(adds("last"));
    assertThat(future.removeDoneCallback(adds("never added"))).isZero();
    future.setResult(1);
    iterate();
    trace.assertEvents("last");
  }

  @Test
  @DisplayName("FUT-4 an equals that completes the future meanwhile does no harm")
  void completionWhileRemoving() {
    Consumer<Future<Integer>> evil =
        new Consumer<>() {
          @Override
          public void accept(Future<Integer> done) {
            trace.add("evil");
          }

          @Override
          public boolean equals(Object that) {
            if (!future.done()) {
              future.setResult(1);
            }
            return false;
          }

          @Override
          public int hashCode() {
            return 1;
          }
        };
    future.addDoneCallback(adds("first"));
    future.addDoneCallback(evil);
    future.addDoneCallback(adds("last"));
    future.removeDoneCallback(adds("never added"));
    iterate();
    trace.assertEvents("first", "evil", "last");
  }

  @Test
  @DisplayName("FUT-3 callbacks added while a task waits keep the order of arrival")
  void mixedWithAwaiters() {
    future.addDoneCallback(adds("callback 1"));
    loop.createTask(() -> {
      future.await();
      trace.add("awaiter 1");
    });
    iterate();
    future.addDoneCallback(adds("callback 2"));
    loop.createTask(() -> {
      future.await();
      trace.add("awaiter 2");
      sleep(Duration.ZERO);
    });
    iterate();
    future.addDoneCallback(adds("callback 3"));
    future.setResult(1);
    iterate();
    trace.assertEvents("callback 1", "awaiter 1", "callback 2", "awaiter 2", "callback 3");
    iterate();
  }
}
