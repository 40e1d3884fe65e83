package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.TimeoutException;
import java.time.Duration;

/**
 * A block of code with a time limit.
 *
 * <pre>{@code
 * async def main():
 *     try:
 *         async with asyncio.timeout(10):
 *             await long_running_task()
 *     except TimeoutError:
 *         print("The long operation timed out, but we've handled it")
 * }</pre>
 *
 * <p>When the time is up, the code in the block is cancelled where it waits, and the block throws
 * the {@link TimeoutException}.
 */
class TimeLimit {
  static void main() {
    run(TimeLimit::program);
  }

  static void longRunningTask() {
    sleep(Duration.ofHours(1));
    IO.println("never");
  }

  static void program() {
    try {
      timeout(Duration.ofSeconds(10), () -> longRunningTask());
    } catch (TimeoutException e) {
      IO.println("The long operation timed out, but we've handled it");
    }
  }
}
