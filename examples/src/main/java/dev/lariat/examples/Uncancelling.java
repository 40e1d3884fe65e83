package dev.lariat.examples;

import static dev.lariat.Asyncio.*;
import static java.util.Objects.requireNonNull;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import java.time.Duration;

/**
 * A task that will not be cancelled: it catches the error, and takes the request back with {@code
 * uncancel}, so that {@code cancelling} is 0 again and the scopes around it are not misled.
 */
class Uncancelling {
  static void main() {
    run(Uncancelling::program);
  }

  static String stubborn() {
    Task<?> self = requireNonNull(currentTask()); // null only in a plain callback
    try {
      sleep(Duration.ofHours(1));
    } catch (CancelledError cancelled) {
      IO.println("asked to stop: " + self.cancelling());
      IO.println("requests left: " + self.uncancel());
    }
    sleep(Duration.ofSeconds(1)); // waits as usual: one request is thrown once
    return "finished all the same";
  }

  static void program() {
    Task<String> task = createTask(Uncancelling::stubborn);
    sleep(Duration.ofSeconds(1));
    task.cancel();
    IO.println(task.await());
    IO.println("the task is cancelled: " + task.cancelled());
  }
}
