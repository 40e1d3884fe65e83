package dev.lariat.javafx;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import org.junit.jupiter.api.function.Executable;

/** JavaFX for tests: started once a process, and kept. */
final class FxThread {
  private static final String NO_DISPLAY =
      "JavaFX's GTK platform has no display here. Install one with tools/system-packages javafx,"
          + " and run the tests by ./lariat test, or under tools/with-display.";

  private FxThread() {}

  private static final class Started {
    static {
      Platform.setImplicitExit(false);
      Platform.startup(() -> {});
    }

    static void ensure() {}
  }

  /** Skips the test where JavaFX cannot be started; but not on CI, where it fails. */
  static void requireDisplay() {
    boolean possible =
        "Headless".equals(System.getProperty("glass.platform")) || System.getenv("DISPLAY") != null;
    if (!possible && System.getenv("CI") != null) {
      fail(NO_DISPLAY);
    }
    assumeTrue(possible, NO_DISPLAY);
  }

  /** Returns once JavaFX has been started. */
  static void started() {
    requireDisplay();
    Started.ensure();
  }

  /** Runs {@code test} on the JavaFX application thread, and waits for its end. */
  static void run(Executable test) throws Throwable {
    started();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        test.execute();
        end.complete(null);
      } catch (Throwable error) {
        end.complete(error);
      }
    });
    Throwable error = end.get();
    if (error != null) {
      throw error;
    }
  }
}
