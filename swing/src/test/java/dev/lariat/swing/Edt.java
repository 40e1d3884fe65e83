package dev.lariat.swing;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.testkit.VirtualTimeHost;
import java.awt.EventQueue;
import java.awt.GraphicsEnvironment;
import java.awt.Window;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** The way of a test to the event dispatch thread. */
final class Edt {
  private Edt() {}

  /** Skips the test where there is no display; in continuous integration it fails instead. */
  static void needDisplay() {
    assumeFalse(
        GraphicsEnvironment.isHeadless() && System.getenv("CI") == null,
        "Swing's tests need a display: ./lariat test installs and starts one, or install xvfb, and"
            + " run under tools/with-display");
  }

  /** Runs {@code main} on a loop of virtual time, on the event dispatch thread. */
  static void runLoop(Action main) throws Throwable {
    run(() -> {
      try (EventLoop loop = new EventLoop(new VirtualTimeHost(new SwingHost()))) {
        loop.runUntilComplete(main);
      }
    });
  }

  /**
   * Runs {@code main} on a loop of real time, for what AWT has to do by itself; ends its windows.
   */
  static void runRealLoop(Action main) throws Throwable {
    run(() -> {
      try (EventLoop loop = new EventLoop(new SwingHost())) {
        loop.runUntilComplete(main);
      } finally {
        Stream.of(Window.getWindows()).forEach(Window::dispose);
      }
    });
  }

  /** Runs {@code test} on the event dispatch thread, and throws what it throws. */
  static void run(Executable test) throws Throwable {
    needDisplay();
    FutureTask<Void> work =
        new FutureTask<>(() -> {
          try {
            test.execute();
          } catch (Exception | Error error) {
            throw error;
          } catch (Throwable error) {
            throw new AssertionError(error);
          }
          return null;
        });
    EventQueue.invokeLater(work);
    try {
      work.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw failure.getCause();
    } catch (TimeoutException hung) {
      throw new AssertionError("the event dispatch thread hangs:\n" + stack(), hung);
    }
  }

  private static String stack() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().startsWith("AWT-EventQueue"))
        .flatMap(entry -> Stream.of(entry.getValue()))
        .map(frame -> "  " + frame)
        .collect(Collectors.joining("\n"));
  }
}
