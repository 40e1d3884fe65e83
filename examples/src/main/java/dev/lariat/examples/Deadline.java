package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.TimeoutException;
import java.time.Duration;

/**
 * {@code timeout_at}: several steps share one deadline, which is a time on the loop's clock.
 *
 * <p>The first step leaves less time to the second, and too little to the third.
 */
class Deadline {
  static void main() {
    run(Deadline::program);
  }

  static void step(int number) {
    sleep(Duration.ofSeconds(4));
    IO.println("step " + number + " is done");
  }

  static void program() {
    Duration deadline = getRunningLoop().time().plusSeconds(10);
    for (int i = 1; i <= 3; i++) {
      int number = i;
      try {
        timeoutAt(
            deadline,
            limit -> {
              step(number);
            });
      } catch (TimeoutException e) {
        IO.println("step " + number + " would be too late");
      }
    }
  }
}
