package dev.lariat.examples.gtk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.testkit.Needs;
import dev.lariat.testkit.NeedsLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples without a window, each run in a JVM of its own. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@NeedsLibrary(value = "libgio-2.0.so.0", install = "tools/system-packages gtk")
class ProgramsTest {
  private static List<String> run(List<String> before, Class<?> program, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> output = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as("%s", output).isZero();
    return output;
  }

  @Test
  @DisplayName("do_some_work works for two seconds")
  void doSomeWork() throws Exception {
    long start = System.nanoTime();
    assertThat(run(List.of(), DoSomeWork.class)).containsExactly("done working");
    assertThat(System.nanoTime() - start).isGreaterThan(2_000_000_000L);
  }

  @Test
  @DisplayName("list_files lists the root directory")
  void listFiles() throws Exception {
    List<String> expected;
    try (var files = Files.list(Path.of("/"))) {
      expected = files.map(file -> file.getFileName().toString()).toList();
    }
    assertThat(run(List.of(), ListFiles.class)).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  @DisplayName("session_bus connects to a bus, and calls a method")
  void sessionBus() throws Exception {
    Needs.program("dbus-run-session", "tools/system-packages gtk");
    List<String> output = run(List.of("dbus-run-session", "--"), SessionBus.class);
    // dbus-daemon may complain of its limits first.
    assertThat(output.get(output.size() - 2)).startsWith("connected as :1.");
    assertThat(output.getLast()).startsWith("names: ").contains("org.freedesktop.DBus");
  }
}
