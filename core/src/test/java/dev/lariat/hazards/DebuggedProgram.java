package dev.lariat.hazards;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Task;
import java.time.Duration;

/** What {@link DebuggerTest} steps through. Its methods have one statement a line, for that. */
final class DebuggedProgram {
  private DebuggedProgram() {}

  public static void main(String[] arguments) {
    VirtualLoop.run(() -> {
      Task<Void> other = createTask(DebuggedProgram::other);
      Task<Integer> stepped = createTask(DebuggedProgram::stepped);
      System.out.println("stepped returned " + stepped.await());
      other.await();
      System.out.println("the program ended");
    });
  }

  static int stepped() {
    int value = 1;
    sleep(Duration.ofSeconds(1));
    value += 10;
    sleep(Duration.ZERO);
    value += 100;
    return value;
  }

  /** Runs on the same thread while the other is suspended: where a confused debugger would stop. */
  static void other() {
    for (int i = 0; i < 10; i++) {
      sleep(Duration.ofMillis(300));
    }
  }
}
