package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.Timeout;
import dev.lariat.TimeoutException;
import java.time.Duration;

/**
 * A time limit that is set, or moved, from inside the block, and asked about afterwards.
 *
 * <pre>{@code
 * async def main():
 *     try:
 *         async with asyncio.timeout(None) as cm:
 *             new_deadline = get_running_loop().time() + 10
 *             cm.reschedule(new_deadline)
 *
 *             await long_running_task()
 *     except TimeoutError:
 *         pass
 *
 *     if cm.expired():
 *         print("Looks like we haven't finished on time :(")
 * }</pre>
 *
 * <p>A {@link Timeout} made by hand can be seen after the block; the lambda of {@code
 * timeout(delay, scope -> ...)} is given one that cannot.
 */
class Rescheduling {
  static void main() {
    run(Rescheduling::program);
  }

  static String longRunningTask() {
    return sleep(Duration.ofHours(1), "never");
  }

  static void program() {
    Timeout limit = new Timeout(null);
    try {
      limit.run(scope -> {
        Duration newDeadline = getRunningLoop().time().plusSeconds(10);
        scope.reschedule(newDeadline);

        return longRunningTask();
      });
    } catch (TimeoutException e) {
      // looked at below
    }

    if (limit.expired()) {
      IO.println("Looks like we haven't finished on time :(");
    }
  }
}
