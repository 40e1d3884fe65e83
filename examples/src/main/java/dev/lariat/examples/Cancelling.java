package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import java.time.Duration;

/**
 * {@code cancel} throws a {@link CancelledError} into a task, where it waits.
 *
 * <p>It is an {@code Error}, as it is a {@code BaseException} in Python: {@code catch (Exception
 * e)} does not stop it. Code that catches it cleans up and throws it again; {@code finally} is
 * better.
 */
class Cancelling {
  static void main() {
    run(Cancelling::program);
  }

  static void work() {
    try {
      IO.println("working");
      sleep(Duration.ofHours(1));
    } catch (Exception e) {
      IO.println("never: a cancellation is no Exception");
    } finally {
      IO.println("cleaning up");
    }
  }

  static void program() {
    Task<Void> task = createTask(Cancelling::work);
    sleep(Duration.ofSeconds(1));

    task.cancel("not needed any more");
    try {
      task.await();
    } catch (CancelledError cancelled) {
      IO.println("cancelled: " + cancelled.getMessage());
    }
    IO.println("the task is cancelled: " + task.cancelled());
  }
}
