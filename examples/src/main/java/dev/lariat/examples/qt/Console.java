package dev.lariat.examples.qt;

import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.qt.QtAsyncio;
import dev.lariat.qt.QtOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program without a window, on Qt's main loop: it needs Qt's core library only, and no QtJambi.
 * Lariat makes the QCoreApplication.
 */
public final class Console {
  private Console() {}

  /**
   * Runs the program.
   *
   * @param args none
   */
  public static void main(String[] args) {
    List<String> finished = QtAsyncio.run(QtOptions.DEFAULT.withKeepRunning(false), Console::race);
    System.out.println("finished: " + finished);
  }

  private static List<String> race() {
    List<String> finished = new ArrayList<>();
    gather(
            () -> finished.add(run("the hare", 2, Duration.ofMillis(200))),
            () -> finished.add(run("the tortoise", 3, Duration.ofMillis(10))))
        .await(); // cancellable, and both runners with it
    return finished;
  }

  private static String run(String runner, int laps, Duration time) {
    for (int lap = 1; lap <= laps; lap++) {
      sleep(time);
      System.out.println(runner + ", lap " + lap);
    }
    return runner;
  }
}
