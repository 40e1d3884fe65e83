package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import dev.lariat.context.ContextVar;
import dev.lariat.host.Poller;
import dev.lariat.host.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The seam that networking stands on: another poller, turns inside a poll, attachments. */
class PollerTest extends LoopTest {
  /** A poller of which only the clock and the wake-up matter. */
  private static final class CountingPoller implements Poller {
    private final Semaphore wakeups = new Semaphore(0);
    private volatile boolean closed;
    private int polls;

    @Override
    public void poll(long nanos) {
      polls++;
      if (nanos < 0) {
        wakeups.acquireUninterruptibly();
      } else if (nanos > 0) {
        try {
          var _ = wakeups.tryAcquire(nanos, java.util.concurrent.TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      wakeups.drainPermits();
    }

    @Override
    public void wakeup() {
      wakeups.release();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  @DisplayName("A new poller is used from the next wait on, and the old one is closed")
  void exchange() {
    RecordingPoller before = new RecordingPoller();
    RecordingPoller after = new RecordingPoller();
    try (EventLoop exchanged = new EventLoop(before)) {
      exchanged.runUntilComplete(() -> {
        assertThat(exchanged.getPoller()).isSameAs(before);
        exchanged.setPoller(after);
        assertThat(exchanged.getPoller()).isSameAs(after);
        sleep(Duration.ofSeconds(1));
      });
      assertThat(before.closed).isEqualTo(1);
      assertThat(after.closed).isZero();
      assertThat(after.polls).contains(1_000_000_000L);
      assertThat(before.polls).doesNotContain(1_000_000_000L);
      exchanged.setPoller(after);
      assertThat(after.closed).as("the same one again stays open").isZero();
    }
    assertThat(after.closed).isEqualTo(1);
  }

  @Test
  @DisplayName("Only the poller that a loop makes itself may be replaced by networking")
  void replaceable() {
    try (EventLoop usual = new EventLoop()) {
      assertThat(usual.getPoller().isReplaceable()).isTrue();
    }
    assertThat(new VirtualTime().isReplaceable()).isFalse();
  }

  @Test
  @DisplayName(
      "The poller of a running loop cannot be exchanged by another thread, nor after close")
  void exchangeOnTheWrongThread() {
    EventLoop usual = new EventLoop();
    usual.runUntilComplete(() ->
        assertThat(inOtherThread(() -> usual.setPoller(new CountingPoller())))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("callSoonThreadsafe"));
    usual.close();
    assertThatThrownBy(() -> usual.setPoller(new CountingPoller()))
        .isInstanceOf(IllegalStateException.class);
  }

  @RepeatedTest(300)
  @DisplayName("No wake-up is lost while the poller is exchanged")
  void exchangeWhileOthersPost() throws InterruptedException {
    EventLoop usual = new EventLoop();
    CountingPoller after = new CountingPoller();
    Semaphore started = new Semaphore(0);
    Thread poster =
        Thread.ofPlatform()
            .start(() -> {
              started.acquireUninterruptibly();
              usual.callSoonThreadsafe(usual::stop);
            });
    usual.callSoon(() -> {
      started.release();
      for (int i = (int) (System.nanoTime() & 1023); i > 0; i--) {
        Thread.onSpinWait();
      }
      usual.setPoller(after);
    });
    usual.runForever(); // a lost wake-up hangs here
    poster.join();
    usual.close();
    assertThat(after.closed).isTrue();
  }

  @Test
  @DisplayName("A poller may run what is ready between two events, in the order it became ready")
  void runReadyInPoll() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      ContextVar<String> variable = ContextVar.withDefault("variable", "outer");
      poller.events.add(() -> {
        polled.callSoon(() -> {
          variable.set("inner");
          trace.add("first event, now " + variable.get());
          polled.callSoon(() -> trace.add("after all events"));
        });
        polled.runReady();
        polled.callSoon(() -> trace.add("second event, now " + variable.get()));
      });
      polled.callSoon(() -> trace.add("ready before"));
      polled.callLater(Duration.ZERO, () -> trace.add("timer"));
      polled.stop();
      polled.runForever();
      trace.assertEvents(
          "ready before",
          "first event, now inner",
          "after all events",
          "second event, now outer",
          "timer");
    }
  }

  @Test
  @DisplayName("What must leave the loop leaves it through the poller")
  void fatalInPoll() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      poller.events.add(() -> {
        polled.callSoon(() -> {
          throw new KeyboardInterrupt();
        });
        polled.runReady();
      });
      assertThatThrownBy(polled::runForever).isInstanceOf(KeyboardInterrupt.class);
    }
  }

  @Test
  @DisplayName("Nothing but a poller may run what is ready")
  void runReadyElsewhere() {
    assertThatThrownBy(loop::runReady).hasMessageContaining("poller");
    run(() -> {
      assertThatThrownBy(Asyncio.getRunningLoop()::runReady)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("while it polls");
    });
  }

  @Test
  @DisplayName("An attachment is made once, and closed between the tasks and the poller")
  void attachments() {
    List<String> closed = new ArrayList<>();
    class First implements AutoCloseable {
      @Override
      public void close() {
        closed.add("first");
      }
    }
    class Second implements AutoCloseable {
      @Override
      public void close() {
        closed.add("second");
        throw new IllegalStateException("on purpose");
      }
    }
    EventLoop owner = newLoop();
    First first = owner.attachment(First.class, of -> new First());
    owner.attachment(Second.class, of -> new Second());
    assertThat(owner.attachment(First.class, of -> new First())).isSameAs(first);
    owner.setExceptionHandler((of, context) -> {}); // the task below is destroyed on purpose
    owner.createTask(() -> {
      try {
        sleep(Duration.ofHours(1));
      } finally {
        closed.add("task");
      }
    });
    owner.stop();
    owner.runForever();
    owner.close();
    assertThat(closed).containsExactly("task", "second", "first");
    assertThatThrownBy(() -> owner.attachment(First.class, of -> new First()))
        .isInstanceOf(IllegalStateException.class);
  }
}
