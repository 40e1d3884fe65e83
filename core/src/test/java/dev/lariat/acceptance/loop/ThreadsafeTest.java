package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.createTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.Handle;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-11: callSoonThreadsafe. Real threads, ordered by latches; nothing sleeps. */
class ThreadsafeTest extends LoopTest {
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");

  /**
   * Runs {@code main} in a loop that waits in real time, and {@code other} in a thread beside it.
   */
  private static void besideRealLoop(Consumer<EventLoop> other) throws InterruptedException {
    try (EventLoop real = new EventLoop()) {
      Throwable[] failure = new Throwable[1];
      Thread thread =
          Thread.ofPlatform()
              .unstarted(() -> {
                try {
                  other.accept(real);
                } catch (Throwable error) {
                  failure[0] = error;
                }
                real.callSoonThreadsafe(real::stop);
              });
      real.callSoon(thread::start);
      real.runForever();
      thread.join();
      assertThat(failure[0]).isNull();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("LOOP-11 another thread's callback wakes an idle loop and runs on its thread")
  void wakesIdleLoop() throws InterruptedException {
    Thread loopThread = Thread.currentThread();
    besideRealLoop(real -> {
      for (int i = 0; i < 100; i++) { // each time the loop may be idle already, or not yet
        CountDownLatch ran = new CountDownLatch(1);
        real.callSoonThreadsafe(() -> {
          trace.add(Thread.currentThread() == loopThread);
          ran.countDown();
        });
        await(ran);
      }
    });
    assertThat(trace.events()).hasSize(100).containsOnly("true");
  }

  @Test
  @DisplayName("LOOP-11 what one thread posts runs in its order; of many threads nothing is lost")
  void keepsOrder() throws InterruptedException {
    int threads = 4;
    int posts = 5_000;
    List<List<Integer>> seen = new ArrayList<>();
    besideRealLoop(real -> {
      List<Thread> posters = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        List<Integer> mine = new ArrayList<>();
        seen.add(mine);
        posters.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < posts; i++) {
                    int n = i;
                    real.callSoonThreadsafe(() -> mine.add(n));
                  }
                }));
      }
      for (Thread poster : posters) {
        try {
          poster.join();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    });
    assertThat(seen)
        .hasSize(threads)
        .allSatisfy(numbers -> assertThat(numbers).hasSize(posts).isSorted());
  }

  @Test
  @DisplayName("LOOP-11 what is posted before the loop runs, runs when it does")
  void beforeRun() {
    inOtherThread(() -> loop.callSoonThreadsafe(trace.adds("other")));
    loop.callSoonThreadsafe(trace.adds("mine"));
    iterate();
    trace.assertEvents("other", "mine");
  }

  @Test
  @DisplayName("LOOP-11 on the loop's own thread it is call_soon: in order, never inline")
  void onLoopThread() {
    loop.callSoon(() -> {
      loop.callSoon(() -> trace.expect(2));
      loop.callSoonThreadsafe(() -> trace.expect(3));
      loop.callSoon(() -> trace.expect(4));
      trace.expect(1);
    });
    iterate();
    iterate();
    trace.finish(5);
  }

  @Test
  @DisplayName(
      "LOOP-11 it shares call_soon's queue: the order is that of the calls, also while no thread runs the loop")
  void orderWithCallSoon() {
    loop.callSoonThreadsafe(trace.adds("threadsafe"));
    loop.callSoon(trace.adds("soon"));
    iterate();
    trace.assertEvents("threadsafe", "soon");
  }

  @Test
  @DisplayName(
      "LOOP-11 what another thread has posted comes before what the loop's thread schedules afterwards")
  void orderAcrossThreads() {
    loop.callSoon(() -> {
      inOtherThread(() -> loop.callSoonThreadsafe(trace.adds("posted first")));
      loop.callSoon(trace.adds("scheduled second"));
    });
    iterate();
    iterate();
    trace.assertEvents("posted first", "scheduled second");
  }

  @Test
  @DisplayName("LOOP-11 posted callbacks come before timers that are due")
  void beforeTimers() {
    loop.callLater(Duration.ZERO, trace.adds("timer"));
    inOtherThread(() -> loop.callSoonThreadsafe(trace.adds("posted")));
    iterate();
    trace.assertEvents("posted", "timer");
  }

  @Test
  @DisplayName(
      "LOOP-11 CTX-1 the callback runs in a copy of the posting thread's context, or the one given")
  void context() {
    Context given = new Context();
    given.run(() -> VAR.set("given"));
    inOtherThread(() -> {
      VAR.set("poster's");
      loop.callSoonThreadsafe(() -> {
        trace.add(VAR.get());
        VAR.set("changed");
      });
      loop.callSoonThreadsafe(() -> trace.add(VAR.get()), given);
      VAR.set("later");
    });
    iterate();
    trace.assertEvents("poster's", "given");
  }

  @Test
  @DisplayName("LOOP-11 after close it says so, on any thread")
  void afterClose() {
    loop.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> loop.callSoonThreadsafe(() -> {}))
        .withMessage("Event loop is closed");
    assertThat(inOtherThread(() -> loop.callSoonThreadsafe(() -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Event loop is closed");
  }

  // -- its handle --------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-11 its handle can be cancelled by the posting thread, and by the loop's")
  void cancels() {
    Handle[] handles = new Handle[2];
    inOtherThread(() -> {
      handles[0] = loop.callSoonThreadsafe(() -> trace.unreachable());
      handles[1] = loop.callSoonThreadsafe(() -> trace.unreachable());
      handles[0].cancel();
    });
    handles[1].cancel();
    iterate();
    trace.finish(1);
    assertThat(handles).allMatch(Handle::cancelled);
  }

  @Test
  @DisplayName("LOOP-11 cancel on another thread waits for a callback that is running")
  void cancelWaits() throws InterruptedException {
    besideRealLoop(real -> {
      CountDownLatch started = new CountDownLatch(1);
      AtomicBoolean finished = new AtomicBoolean();
      Thread canceller = Thread.currentThread();
      Handle handle =
          real.callSoonThreadsafe(() -> {
            started.countDown();
            awaitBlocked(canceller);
            finished.set(true);
          });
      await(started);
      handle.cancel();
      trace.add("finished " + finished);
    });
    trace.assertEvents("finished true");
  }

  @Test
  @DisplayName("LOOP-11 cancelled on another thread waits for a callback that is running")
  void cancelledWaits() throws InterruptedException {
    besideRealLoop(real -> {
      CountDownLatch started = new CountDownLatch(1);
      AtomicBoolean finished = new AtomicBoolean();
      Thread asker = Thread.currentThread();
      Handle handle =
          real.callSoonThreadsafe(() -> {
            started.countDown();
            awaitBlocked(asker);
            finished.set(true);
          });
      await(started);
      trace.add("cancelled " + handle.cancelled() + ", finished " + finished);
    });
    trace.assertEvents("cancelled false, finished true");
  }

  /** Returns once {@code thread} waits for a monitor. */
  private static void awaitBlocked(Thread thread) {
    while (thread.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("LOOP-11 a callback may cancel its own handle, and start a task eagerly that waits")
  void callbackCancelsItself() {
    Handle[] handle = new Handle[1];
    handle[0] =
        loop.callSoonThreadsafe(() -> {
          handle[0].cancel();
          createTask(
              TaskOptions.eager(true),
              () -> {
                trace.add("task");
                Asyncio.sleep(Duration.ofSeconds(1));
                trace.add("task goes on");
                loop.stop();
              });
          trace.add("callback");
        });
    loop.runForever();
    trace.assertEvents("task", "callback", "task goes on");
    assertThat(inOtherThread(() -> trace.add(handle[0].cancelled()))).isNull();
    trace.assertEvents(true);
  }
}
