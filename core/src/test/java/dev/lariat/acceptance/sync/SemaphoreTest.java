package dev.lariat.acceptance.sync;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.gatherReturnExceptions;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import dev.lariat.sync.BoundedSemaphore;
import dev.lariat.sync.Hold;
import dev.lariat.sync.Semaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SemaphoreTest {
  private final Trace trace = new Trace();

  /** A task that takes a permit, keeps it, and notes how it went. */
  private Task<Void> taker(Semaphore semaphore, String name) {
    return createTask(() -> {
      try {
        semaphore.acquire();
        trace.add(name);
      } catch (CancelledError cancelled) {
        trace.add(name + " cancelled");
        throw cancelled;
      }
    });
  }

  // -- counting ----------------------------------------------------------------------------------

  @Test
  @DisplayName("SE-1 permits are taken without suspending while there are any, and nobody waits")
  void counting() {
    run(() -> {
      Semaphore semaphore = new Semaphore(3);
      getRunningLoop().callSoon(trace.adds("callback"));
      semaphore.acquire();
      semaphore.acquire();
      assertThat(semaphore.locked()).isFalse();
      semaphore.acquire();
      assertThat(semaphore.locked()).isTrue();
      trace.assertEvents();
      semaphore.release();
      assertThat(semaphore.locked()).isFalse();
      tick();
    });
  }

  @Test
  @DisplayName("SE-1 permits are given out in the order of arrival, one for each release")
  void fifo() {
    run(() -> {
      Semaphore semaphore = new Semaphore(3);
      semaphore.acquire();
      semaphore.acquire();
      List.of("1", "2", "3").forEach(name -> taker(semaphore, name));
      tick();
      trace.assertEvents("1");
      assertThat(semaphore).hasToString("Semaphore[locked, waiters:2]");
      taker(semaphore, "4");
      semaphore.release();
      semaphore.release();
      tick();
      trace.assertEvents("2", "3");
      assertThat(semaphore).hasToString("Semaphore[locked, waiters:1]");
      semaphore.release();
      tick();
      trace.assertEvents("4");
    });
  }

  @Test
  @DisplayName("SE-1 the first value may be zero, but not negative")
  void firstValue() {
    assertThat(new Semaphore(0).locked()).isTrue();
    assertThat(new Semaphore().locked()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Semaphore(-1))
        .withMessageContaining("must be >= 0");
    assertThatIllegalArgumentException().isThrownBy(() -> new BoundedSemaphore(-1));
  }

  @Test
  @DisplayName(
      "SE-1 a semaphore grows when it is released more often than taken; a bounded one refuses")
  void overRelease() {
    run(() -> {
      Semaphore semaphore = new Semaphore();
      semaphore.release();
      assertThat(semaphore).hasToString("Semaphore[unlocked, value:2]");

      Semaphore bounded = new BoundedSemaphore(2);
      assertThatIllegalStateException()
          .isThrownBy(bounded::release)
          .withMessage("BoundedSemaphore released too many times");
      bounded.acquire();
      bounded.release();
      assertThatIllegalStateException().isThrownBy(bounded::release);
      assertThat(bounded).hasToString("BoundedSemaphore[unlocked, value:2]");
    });
  }

  @Test
  @DisplayName("SE-1 a bounded one hands permits to waiters, and still knows its bound")
  void boundedWithWaiters() {
    run(() -> {
      Semaphore bounded = new BoundedSemaphore();
      bounded.acquire();
      Task<Void> a = taker(bounded, "a");
      tick();
      bounded.release();
      a.cancel();
      tick();
      trace.assertEvents("a cancelled");
      assertThatIllegalStateException().isThrownBy(bounded::release);
    });
  }

  @Test
  @DisplayName("SE-1 the scopes give the permit back however they are left")
  void scopes() {
    run(() -> {
      Semaphore semaphore = new Semaphore();
      assertThat(semaphore.withPermit(() -> semaphore.locked())).isTrue();
      UserError error = new UserError("body");
      assertThatThrownBy(() ->
              semaphore.withPermit(() -> {
                tick();
                throw error;
              }))
          .isSameAs(error);
      try (Hold _ = semaphore.hold()) {
        assertThat(semaphore).hasToString("Semaphore[locked]");
      }
      assertThat(semaphore).hasToString("Semaphore[unlocked, value:1]");
    });
  }

  @Test
  @DisplayName("SE-1 no more are inside than there are permits, and as many as there are")
  void bound() {
    run(() -> {
      Semaphore semaphore = new Semaphore(3);
      int[] inside = {0};
      int[] most = {0};
      taskGroup(group -> {
        IntStream.range(0, 10)
            .forEach(i ->
                group.createTask(() ->
                    semaphore.withPermit(() -> {
                      most[0] = Math.max(most[0], ++inside[0]);
                      sleep(seconds(1));
                      inside[0]--;
                    })));
      });
      assertThat(most[0]).isEqualTo(3);
      assertThat(now()).isEqualTo(seconds(4));
    });
  }

  // -- first come, first served ------------------------------------------------------------------

  @Test
  @DisplayName("SE-1 who has had a turn stands at the end of the line")
  void turns() {
    run(() -> {
      Semaphore semaphore = new Semaphore(1);
      taskGroup(group -> {
        for (String name : List.of("a", "b", "c")) {
          group.createTask(() -> {
            for (int i = 1; i <= 2; i++) {
              semaphore.acquire();
              trace.add(name + i);
              sleep(seconds(1));
              semaphore.release();
            }
          });
        }
      });
      trace.assertEvents("a1", "b1", "c1", "a2", "b2", "c2");
    });
  }

  @Test
  @DisplayName("SE-1 even if the permit is there when it comes back")
  void backAtOnce() {
    run(() -> {
      Semaphore semaphore = new Semaphore(1);
      Task<Void> a = taker(semaphore, "1");
      Task<Void> b =
          createTask(() -> {
            semaphore.acquire();
            trace.add("2");
            semaphore.release();
            semaphore.acquire();
            trace.add("4");
          });
      Task<Void> c = taker(semaphore, "3");
      tick();
      semaphore.release();
      semaphore.release();
      gather(a, b, c).await();
      trace.assertEvents("1", "2", "3", "4");
    });
  }

  @Test
  @DisplayName("SE-1 a newcomer waits behind one that was woken, though there are permits")
  void newcomerWaits() {
    run(() -> {
      Semaphore semaphore = new Semaphore(0);
      taker(semaphore, "a");
      tick();
      semaphore.release();
      semaphore.release();
      assertThat(semaphore.locked()).as("there is one permit, for whoever is next").isTrue();
      getRunningLoop().callSoon(trace.adds("callback"));
      semaphore.acquire();
      trace.add("newcomer");
      trace.assertEvents("a", "callback", "newcomer");
    });
  }

  @Test
  @DisplayName("SE-1 one that gets its permit wakes as many newcomers as there are permits left")
  void wakesNewcomers() {
    run(() -> {
      Semaphore semaphore = new Semaphore(0);
      List<Task<Void>> tasks = new ArrayList<>();
      tasks.add(
          createTask(() -> {
            semaphore.acquire();
            tasks.add(createTask(() -> trace.add("4, made by 1")));
            trace.add("1");
          }));
      tasks.add(
          createTask(() -> {
            semaphore.release();
            semaphore.release();
            semaphore.release();
            assertThat(semaphore.locked()).isTrue();
            semaphore.acquire();
            trace.add("2");
          }));
      tasks.add(taker(semaphore, "3"));
      tick();
      assertThat(semaphore).hasToString("Semaphore[locked, waiters:3]");
      tick();
      gather(tasks).await();
      trace.assertEvents("1", "2", "3", "4, made by 1");
    });
  }

  // -- cancellation ------------------------------------------------------------------------------

  @Test
  @DisplayName("SE-1 a cancelled waiter leaves nothing behind")
  void cancelledWaiter() {
    run(() -> {
      Semaphore semaphore = new Semaphore(0);
      Task<Void> a = taker(semaphore, "a");
      taker(semaphore, "b");
      tick();
      a.cancel();
      tick();
      assertThat(semaphore).hasToString("Semaphore[locked, waiters:1]");
      semaphore.release();
      tick();
      trace.assertEvents("a cancelled", "b");
    });
  }

  @Test
  @DisplayName("SE-1 waiters cancelled before a release do not consume it")
  void cancelledBeforeTheRelease() {
    run(() -> {
      Semaphore semaphore = new Semaphore(0);
      List<Task<Void>> tasks =
          Stream.of("a", "b", "c", "d").map(name -> taker(semaphore, name)).toList();
      tick();
      tasks.get(0).cancel();
      tasks.get(1).cancel();
      semaphore.release();
      ticks(2);
      trace.assertEvents("a cancelled", "b cancelled", "c");
      assertThat(tasks.get(3).done()).isFalse();
    });
  }

  @Test
  @DisplayName("SE-1 a woken waiter that is cancelled puts the permit back, and wakes the next")
  void wokenThenCancelled() {
    run(() -> {
      Semaphore semaphore = new Semaphore(0);
      List<Task<Void>> tasks =
          Stream.of("a", "b", "c", "d").map(name -> taker(semaphore, name)).toList();
      tick();
      semaphore.release();
      semaphore.release();
      tasks.get(0).cancel();
      tasks.get(1).cancel();
      ticks(3);
      trace.assertEvents("a cancelled", "b cancelled", "c", "d");
      assertThat(semaphore).hasToString("Semaphore[locked]");
    });
  }

  @Test
  @DisplayName("SE-1 the last waiter, woken and cancelled, leaves the permit there")
  void wokenThenCancelledAlone() {
    run(() -> {
      Semaphore semaphore = new Semaphore(0);
      Task<Void> a = taker(semaphore, "a");
      tick();
      semaphore.release();
      a.cancel();
      tick();
      trace.assertEvents("a cancelled");
      assertThat(semaphore).hasToString("Semaphore[unlocked, value:1]");
    });
  }

  @Test
  @DisplayName("SE-1 cancelled by whoever releases: the semaphore is not stuck")
  void cancelledByTheReleaser() {
    run(() -> {
      Semaphore semaphore = new Semaphore(1);
      List<Task<Void>> tasks = new ArrayList<>();
      tasks.add(
          createTask(() -> {
            semaphore.withPermit(() -> tick());
            tasks.get(1).cancel();
          }));
      tasks.add(taker(semaphore, "b"));
      List<Object> results = gatherReturnExceptions(tasks).await();
      assertThat(results.get(0)).isNull();
      assertThat(results.get(1)).isInstanceOf(CancelledError.class);
      timeout(seconds(1), () -> semaphore.acquire());
    });
  }

  @Test
  @DisplayName("SE-1 cancels and releases of all kinds keep the count")
  void countIsKept() {
    run(() -> {
      Semaphore semaphore = new Semaphore(2);
      List<Task<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        tasks.add(createTask(() -> semaphore.withPermit(() -> ticks(2))));
      }
      for (int i = 0; i < 30; i += 3) {
        tick();
        tasks.get(i).cancel();
        tasks.get(29 - i).cancel();
      }
      gatherReturnExceptions(tasks).await();
      assertThat(semaphore).hasToString("Semaphore[unlocked, value:2]");
    });
  }
}
