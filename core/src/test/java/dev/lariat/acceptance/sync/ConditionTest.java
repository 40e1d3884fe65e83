package dev.lariat.acceptance.sync;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.waitFor;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.VoidBlock;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import dev.lariat.sync.Condition;
import dev.lariat.sync.Hold;
import dev.lariat.sync.Lock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
  private final Trace trace = new Trace();
  private final Condition condition = new Condition();

  /** A task that waits once, and notes how that ended and whether it had the lock. */
  private Task<Void> waiter(String name) {
    return createTask(() ->
        condition.withLock(() -> {
          try {
            condition.await();
            trace.add(name);
          } catch (CancelledError cancelled) {
            String lock = condition.locked() ? "locked" : "unlocked";
            trace.add(name + " cancelled " + cancelled.getMessage() + " " + lock);
            throw cancelled;
          }
        }));
  }

  private void signal(int count) {
    condition.withLock(() -> condition.signal(count));
  }

  // -- signals -----------------------------------------------------------------------------------

  @Test
  @DisplayName("CO-1 await gives the lock back, and has it again when it returns")
  void releasesAndReacquires() {
    run(() -> {
      waiter("a");
      waiter("b");
      tick();
      assertThat(condition.locked()).as("both wait").isFalse();
      condition.acquire();
      condition.signal(2);
      ticks(2);
      trace.assertEvents(); // the lock is ours
      condition.release();
      tick();
      trace.assertEvents("a");
      tick();
      trace.assertEvents("b");
      assertThat(condition.locked()).isFalse();
    });
  }

  @Test
  @DisplayName("CO-1 await needs the lock")
  void awaitNeedsTheLock() {
    run(() ->
        assertThatIllegalStateException()
            .isThrownBy(condition::await)
            .withMessage("cannot wait on un-acquired lock"));
  }

  @Test
  @DisplayName("CO-3 signal and signalAll need the lock")
  void signalNeedsTheLock() {
    assertThatIllegalStateException()
        .isThrownBy(condition::signal)
        .withMessage("cannot notify on un-acquired lock");
    assertThatIllegalStateException().isThrownBy(() -> condition.signal(2));
    assertThatIllegalStateException().isThrownBy(condition::signalAll);
  }

  @Test
  @DisplayName("CO-3 signal wakes so many, in order; without waiters it does nothing, for ever")
  void signal() {
    run(() -> {
      signal(3);
      List.of("a", "b", "c", "d").forEach(this::waiter);
      ticks(3);
      trace.assertEvents();
      condition.withLock(() -> condition.signal());
      ticks(3);
      trace.assertEvents("a");
      signal(0);
      ticks(3);
      trace.assertEvents();
      condition.withLock(() -> {
        condition.signal();
        condition.signal(2048);
      });
      ticks(5);
      trace.assertEvents("b", "c", "d");
    });
  }

  @Test
  @DisplayName("CO-3 signalAll wakes all that wait now")
  void signalAll() {
    run(() -> {
      waiter("a");
      waiter("b");
      tick();
      condition.withLock(() -> {
        condition.signalAll();
        waiter("late");
      });
      sleep(seconds(1));
      trace.assertEvents("a", "b");
    });
  }

  @Test
  @DisplayName("CO-3 those that are woken go on one after the other, each with the lock")
  void oneAtATime() {
    run(() -> {
      for (String name : List.of("a", "b")) {
        createTask(() ->
            condition.withLock(() -> {
              condition.await();
              trace.add(name);
              tick();
              trace.add(name + " ends");
            }));
      }
      tick();
      signal(2);
      sleep(seconds(1));
      trace.assertEvents("a", "a ends", "b", "b ends");
    });
  }

  // -- predicates --------------------------------------------------------------------------------

  @Test
  @DisplayName("CO-3 waitFor waits until the predicate holds, and asks after every signal")
  void waitForPredicate() {
    run(() -> {
      boolean[] ready = {false};
      createTask(() ->
          condition.withLock(() -> {
            condition.waitFor(() -> {
              trace.add("asked " + condition.locked());
              return ready[0];
            });
            trace.add("holds");
          }));
      tick();
      trace.assertEvents("asked true");
      signal(1);
      ticks(2);
      trace.assertEvents("asked true");
      ready[0] = true;
      ticks(2);
      trace.assertEvents();
      signal(1);
      ticks(2);
      trace.assertEvents("asked true", "holds");
    });
  }

  @Test
  @DisplayName("CO-3 waitFor on a predicate that holds needs neither lock nor wait")
  void waitForWhatHolds() {
    run(() -> {
      getRunningLoop().callSoon(trace.adds("callback"));
      condition.waitFor(() -> true);
      trace.assertEvents();
      assertThatIllegalStateException().isThrownBy(() -> condition.waitFor(() -> false));
    });
  }

  @Test
  @DisplayName("CO-3 an exception of the predicate goes through, with the lock held")
  void failingPredicate() {
    run(() -> {
      UserError error = new UserError("predicate");
      condition.acquire();
      assertThatThrownBy(() ->
              condition.waitFor(() -> {
                throw error;
              }))
          .isSameAs(error);
      assertThat(condition.locked()).isTrue();
    });
  }

  // -- the lock ----------------------------------------------------------------------------------

  @Test
  @DisplayName("CO-3 a lock may be given, and shared with others")
  void sharedLock() {
    run(() -> {
      Lock lock = new Lock();
      Condition first = new Condition(lock);
      Condition second = new Condition(lock);
      first.withLock(() -> {
        assertThat(lock.locked()).isTrue();
        assertThat(second.locked()).isTrue();
      });
      assertThat(lock.locked()).isFalse();
      lock.withLock(() -> assertThat(first.locked()).isTrue());

      Task<Void> waiting = createTask(() -> first.withLock(() -> first.await()));
      tick();
      second.withLock(() -> second.signalAll());
      sleep(seconds(1));
      assertThat(waiting.done()).as("they share the lock, not the signals").isFalse();
      second.withLock(() -> first.signal()); // the lock is held, by whatever way
      waiting.await();
    });
  }

  @Test
  @DisplayName("CO-3 the scopes release the lock")
  void scopes() {
    run(() -> {
      assertThat(condition.withLock(() -> condition.locked())).isTrue();
      try (Hold _ = condition.hold()) {
        assertThat(condition).hasToString("Condition[locked]");
      }
      assertThat(condition).hasToString("Condition[unlocked]");
      waiter("a");
      tick();
      assertThat(condition).hasToString("Condition[unlocked, waiters:1]");
    });
  }

  // -- cancellation ------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "CO-1 a cancelled waiter has the lock again before the error goes on, and leaves nothing")
  void cancelledWaiter() {
    run(() -> {
      Task<Void> a = waiter("a");
      tick();
      a.cancel("why");
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class).hasMessage("why");
      trace.assertEvents("a cancelled why locked");
      assertThat(condition).hasToString("Condition[unlocked]");
    });
  }

  @Test
  @DisplayName(
      "CO-1 it waits for the lock, however often it is cancelled, and throws the latest error")
  void cancelledAgainAndAgain() {
    run(() -> {
      Task<Void> a = waiter("a");
      tick();
      condition.acquire();
      for (String message : List.of("zero", "one", "two")) {
        a.cancel(message);
        ticks(2);
      }
      trace.assertEvents();
      assertThat(a.done()).isFalse();
      assertThat(a.cancelling()).isEqualTo(3);
      condition.release();
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class).hasMessage("two");
      trace.assertEvents("a cancelled two locked");
      assertThat(condition.locked()).isFalse();
    });
  }

  @Test
  @DisplayName(
      "CO-1 a cancel while it takes the lock again does not go lost, though it was signalled")
  void cancelledWhileReacquiring() {
    run(() -> {
      List<CancelledError> inside = new ArrayList<>();
      Task<Void> a =
          createTask(() ->
              condition.withLock(() -> {
                try {
                  condition.await();
                } catch (CancelledError cancelled) {
                  inside.add(cancelled);
                  throw cancelled;
                }
              }));
      tick();
      condition.acquire();
      condition.signal();
      tick(); // a waits for the lock now
      a.cancel("why");
      condition.release();
      Throwable thrown = catchThrowable(a::await);
      assertThat(thrown).isInstanceOf(CancelledError.class).hasMessage("why");
      assertThat(inside).as("the very error").containsExactly((CancelledError) thrown);
    });
  }

  @Test
  @DisplayName(
      "CO-1 signalled and cancelled in one tick, with the lock taken: it has the lock at the end")
  void contested() {
    run(() -> {
      condition.acquire();
      Task<Void> a = createTask(() -> condition.await());
      tick();
      condition.acquire();
      condition.signal();
      getRunningLoop().callSoon(a::cancel);
      getRunningLoop().callSoon(condition::release);
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class);
      assertThat(condition.locked()).isTrue();
    });
  }

  @Test
  @DisplayName("CO-2 a signal that a cancelled waiter has consumed is handed to another")
  void signalIsHandedOn() {
    run(() -> {
      Task<Void> a = waiter("a");
      waiter("b");
      tick();
      signal(1);
      a.cancel("x");
      sleep(seconds(1));
      trace.assertEvents("a cancelled x locked", "b");
    });
  }

  @Test
  @DisplayName("CO-2 one that was handed on and then cancelled, too, is handed on again")
  void signalIsHandedOnTwice() {
    run(() -> {
      Task<Void> a = waiter("a");
      Task<Void> b = waiter("b");
      waiter("c");
      tick();
      signal(1);
      a.cancel("x");
      b.cancel("y");
      sleep(seconds(1));
      trace.assertEvents("a cancelled x locked", "b cancelled y locked", "c");
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("CO-2 a consumer cancelled on the point of waking, or of locking: no lost wake-up")
  void noLostItem(int ticks) {
    run(() -> {
      int[] items = {0};
      VoidBlock<RuntimeException> consumer =
          () -> {
            while (items[0] >= 0) {
              condition.waitFor(() -> items[0] != 0);
              items[0]--;
            }
          };
      Task<Void> first = createTask(() -> condition.withLock(consumer));
      Task<Void> second = createTask(() -> condition.withLock(consumer));
      tick();
      condition.withLock(() -> {
        items[0]++;
        condition.signal(1);
        ticks(ticks);
        first.cancel();
        letOthersGoOn();
        assertThat(items[0]).isZero();
        items[0] = -1;
        condition.signalAll();
      });
      second.await();
      assertThat(first.cancelled()).isTrue();
    });
  }

  /** Gives up the lock for a while. */
  private void letOthersGoOn() {
    assertThatThrownBy(() -> timeout(seconds(1), () -> condition.await()))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  @DisplayName("CO-4 when a wait times out the lock is held again")
  void timeoutInBlock() {
    run(() ->
        condition.withLock(() -> {
          Coroutine<Void> wait =
              () -> {
                condition.await();
                return null;
              };
          assertThatThrownBy(() -> waitFor(wait, seconds(1))).isInstanceOf(TimeoutException.class);
          assertThat(condition.locked()).isTrue();
          assertThatThrownBy(() -> timeout(seconds(1), () -> condition.await()))
              .isInstanceOf(TimeoutException.class);
          assertThat(condition.locked()).isTrue();
          assertThat(currentTask().cancelling()).isZero();
        }));
  }

  @Test
  @DisplayName("CO-4 a wait that times out while another has the lock waits for the lock")
  void timeoutWithoutTheLock() {
    run(() -> {
      Task<Void> a =
          createTask(() ->
              condition.withLock(() -> {
                assertThatThrownBy(() -> timeout(seconds(1), () -> condition.await()))
                    .isInstanceOf(TimeoutException.class);
                trace.add("timed out");
              }));
      tick();
      condition.acquire();
      sleep(seconds(5));
      trace.assertEvents();
      condition.release();
      a.await();
      trace.assertEvents("timed out");
    });
  }
}
