import static dev.lariat.Asyncio.*;

import java.time.Duration;

/** What the start-up cache of {@code ./lariat run} is trained on: javac, which runs this file, and the loop. */
class Training {
  public static void main(String[] args) {
    System.out.println(
        run(() -> {
          var task = createTask(() -> sleep(Duration.ofMillis(1), "warm"));
          return gather(task, createTask(() -> sleep(Duration.ZERO, "up"))).await();
        }));
  }
}
