package dev.lariat.javafx;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import org.junit.jupiter.api.function.Executable;

/** JavaFX for tests: started once a process, and kept. */
final class FxThread {
  static {
    Platform.setImplicitExit(false);
    Platform.startup(() -> {});
  }

  private FxThread() {}

  /** Returns once JavaFX has been started. */
  static void started() {}

  /** Whether this is JavaFX's headless platform, and not that of a display. */
  static boolean isHeadless() {
    return Objects.equals(System.getProperty("glass.platform"), "Headless");
  }

  /** Runs {@code test} on the JavaFX application thread, and waits for its end. */
  static void run(Executable test) throws Throwable {
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
