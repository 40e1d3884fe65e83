package dev.lariat.swt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.host.Host;
import dev.lariat.testkit.VirtualTimeHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.junit.jupiter.api.function.Executable;

/** SWT for tests: one thread with one display, as GTK has no more, and real input. */
final class DisplayThread {
  private static final String MISSING =
      "SWT has no display here. Install one with tools/system-packages swt,"
          + " and run the tests by ./lariat test, or under tools/with-display.";

  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("display").factory());

  private DisplayThread() {}

  /** Runs {@code test} on the display's thread, and waits for its end. */
  static void run(Executable test) throws Throwable {
    runWithoutDisplay(() -> {
      Display display = Display.getDefault(); // the one there is, unless a test has disposed of it
      try {
        test.execute();
      } finally {
        if (!display.isDisposed()) {
          for (Shell shell : display.getShells()) {
            shell.dispose();
          }
          while (display.readAndDispatch()) {
            // what the test has left
          }
        }
      }
    });
  }

  /** Likewise, on a thread that SWT could make a display for, but has not. */
  static void runWithout(Executable test) throws Throwable {
    runWithoutDisplay(() -> {
      Display display = Display.getCurrent();
      if (display != null) {
        display.dispose();
      }
      test.execute();
    });
  }

  private static void runWithoutDisplay(Executable test) throws Throwable {
    if (System.getenv("DISPLAY") == null && System.getenv("CI") != null) {
      fail(MISSING);
    }
    assumeTrue(System.getenv("DISPLAY") != null, MISSING);
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    THREAD.execute(() -> {
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

  /** Runs {@code body} as a task on SWT, on the real clock. Nothing may be reported. */
  static void realTime(Action body) throws Throwable {
    task(SwtHost::new, body);
  }

  /** Likewise, on virtual time. */
  static void virtualTime(Action body) throws Throwable {
    task(display -> new VirtualTimeHost(new SwtHost(display)), body);
  }

  private static void task(Function<Display, Host> host, Action body) throws Throwable {
    run(() -> {
      List<ExceptionContext> reports = new ArrayList<>();
      try (EventLoop loop = new EventLoop(host.apply(Display.getCurrent()))) {
        loop.setExceptionHandler((_, report) -> reports.add(report));
        loop.runUntilComplete(body);
      }
      assertEquals(List.of(), reports, "what the loop's exception handler was told");
    });
  }

  /** What a user does: {@code xdotool} with these arguments. Blocks. */
  static void input(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "xdotool";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("xdotool: " + e, e);
    }
  }
}
