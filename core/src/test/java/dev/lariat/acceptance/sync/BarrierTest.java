package dev.lariat.acceptance.sync;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.BrokenBarrierException;
import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import dev.lariat.sync.Barrier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BarrierTest {
  private final Trace trace = new Trace();

  /** A task that waits once, and notes its number, or what it was thrown. */
  private Task<Void> party(Barrier barrier, String name) {
    return createTask(() -> {
      try {
        trace.add(name + " " + barrier.await());
      } catch (BrokenBarrierException broken) {
        trace.add(name + " broken");
      } catch (CancelledError cancelled) {
        trace.add(name + " cancelled");
        throw cancelled;
      }
    });
  }

  private void parties(Barrier barrier, String... names) {
    for (String name : names) {
      party(barrier, name);
    }
  }

  /** Runs {@code body} in so many tasks, and waits for them. */
  private static <T> List<T> inTasks(int count, Coroutine<T> body) {
    List<Task<T>> tasks = IntStream.range(0, count).mapToObj(i -> createTask(body)).toList();
    return gather(tasks).await();
  }

  private static void assertFilling(Barrier barrier, int waiting) {
    assertThat(barrier)
        .hasToString("Barrier[filling, waiters:" + waiting + "/" + barrier.parties() + "]");
    assertThat(barrier.nWaiting()).isEqualTo(waiting);
    assertThat(barrier.broken()).isFalse();
  }

  // -- rounds ------------------------------------------------------------------------------------

  @Test
  @DisplayName("BA-1 a barrier has at least one party")
  void atLeastOneParty() {
    for (int parties : new int[] {0, -4}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Barrier(parties))
          .withMessageStartingWith("parties must be >= 1");
    }
  }

  @Test
  @DisplayName("BA-1 one party never waits")
  void oneParty() {
    run(() -> {
      Barrier barrier = new Barrier(1);
      Task<Void> never =
          createTask(() -> {
            throw trace.unreachable();
          });
      assertThat(barrier.await()).isZero();
      assertThat(barrier.await()).isZero();
      assertFilling(barrier, 0);
      never.cancel();
    });
  }

  @Test
  @DisplayName("BA-1 all go on when the last has come, each with a number of its own")
  void taskByTask() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      party(barrier, "a");
      tick();
      assertFilling(barrier, 1);
      party(barrier, "b");
      ticks(5);
      assertFilling(barrier, 2);
      trace.assertEvents();
      party(barrier, "c");
      ticks(4);
      trace.assertEvents("c 2", "a 0", "b 1");
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-1 a barrier can be used again and again")
  void rounds() {
    run(() -> {
      Barrier barrier = new Barrier(5);
      List<Integer> numbers = new ArrayList<>();
      List<Integer> lastNumbers =
          inTasks(
              5,
              () -> {
                for (int round = 0; round < 3; round++) {
                  numbers.add(barrier.await());
                }
                return barrier.await();
              });
      assertThat(numbers).hasSize(15);
      for (int number = 0; number < 5; number++) {
        int expected = number;
        assertThat(numbers.stream().filter(n -> n == expected)).hasSize(3);
      }
      assertThat(lastNumbers).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-1 it drains until the last is out, and then fills again")
  void draining() {
    run(() -> {
      Barrier barrier = new Barrier(5);
      List<Boolean> states =
          inTasks(
              5,
              () -> {
                barrier.await();
                return barrier.toString().startsWith("Barrier[draining");
              });
      // In the order of creation: it was the fourth that left last.
      assertThat(states).containsExactly(true, true, true, false, true);
      assertFilling(barrier, 0);
    });
  }

  // -- newcomers ---------------------------------------------------------------------------------

  @Test
  @DisplayName("BA-2 newcomers while it drains wait for the next round")
  void newcomers() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      parties(barrier, "a", "b", "c", "d", "e");
      tick();
      assertThat(barrier.nWaiting()).isZero();
      assertThat(barrier).hasToString("Barrier[draining, waiters:0/3]");
      ticks(8);
      trace.assertEvents("c 2", "a 0", "b 1");
      assertFilling(barrier, 2);
      party(barrier, "f");
      ticks(8);
      trace.assertEvents("f 2", "d 0", "e 1");
    });
  }

  @Test
  @DisplayName("BA-2 those that come back at once are newcomers, too")
  void backAtOnce() {
    run(() -> {
      Barrier barrier = new Barrier(5);
      Barrier others = new Barrier(3);
      int[] back = {2};
      inTasks(
          5,
          () -> {
            barrier.await();
            if (back[0] > 0) {
              back[0]--;
            } else {
              others.await(); // would not open if more than two had gone back
            }
            return barrier.await();
          });
      assertFilling(barrier, 0);
      assertFilling(others, 0);
    });
  }

  @Test
  @DisplayName("BA-2 one that is cancelled while it waits frees its place")
  void cancelled() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      Task<Void> a = party(barrier, "a");
      party(barrier, "b");
      tick();
      assertFilling(barrier, 2);
      a.cancel("why");
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class).hasMessage("why");
      assertFilling(barrier, 1);
      parties(barrier, "c", "d");
      ticks(5);
      // As in CPython a number counts those inside on arrival: after a cancel it may come twice.
      trace.assertEvents("a cancelled", "d 2", "b 1", "c 1");
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-2 one that is cancelled after the last has come lets the others go all the same")
  void cancelledWhileDraining() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      Task<Void> a = party(barrier, "a");
      party(barrier, "b");
      tick();
      assertThat(barrier.await()).isEqualTo(2);
      a.cancel();
      ticks(8);
      trace.assertEvents("a cancelled", "b 1");
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-2 a newcomer that is cancelled while it waits for the next round is not counted")
  void cancelledNewcomer() {
    run(() -> {
      Barrier barrier = new Barrier(2);
      party(barrier, "a");
      party(barrier, "b");
      Task<Void> newcomer = party(barrier, "newcomer");
      tick();
      newcomer.cancel();
      ticks(8);
      trace.assertEvents("b 1", "a 0", "newcomer cancelled");
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-2 a wait that times out frees its place")
  void timedOut() {
    run(() -> {
      Barrier barrier = new Barrier(2);
      assertThat(catchThrowable(() -> timeout(seconds(1), () -> barrier.await())))
          .isInstanceOf(TimeoutException.class);
      assertFilling(barrier, 0);
    });
  }

  // -- reset -------------------------------------------------------------------------------------

  @Test
  @DisplayName("BA-3 reset of a barrier where nobody waits changes nothing")
  void resetOfAnEmptyBarrier() {
    run(() -> {
      Barrier barrier = new Barrier(2);
      barrier.reset();
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-3 reset: those that wait get the exception, newcomers wait until they have left")
  void reset() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      parties(barrier, "a", "b");
      tick();
      barrier.reset();
      assertThat(barrier).hasToString("Barrier[resetting, waiters:0/3]");
      assertThat(barrier.broken()).isFalse();
      party(barrier, "c");
      ticks(8);
      trace.assertEvents("a broken", "b broken");
      assertFilling(barrier, 1);
      parties(barrier, "d", "e");
      ticks(8);
      trace.assertEvents("e 2", "c 0", "d 1");
    });
  }

  @Test
  @DisplayName("BA-3 reset, and wait again at once")
  void resetAndWaitAgain() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      int[] broken = {0};
      Coroutine<Integer> body =
          () -> {
            try {
              return barrier.await();
            } catch (BrokenBarrierException error) {
              broken[0]++;
              return barrier.await();
            }
          };
      Task<Integer> a = createTask(body);
      Task<Integer> b = createTask(body);
      tick();
      barrier.reset();
      Task<Integer> c = createTask(body);
      assertThat(gather(a, b, c).await()).containsExactlyInAnyOrder(0, 1, 2);
      assertThat(broken[0]).isEqualTo(2);
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-3 reset when half have left: the other half get the exception")
  void resetWhenHalfHaveLeft() {
    run(() -> {
      Barrier barrier = new Barrier(5);
      int[] left = {0};
      inTasks(
          5,
          () -> {
            try {
              barrier.await();
            } catch (BrokenBarrierException broken) {
              trace.add("broken");
              return null;
            }
            left[0]++;
            if (left[0] == 3) {
              barrier.reset();
            }
            return null;
          });
      trace.assertEvents("broken", "broken");
      assertThat(left[0]).isEqualTo(3);
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-3 reset when half have left and wait again: these are not disturbed")
  void resetWhenHalfWaitAgain() {
    run(() -> {
      Barrier barrier = new Barrier(5);
      int[] left = {0};
      inTasks(
          5,
          () -> {
            try {
              barrier.await();
            } catch (BrokenBarrierException broken) {
              trace.add("broken");
              return barrier.await();
            }
            left[0]++;
            if (left[0] > 2) {
              barrier.reset();
            }
            return barrier.await(); // for all five: must not throw
          });
      trace.assertEvents("broken", "broken");
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-3 reset by the last that leaves: those that wait again are not disturbed")
  void resetByTheLast() {
    run(() -> {
      Barrier barrier = new Barrier(5);
      int[] left = {0};
      inTasks(
          5,
          () -> {
            barrier.await();
            if (++left[0] == 5) {
              barrier.reset();
            }
            barrier.await();
            return barrier.await();
          });
      assertFilling(barrier, 0);
    });
  }

  // -- abort -------------------------------------------------------------------------------------

  @Test
  @DisplayName("BA-3 abort: those that wait and those that come get the exception, until reset")
  void abort() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      parties(barrier, "a", "b");
      tick();
      barrier.abort();
      assertThat(barrier).hasToString("Barrier[broken]");
      assertThat(barrier.broken()).isTrue();
      assertThat(barrier.nWaiting()).isZero();
      parties(barrier, "c");
      ticks(8);
      trace.assertEvents("a broken", "b broken", "c broken");
      assertThat(barrier.broken()).isTrue();

      barrier.reset();
      assertFilling(barrier, 0);
      parties(barrier, "x", "y", "z");
      sleep(seconds(1));
      trace.assertEvents("z 2", "x 0", "y 1");
    });
  }

  @Test
  @DisplayName("BA-3 abort when half have left: the other half, and those that wait again, get it")
  void abortWhenHalfHaveLeft() {
    run(() -> {
      Barrier barrier = new Barrier(5);
      int[] left = {0};
      inTasks(
          5,
          () -> {
            try {
              barrier.await();
            } catch (BrokenBarrierException broken) {
              trace.add("had not left");
              return null;
            }
            left[0]++;
            if (left[0] > 2) {
              barrier.abort();
              return null;
            }
            try {
              return barrier.await();
            } catch (BrokenBarrierException broken) {
              trace.add("had come back");
              return null;
            }
          });
      trace.assertEvents("had not left", "had not left", "had come back", "had come back");
      assertThat(barrier).hasToString("Barrier[broken]");
    });
  }

  @Test
  @DisplayName("BA-3 one of the tasks fails, and aborts; after a reset all goes on")
  void abortAfterAFailure() {
    run(() -> {
      Barrier barrier = new Barrier(5);
      Barrier meeting = new Barrier(5);
      inTasks(
          5,
          () -> {
            try {
              if (barrier.await() == 2) {
                throw new UserError("one of us");
              }
              barrier.await();
              throw trace.unreachable();
            } catch (BrokenBarrierException broken) {
              trace.add("broken");
            } catch (UserError error) {
              barrier.abort();
            }
            // All have left when it is reset, and none comes back before.
            if (meeting.await() == 2) {
              barrier.reset();
            }
            meeting.await();
            return barrier.await();
          });
      trace.assertEvents("broken", "broken", "broken", "broken");
      assertFilling(barrier, 0);
    });
  }

  @Test
  @DisplayName("BA-3 abort while it resets, and reset while it is broken")
  void abortWhileResetting() {
    run(() -> {
      Barrier barrier = new Barrier(3);
      parties(barrier, "a", "b");
      tick();
      barrier.reset();
      party(barrier, "newcomer");
      tick();
      barrier.abort();
      ticks(8);
      trace.assertEvents("a broken", "b broken", "newcomer broken");
      assertThat(barrier.broken()).isTrue();
      barrier.reset();
      assertFilling(barrier, 0);
    });
  }

  // -- looking -----------------------------------------------------------------------------------

  @Test
  @DisplayName("BA-4 parties, how many wait (none while it drains), whether it is broken")
  void looking() {
    run(() -> {
      Barrier barrier = new Barrier(2);
      assertThat(barrier.parties()).isEqualTo(2);
      assertFilling(barrier, 0);
      party(barrier, "a");
      tick();
      assertFilling(barrier, 1);
      barrier.await();
      assertThat(barrier.nWaiting()).as("one has not left yet").isZero();
      assertThat(barrier).hasToString("Barrier[draining, waiters:0/2]");
      ticks(3);
      assertFilling(barrier, 0);
      barrier.abort();
      assertThat(barrier.broken()).isTrue();
      assertThat(barrier.parties()).isEqualTo(2);
    });
  }
}
