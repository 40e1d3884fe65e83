package dev.lariat.hazards;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Test
  @DisplayName("still waits, and leaves the flag to whom it concerns (RUN-8)")
  void stillWaits() {
    try (Poller poller = new ParkingPoller()) {
      Thread.currentThread().interrupt();
      long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
      int polls = 0;
      for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
        poller.poll(left);
        polls++;
      }
      assertThat(polls).as("polls in 50 ms").isLessThan(10);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
  }
}
