package dev.lariat.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.host.Poller;
import dev.lariat.internal.loop.ParkingPoller;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A thread that is interrupted is not parked any more: a loop that did not mind would spin, at full
 * speed, until somebody cleared the flag. Real time: parking is what this is about.
 */
@DisplayName("A loop whose thread was interrupted")
class InterruptedLoopTest {
  @AfterEach
  void clearFlag() {
    Thread.interrupted();
  }

  /** Counts the polls of a real poller. */
  private static final class Counting implements Poller {
    private final Poller poller = new ParkingPoller();
    private int polls;

    @Override
    public void poll(long nanos) {
      polls++;
      poller.poll(nanos);
    }

    @Override
    public void wakeup() {
      poller.wakeup();
    }
  }

  // Real time: that the thread sleeps is the point.
  @Test
  @DisplayName("still waits, and leaves the flag to whom it concerns (RUN-8)")
  void stillWaits() {
    Counting poller = new Counting();
    try (EventLoop loop = new EventLoop(poller)) {
      Thread.currentThread().interrupt();
      loop.callLater(Duration.ofMillis(50), loop::stop);
      loop.runForever();
      assertThat(poller.polls).as("polls in 50 ms").isLessThan(10);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
  }
}
