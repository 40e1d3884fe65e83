package dev.lariat.swing;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import java.awt.EventQueue;
import java.awt.Toolkit;
import java.awt.event.WindowEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.swing.JFrame;

/** Programs that a test runs in a JVM of their own, because they end it, or break its display. */
final class ChildPrograms {
  record Outcome(int status, String output) {}

  /** Runs {@code program} in a JVM with more options. */
  static Outcome run(String program, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env", // in the background of a script, Ctrl-C is ignored, and children inherit
                // that
                "--default-signal=INT",
                System.getProperty("java.home") + "/bin/java",
                "--add-exports",
                "java.base/jdk.internal.vm=ALL-UNNAMED",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of(ChildPrograms.class.getName(), program));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Outcome(process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1, output);
    } finally {
      process.destroyForcibly();
    }
  }

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "headless" -> Swing.run(() -> {});
      case "ends by itself" -> endsByItself();
      case "exit on close" -> Swing.run(() -> exitOnClose());
      case "exit on close, attached" ->
          Swing.attach(ApplicationOptions.DEFAULT, () -> exitOnClose());
      case "Ctrl-C" -> ctrlC();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Nothing but windows and Lariat keeps the JVM alive, and in the end nothing does. */
  private static void endsByItself() {
    Swing.run(
        ApplicationOptions.DEFAULT.withKeepRunning(false),
        () -> {
          JFrame frame = new JFrame();
          frame.setVisible(true);
          sleep(Duration.ofMillis(10));
          frame.dispose();
        });
    HostApplication application =
        Swing.attach(
            ApplicationOptions.DEFAULT,
            () -> {
              sleep(Duration.ofMillis(1500)); // AWT would have ended its thread by now
              System.out.println("attached");
            });
    application
        .getLoop()
        .callSoonThreadsafe(() -> {
          createTask(() -> {
            sleep(Duration.ofMillis(1600));
            HostApplication.current().quit();
          });
        });
    System.out.println("main ends");
  }

  /** A thread would keep the JVM alive, and another window is open. */
  private static void exitOnClose() {
    new Thread(
            () -> {
              try {
                Thread.sleep(Duration.ofMinutes(1));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            })
        .start();
    new JFrame("another").setVisible(true);
    JFrame frame = new JFrame();
    frame.setDefaultCloseOperation(JFrame.EXIT_ON_CLOSE);
    frame.setVisible(true);
    createTask(() -> {
      try {
        sleep(Duration.ofHours(1));
      } finally {
        sleep(Duration.ofMillis(10));
        System.out.println("task ended in good order");
      }
    });
    EventQueue queue = Toolkit.getDefaultToolkit().getSystemEventQueue();
    createTask(() -> queue.postEvent(new WindowEvent(frame, WindowEvent.WINDOW_CLOSING)));
  }

  private static void ctrlC() {
    try {
      Swing.run(
          ApplicationOptions.DEFAULT.withHandleSigint(true),
          () -> {
            createTask(() -> {
              new ProcessBuilder("kill", "-INT", "" + ProcessHandle.current().pid()).start();
            });
            try {
              sleep(Duration.ofMinutes(1));
            } finally {
              System.out.println("unwound");
            }
          });
    } catch (dev.lariat.KeyboardInterrupt interrupt) {
      System.out.println("interrupted");
    }
  }

  private ChildPrograms() {}
}
