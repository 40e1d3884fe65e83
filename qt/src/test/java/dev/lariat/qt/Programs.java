package dev.lariat.qt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.CancelledError;
import dev.lariat.KeyboardInterrupt;
import io.qt.core.QCoreApplication;
import java.time.Duration;

/** What the tests run in a JVM of its own. */
final class Programs {
  private Programs() {}

  /** A console program. */
  static final class Console {
    private Console() {}

    public static void main(String[] args) {
      String value =
          QtAsyncio.run(
              QtOptions.DEFAULT.withKeepRunning(false),
              () -> {
                sleep(Duration.ofMillis(5));
                return "value";
              });
      System.out.println(value);
    }
  }

  /** Waits for Ctrl-C; with an argument, handles it. */
  static final class Interrupted {
    private Interrupted() {}

    public static void main(String[] args) {
      try {
        QtAsyncio.run(
            QtOptions.DEFAULT.withHandleSigint(args.length > 0),
            () -> {
              createTask(() -> {
                try {
                  sleep(Duration.ofHours(1));
                } catch (CancelledError error) {
                  sleep(Duration.ofMillis(1));
                  System.out.println("tidied up");
                  throw error;
                }
              });
              sleep(Duration.ofMillis(1));
              System.out.println("ready");
            });
      } catch (KeyboardInterrupt interrupt) {
        System.out.println("interrupted");
      }
    }
  }

  /**
   * Says what its host stands on, and where QtJambi has unpacked itself; with an argument, waits.
   */
  static final class Jambi {
    private Jambi() {}

    public static void main(String[] args) throws InterruptedException {
      System.out.println(Qt.find().getClass().getSimpleName());
      System.out.println(io.qt.QtUtilities.jambiDeploymentDir());
      QCoreApplication.initialize(args);
      System.out.println("ready");
      if (args.length > 0) {
        Thread.sleep(Duration.ofHours(1));
      }
    }
  }
}
