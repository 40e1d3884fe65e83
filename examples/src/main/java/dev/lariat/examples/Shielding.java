package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import java.time.Duration;

/** {@code shield}: who waits is cancelled, and the task that is waited for goes on. */
class Shielding {
  static void main() {
    run(Shielding::program);
  }

  static String save() {
    sleep(Duration.ofSeconds(2));
    IO.println("saved");
    return "all is saved";
  }

  static void waitFor(Task<String> saving) {
    try {
      IO.println(shield(saving).await());
    } catch (CancelledError cancelled) {
      IO.println("the one who waited is cancelled");
      throw cancelled;
    }
  }

  static void program() {
    Task<String> saving = createTask(Shielding::save);
    Task<Void> waiting = createTask(() -> waitFor(saving));
    sleep(Duration.ofSeconds(1));

    waiting.cancel();
    IO.println(saving.await());
  }
}
