package dev.lariat.javafx.internal;

import dev.lariat.host.HostApplication;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Starts JavaFX where nobody has. It is started by an {@link Application}, for that alone is told,
 * by {@link #stop}, when JavaFX is about to exit: then what runs on it is ended in good order.
 */
public final class Toolkit extends Application {
  private static final CompletableFuture<@Nullable Void> STARTED = new CompletableFuture<>();
  private static final CompletableFuture<@Nullable Void> EXITED = new CompletableFuture<>();

  /** What is to end before JavaFX. Of the JavaFX application thread. */
  private static final List<HostApplication> APPLICATIONS = new ArrayList<>();

  /** For JavaFX, which makes one. */
  public Toolkit() {}

  /**
   * Starts JavaFX, unless it has been started, and waits for that. Any thread but JavaFX's.
   *
   * @return whether this call started it
   * @throws IllegalStateException if it cannot be started
   */
  public static synchronized boolean start() {
    try {
      Platform.runLater(() -> {});
      return false;
    } catch (IllegalStateException notStarted) {
      Thread.ofPlatform().name("lariat javafx launcher").start(Toolkit::launchHere);
    }
    try {
      STARTED.join();
      return true;
    } catch (CompletionException failed) {
      Throwable why = Objects.requireNonNull(failed.getCause());
      throw new IllegalStateException("JavaFX cannot be started: " + why.getMessage(), why);
    }
  }

  private static void launchHere() {
    try {
      launch(Toolkit.class);
    } catch (Throwable error) {
      STARTED.completeExceptionally(error);
    } finally {
      EXITED.complete(null);
    }
  }

  /**
   * Exits JavaFX, which {@link #start} has started, and waits for that. Any thread but JavaFX's.
   */
  public static void exit() {
    Platform.exit();
    EXITED.join();
  }

  /**
   * Runs something on JavaFX's thread, and returns when that has begun: {@code runLater} does not
   * say that JavaFX has exited.
   *
   * @param action what to run
   * @throws IllegalStateException if JavaFX has exited
   */
  public static void execute(Runnable action) {
    CountDownLatch begun = new CountDownLatch(1);
    Platform.runLater(() -> {
      begun.countDown();
      action.run();
    });
    boolean interrupted = false;
    while (begun.getCount() > 0) {
      try {
        if (!begun.await(1, TimeUnit.SECONDS) && !isAlive()) {
          throw new IllegalStateException(
              "JavaFX has exited, and cannot be started again in this process. To run several"
                  + " applications one after the other, call Platform.setImplicitExit(false) first.");
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isAlive() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("JavaFX Application Thread"));
  }

  /**
   * Has an application ended before JavaFX exits. JavaFX's thread.
   *
   * @param application an attached one
   */
  public static void endBeforeExit(HostApplication application) {
    APPLICATIONS.removeIf(other -> other.getLoop().isClosed());
    APPLICATIONS.add(application);
  }

  @Override
  public void start(Stage unused) {
    STARTED.complete(null);
  }

  @Override
  public void stop() {
    List.copyOf(APPLICATIONS).forEach(HostApplication::close);
  }
}
