package dev.lariat.javafx;

import static dev.lariat.Asyncio.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.stage.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JavaFX starts and exits once a process, so each of these is a process. */
@DisplayName("The beginning and the end of JavaFX")
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaFxExitTest {
  @TempDir Path directory;

  private static void say(Object what) {
    System.out.println(what);
  }

  private static void sleepLong(String name) {
    try {
      sleep(Duration.ofHours(1));
    } finally {
      say(name + " is unwound");
    }
  }

  private static Stage show() {
    Stage stage = new Stage();
    stage.setScene(new Scene(new Label("a window"), 200, 100));
    stage.show();
    return stage;
  }

  // -- run ---------------------------------------------------------------------------------------

  static final class RunOnce {
    public static void main(String[] args) {
      say(
          JavaFx.<String>run(
              ApplicationOptions.DEFAULT.withKeepRunning(false),
              () -> {
                sleep(Duration.ofMillis(10));
                return Thread.currentThread().getName();
              }));
      try {
        JavaFx.run(() -> say("not again"));
      } catch (IllegalStateException exited) {
        say(exited.getMessage());
      }
    }
  }

  @Test
  @DisplayName("run starts JavaFX and exits it at the end; the process ends; it cannot run twice")
  void runOnce() throws Exception {
    assertThat(run(RunOnce.class, 0))
        .containsExactly(
            "JavaFX Application Thread",
            "JavaFX has exited, and cannot be started again in this process. To run several"
                + " applications one after the other, call Platform.setImplicitExit(false) first.");
  }

  static final class RunTwice {
    public static void main(String[] args) {
      Platform.setImplicitExit(false);
      for (int i = 0; i < 2; i++) {
        int round = i;
        JavaFx.run(() -> {
          Stage stage = show();
          sleep(Duration.ofMillis(5));
          stage.close();
          say("round " + round);
        });
      }
      Platform.exit();
    }
  }

  @Test
  @DisplayName("run can be called again where implicit exit is off; Platform.exit ends the process")
  void runTwice() throws Exception {
    assertThat(run(RunTwice.class, 0)).containsExactly("round 0", "round 1");
  }

  static final class ExitInTask {
    public static void main(String[] args) {
      JavaFx.run(() -> {
        show();
        createTask(() -> {
          try {
            sleepLong("task");
          } finally {
            sleep(Duration.ofMillis(5)); // cancelled, it may await still
            say("cleaned up");
          }
        });
        sleep(Duration.ofMillis(5));
        Platform.exit();
        sleepLong("main");
      });
      say("run has returned");
    }
  }

  @Test
  @DisplayName(
      "Platform.exit() in a run: the tasks are cancelled and waited for, then JavaFX exits")
  void exitInTask() throws Exception {
    assertThat(run(ExitInTask.class, 0))
        .containsExactlyInAnyOrder(
            "task is unwound", "main is unwound", "cleaned up", "run has returned")
        .endsWith("run has returned");
  }

  static final class ExitInModal {
    public static void main(String[] args) {
      JavaFx.run(
          ApplicationOptions.DEFAULT.withGrace(Duration.ofMillis(50)),
          () -> {
            createTask(() -> {
              sleep(Duration.ofMillis(20));
              Platform.exit();
              sleepLong("task");
            });
            Stage dialog = new Stage();
            modal(dialog::showAndWait);
            say("the dialog is closed");
            sleepLong("main");
          });
      say("run has returned");
    }
  }

  @Test
  @DisplayName("Platform.exit() while a task is in a dialog: that is closed, and the task unwound")
  void exitInModal() throws Exception {
    assertThat(run(ExitInModal.class, 0)) // JavaFX also writes a stack trace of its own
        .containsSubsequence("task is unwound", "the dialog is closed", "main is unwound")
        .contains("Task was destroyed but it is pending!", "run has returned");
  }

  static final class Fails {
    public static void main(String[] args) {
      JavaFx.run(() -> {
        show();
        throw new IllegalStateException("in main");
      });
    }
  }

  @Test
  @DisplayName("a main that fails ends JavaFX and the process, with its stack trace")
  void fails() throws Exception {
    assertThat(String.join("\n", run(Fails.class, 1)))
        .contains("IllegalStateException: in main")
        .doesNotContain("never retrieved");
  }

  static final class NoDisplay {
    public static void main(String[] args) {
      try {
        JavaFx.run(() -> say("started"));
      } catch (IllegalStateException error) {
        say(error.getMessage());
      }
      System.exit(0);
    }
  }

  @Test
  @DisplayName("where JavaFX cannot be started, run says so")
  void noDisplay() throws Exception {
    List<String> output = run(NoDisplay.class, 0, "-Dglass.platform=gtk");
    assertThat(output.getLast()).isEqualTo("JavaFX cannot be started: Unable to open DISPLAY");
  }

  static final class Interrupted {
    public static void main(String[] args) {
      try {
        JavaFx.run(
            ApplicationOptions.DEFAULT.withHandleSigint(true),
            () -> {
              say("running");
              new ProcessBuilder("kill", "-INT", "" + ProcessHandle.current().pid()).start();
              sleepLong("main");
            });
      } catch (KeyboardInterrupt interrupt) {
        say("interrupted");
      }
    }
  }

  @Test
  @DisplayName("Ctrl-C with handleSigint: the tasks are cancelled, run throws, JavaFX exits")
  void sigint() throws Exception {
    assertThat(run(Interrupted.class, 0))
        .containsExactly("running", "main is unwound", "interrupted");
  }

  // -- attached ----------------------------------------------------------------------------------

  /** An application as JavaFX has them. */
  public static final class Attached extends Application {
    private HostApplication tasks;

    @Override
    public void start(Stage stage) {
      tasks =
          JavaFx.attach(() -> {
            stage.setScene(new Scene(new Label("a window"), 200, 100));
            stage.show();
            createTask(() -> sleepLong("task"));
            sleep(Duration.ofMillis(5));
            if (getParameters().getRaw().contains("exit")) {
              Platform.exit();
            } else {
              stage.close();
            }
            sleepLong("main");
          });
    }

    @Override
    public void stop() {
      say("stop");
      tasks.close();
      say("stopped");
    }
  }

  static final class AttachedMain { // java wants more of a main class that is an Application
    public static void main(String[] args) {
      Application.launch(Attached.class, args);
      say("launch has returned");
    }
  }

  @Test
  @DisplayName("attached in Application.start: when its last window is closed JavaFX exits")
  void attachedLastWindow() throws Exception {
    assertThat(run(AttachedMain.class, 0))
        .containsExactlyInAnyOrder(
            "main is unwound", "task is unwound", "stop", "stopped", "launch has returned")
        .containsSubsequence("task is unwound", "stop", "stopped", "launch has returned");
  }

  @Test
  @DisplayName("attached in Application.start, closed in stop: Platform.exit waits for the tasks")
  void attachedExit() throws Exception {
    assertThat(run(AttachedMain.class, 0, "exit"))
        .containsExactlyInAnyOrder(
            "main is unwound", "task is unwound", "stop", "stopped", "launch has returned")
        .containsSubsequence("stop", "task is unwound", "stopped", "launch has returned");
  }

  /** One that forgets to close what it attached. */
  public static final class Forgetful extends Application {
    private static final CountDownLatch CLOSED = new CountDownLatch(1);
    private static EventLoop loop;

    @Override
    public void start(Stage stage) {
      loop = JavaFx.attach();
      loop.attachment(AutoCloseable.class, _ -> CLOSED::countDown);
      createTask(() -> sleepLong("task")).setName("forgotten");
      createTask(() -> {
        sleep(Duration.ofMillis(5));
        Platform.exit();
      });
    }
  }

  static final class ForgetfulMain {
    public static void main(String[] args) throws InterruptedException {
      Application.launch(Forgetful.class, args);
      EventLoop loop = Forgetful.loop;
      Forgetful.CLOSED.await(); // what is attached to the loop, when another thread has noticed
      try {
        loop.callSoonThreadsafe(() -> say("never"));
      } catch (IllegalStateException closed) {
        say(closed.getMessage());
      }
    }
  }

  @Test
  @DisplayName(
      "a loop that is not closed before JavaFX exits is, and what is lost reported, by name")
  void forgetful() throws Exception {
    List<String> output = run(ForgetfulMain.class, 0);
    assertThat(String.join("\n", output))
        .contains("the JavaFX application thread has ended")
        .contains("forgotten")
        .doesNotContain("unwound");
    assertThat(output.getLast()).isEqualTo("Event loop is closed");
  }

  static final class StartedByOthers {
    public static void main(String[] args) throws InterruptedException {
      CountDownLatch up = new CountDownLatch(1);
      Platform.startup(up::countDown);
      up.await();
      try {
        JavaFx.run(() -> {
          createTask(() -> {
            sleep(Duration.ofMillis(5));
            Platform.exit();
          });
          sleepLong("main");
        });
      } catch (IllegalStateException error) {
        say(error.getMessage());
      }
    }
  }

  @Test
  @DisplayName("run where others have started JavaFX: when they exit it run ends, and says so")
  void startedByOthers() throws Exception {
    List<String> output = run(StartedByOthers.class, 0);
    assertThat(String.join("\n", output)).contains("Lost are").contains("main");
    assertThat(output.getLast()).contains("before the application ended");
  }

  static final class ExitInNestedRun {
    public static void main(String[] args) throws InterruptedException {
      CountDownLatch end = new CountDownLatch(1);
      Platform.startup(() -> {
        try {
          JavaFx.run(() -> {
            createTask(() -> sleepLong("task"));
            // From this thread JavaFX would wait for its own nested event loop, for ever.
            sleep(Duration.ofMillis(5));
            new Thread(Platform::exit).start();
            sleepLong("main");
          });
        } catch (IllegalStateException error) {
          say(error.getMessage());
        }
        end.countDown();
      });
      end.await();
    }
  }

  @Test
  @DisplayName("run on JavaFX's thread: Platform.exit ends it, and its tasks are unwound")
  void exitInNestedRun() throws Exception {
    List<String> output = run(ExitInNestedRun.class, 0);
    assertThat(output)
        .contains("task is unwound", "main is unwound")
        .last()
        .asString()
        .startsWith("JavaFX exits (Platform.exit was called)");
  }

  // -- processes ---------------------------------------------------------------------------------

  /** Runs a program in a process of its own; what it wrote, without JavaFX's warning. */
  private List<String> run(Class<?> program, int exitValue, String... more)
      throws IOException, InterruptedException {
    FxThread.requireDisplay();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.util.logging.SimpleFormatter.format=%5$s%n",
            "-Dglass.platform=" + System.getProperty("glass.platform")));
    List<String> arguments = new ArrayList<>();
    for (String option : more) {
      (option.startsWith("-D") ? command : arguments).add(option);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    Path output = directory.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command);
    if (program == NoDisplay.class) {
      builder.environment().remove("DISPLAY");
    }
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    List<String> lines =
        Files.readAllLines(output, StandardCharsets.UTF_8).stream()
            .filter(line -> !line.contains("Unsupported JavaFX configuration"))
            .toList();
    assertThat(ended).as("ended by itself; it wrote:\n%s", String.join("\n", lines)).isTrue();
    assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(exitValue);
    return lines;
  }
}
