package dev.lariat.acceptance.sync;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskFactory;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import dev.lariat.sync.Hold;
import dev.lariat.sync.Lock;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LockTest {
  private final Trace trace = new Trace();
  private final Lock lock = new Lock();

  /** A task that takes the lock, keeps it, and notes how it went. */
  private Task<Void> taker(String name) {
    return createTask(() -> {
      try {
        lock.acquire();
        trace.add(name + " has it");
      } catch (CancelledError cancelled) {
        trace.add(name + " cancelled");
        throw cancelled;
      }
    });
  }

  // -- the order ---------------------------------------------------------------------------------

  @Test
  @DisplayName("LK-1 a free lock is taken without suspending; a taken one in the order of arrival")
  void fifo() {
    run(() -> {
      getRunningLoop().callSoon(trace.adds("not before the next await"));
      lock.acquire();
      trace.assertEvents();
      taker("a");
      taker("b");
      tick();
      trace.assertEvents("not before the next await");

      lock.release();
      tick();
      trace.assertEvents("a has it");
      tick();
      trace.assertEvents();

      taker("c");
      lock.release();
      tick();
      trace.assertEvents("b has it");
      lock.release();
      tick();
      trace.assertEvents("c has it");
      assertThat(lock.locked()).isTrue();
    });
  }

  @Test
  @DisplayName("LK-1 a newcomer never overtakes one that was woken, though the lock is free")
  void newcomerWaits() {
    run(() -> {
      lock.acquire();
      createTask(() ->
          lock.withLock(() -> {
            trace.add("a has it");
            tick();
          }));
      tick();
      lock.release();
      assertThat(lock.locked()).isFalse();
      getRunningLoop().callSoon(trace.adds("callback"));
      lock.acquire();
      trace.assertEvents("a has it", "callback");
    });
  }

  @Test
  @DisplayName("LK-1 waiters that were cancelled do not count, even before they have noticed")
  void cancelledWaitersDoNotCount() {
    run(() -> {
      lock.acquire();
      Task<Void> a = taker("a");
      tick();
      a.cancel();
      lock.release();
      lock.acquire();
      trace.assertEvents();
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class);
      assertThat(lock.locked()).isTrue();
    });
  }

  @Test
  @DisplayName(
      "LK-1 a lock is nobody's: any task may release it, and its holder cannot take it again")
  void neitherOwnedNorReentrant() {
    run(() -> {
      lock.acquire();
      assertThatThrownBy(() -> timeout(seconds(1), () -> lock.acquire()))
          .isInstanceOf(TimeoutException.class);
      createTask(() -> lock.release()).await();
      assertThat(lock.locked()).isFalse();
    });
  }

  @Test
  @DisplayName("LK-1 a free lock cannot be released, not even one that was promised to a waiter")
  void releaseOfAFreeLock() {
    assertThatIllegalStateException()
        .isThrownBy(lock::release)
        .withMessage("Lock is not acquired.");
    run(() -> {
      lock.acquire();
      taker("a");
      tick();
      lock.release();
      assertThatIllegalStateException().isThrownBy(lock::release);
      tick();
      trace.assertEvents("a has it");
      lock.release();
      assertThat(lock.locked()).isFalse();
    });
  }

  @Test
  @DisplayName("LK-1 the scopes release the lock however they are left")
  void scopes() {
    run(() -> {
      assertThat(lock.withLock(() -> lock.locked())).isTrue();
      assertThat(lock.locked()).isFalse();
      UserError error = new UserError("body");
      assertThatThrownBy(() ->
              lock.withLock(() -> {
                tick();
                throw error;
              }))
          .isSameAs(error);
      assertThat(lock.locked()).isFalse();
      assertThatThrownBy(
              () -> {
                try (Hold _ = lock.hold()) {
                  assertThat(lock.locked()).isTrue();
                  throw new IOException("checked");
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(lock.locked()).isFalse();
    });
  }

  @Test
  @DisplayName("LK-1 the text tells the state and how many wait")
  void text() {
    run(() -> {
      assertThat(lock).hasToString("Lock[unlocked]");
      lock.acquire();
      assertThat(lock).hasToString("Lock[locked]");
      taker("a");
      taker("b");
      tick();
      assertThat(lock).hasToString("Lock[locked, waiters:2]");
    });
  }

  // -- cancellation ------------------------------------------------------------------------------

  @Test
  @DisplayName("LK-2 a cancelled waiter leaves nothing behind")
  void cancelledWaiter() {
    run(() -> {
      lock.acquire();
      Task<Void> a = taker("a");
      getRunningLoop().callSoon(() -> a.cancel("why"));
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class).hasMessage("why");
      assertThat(lock).hasToString("Lock[locked]");
      lock.release();
      assertThat(lock.locked()).isFalse();
    });
  }

  @Test
  @DisplayName(
      "LK-2 the next in line is cancelled in the tick of the release: the one after gets it")
  void cancelAndRelease() {
    run(() -> {
      Future<Void> gate = getRunningLoop().createFuture();
      Task<Void> holder = createTask(() -> lock.withLock(() -> gate.await()));
      tick();
      Task<Void> b = taker("b");
      Task<Void> c = taker("c");
      tick();
      gate.setResult(null);
      b.cancel();
      assertThat(holder.done()).isFalse();
      c.await();
      assertThat(holder.done()).isTrue();
      trace.assertEvents("b cancelled", "c has it");
    });
  }

  @Test
  @DisplayName("LK-2 cancelled, then released: one gets it, not two")
  void onlyOneGetsIt() {
    run(() -> {
      lock.acquire();
      Task<Void> a = taker("a");
      Task<Void> b = taker("b");
      Task<Void> c = taker("c");
      tick();
      getRunningLoop()
          .callSoon(() -> {
            a.cancel();
            lock.release();
          });
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class);
      ticks(3);
      trace.assertEvents("a cancelled", "b has it");
      assertThat(b.done()).isTrue();
      assertThat(c.done()).isFalse();
    });
  }

  @Test
  @DisplayName("LK-2 released, then the one that was woken is cancelled: it passes the lock on")
  void wokenThenCancelled() {
    run(() -> {
      lock.acquire();
      Task<Void> a = taker("a");
      taker("b");
      tick();
      lock.release();
      a.cancel();
      ticks(2);
      trace.assertEvents("a cancelled", "b has it");
      assertThat(lock.locked()).isTrue();
    });
  }

  @Test
  @DisplayName("LK-2 released, then all but the last in line are cancelled: the last gets it")
  void wokenThenAllButOneCancelled() {
    run(() -> {
      lock.acquire();
      Task<Void> a = taker("a");
      Task<Void> b = taker("b");
      Task<Void> c = taker("c");
      tick();
      lock.release();
      a.cancel();
      b.cancel();
      c.await();
      trace.assertEvents("a cancelled", "b cancelled", "c has it");
      lock.release();
      assertThat(lock.locked()).isFalse();
    });
  }

  @Test
  @DisplayName("LK-2 the woken one is cancelled and nobody else waits: the lock is free")
  void wokenThenCancelledAlone() {
    run(() -> {
      lock.acquire();
      Task<Void> a = taker("a");
      tick();
      lock.release();
      a.cancel();
      tick();
      assertThat(lock).hasToString("Lock[unlocked]");
    });
  }

  @Test
  @DisplayName("LK-2 a newcomer that queued behind the woken one is woken in its place")
  void newcomerBehindTheCancelled() {
    run(() -> {
      lock.acquire();
      Task<Void> a = taker("a");
      tick();
      lock.release();
      getRunningLoop().setTaskFactory(TaskFactory.EAGER);
      taker("newcomer");
      assertThat(lock).hasToString("Lock[unlocked, waiters:2]");
      a.cancel();
      ticks(2);
      trace.assertEvents("a cancelled", "newcomer has it");
    });
  }

  @Test
  @DisplayName("LK-2 a wait that times out in the tick of the release passes the lock on")
  void timeoutInTheTickOfTheRelease() {
    run(() -> {
      lock.acquire();
      Task<Void> a = createTask(() -> timeout(seconds(1), () -> lock.acquire()));
      taker("b");
      getRunningLoop().callAt(seconds(1), () -> lock.release());
      assertThat(catchThrowable(a::await)).isInstanceOf(TimeoutException.class);
      sleep(seconds(1));
      trace.assertEvents("b has it");
    });
  }
}
