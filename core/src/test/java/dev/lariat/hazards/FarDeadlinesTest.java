package dev.lariat.hazards;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.host.DeadlockException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** People write "for ever" as the longest duration there is. */
@DisplayName("Deadlines too far away to count (LOOP-7, LOOP-8)")
@Timeout(
    value = 20,
    threadMode = ThreadMode.SEPARATE_THREAD) // a loop that spins is what this is about
class FarDeadlinesTest {
  private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

  @Test
  @DisplayName("a task that sleeps for ever is cancelled like any other, and delays nobody")
  void cancelled() {
    VirtualLoop.run(() -> {
      Task<Void> sleeper = createTask(() -> sleep(FOR_EVER));
      sleep(Duration.ofDays(1_000));
      assertThat(sleeper.done()).isFalse();
      sleeper.cancel();
      assertThatThrownBy(sleeper::await).isInstanceOf(CancelledError.class);
      assertThat(getRunningLoop().time()).isEqualTo(Duration.ofDays(1_000));
    });
  }

  @Test
  @DisplayName("in virtual time nothing but sleep for ever is a deadlock, and not an endless loop")
  void deadlock() {
    try (EventLoop loop = VirtualLoop.create()) {
      loop.setExceptionHandler((l, context) -> {}); // "destroyed but pending" is not the point here
      assertThatThrownBy(() -> loop.runUntilComplete(() -> sleep(FOR_EVER)))
          .isInstanceOf(DeadlockException.class);
    }
  }

  @Test
  @DisplayName("callLater and callAt accept what cannot be counted, as never and as long ago")
  void callbacks() {
    List<String> ran = new ArrayList<>();
    VirtualLoop.run(() -> {
      EventLoop loop = getRunningLoop();
      loop.callLater(FOR_EVER, () -> ran.add("later, for ever"));
      loop.callAt(FOR_EVER, () -> ran.add("at the end of time"));
      loop.callLater(FOR_EVER.negated(), () -> ran.add("later, long ago"));
      loop.callAt(FOR_EVER.negated(), () -> ran.add("at the beginning of time"));
      sleep(Duration.ofDays(100_000));
    });
    assertThat(ran).containsExactly("later, long ago", "at the beginning of time");
  }

  // Real time: a loop that waits for ever, or so it says, must still be woken.
  @Test
  @DisplayName("a loop with nothing but a deadline at the end of time is woken by another thread")
  void woken() throws Exception {
    EventLoop loop = new EventLoop();
    loop.callLater(FOR_EVER, () -> {});
    Thread runner = new Thread(loop::runForever);
    runner.start();
    while (runner.getState() == Thread.State.RUNNABLE || runner.getState() == Thread.State.NEW) {
      Thread.sleep(1);
    }
    loop.callSoonThreadsafe(loop::stop);
    runner.join();
    loop.close();
  }
}
