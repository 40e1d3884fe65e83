package dev.lariat.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoCommandTest {
  @TempDir Path tree;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeTree() throws IOException {
    Files.createDirectories(tree.resolve("a/b"));
    Files.write(tree.resolve("a/b/file"), new byte[2048]);
    Files.write(tree.resolve("file"), new byte[2048]);
  }

  private int demo(Object... arguments) {
    return new CommandLine(new DemoCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
  }

  @Test
  void printsATableAndNoProgressWhereThereIsNoTerminal() throws IOException {
    assertThat(demo(tree, "--top", "1", "--limit", "2")).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines)
        .startsWith(
            "       Size    Share        Files  Directory",
            "    2.0 KiB   50.0 %            1  a",
            "    4.0 KiB  100.0 %            2  " + tree.toRealPath(),
            "")
        .hasSize(5);
    assertThat(lines.getLast()).matches("2 files in 3 directories, read in \\d+\\.\\d s\\.");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithAnArgument() {
    assertThat(demo(tree.resolve("nothing"))).isEqualTo(2);
    assertThat(demo(tree.resolve("file"))).isEqualTo(2);
    assertThat(demo(tree, "--limit", "0")).isEqualTo(2);
    assertThat(demo(tree, "--top", "-1")).isEqualTo(2);
    assertThat(demo(tree, "--limit", "many")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "there is no directory " + tree.resolve("nothing"),
            tree.resolve("file") + " is not a directory",
            "--limit must be at least 1, not 0",
            "--top must not be negative: -1",
            "'many' is not an int");
    assertThat(out.toString()).isEmpty();
  }

  /** The command as it is, but for a directory named slow: that takes for ever. */
  static final class Slow {
    private Slow() {}

    public static void main(String[] args) {
      Scan.Reader reader =
          folder -> {
            if (folder.path().endsWith("slow")) {
              System.err.println("reading slow");
              new CountDownLatch(1).await();
            }
            return Listing.read(folder);
          };
      System.exit(new CommandLine(new DemoCommand(reader)).execute(args));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void reportsWhatWasDoneWhenCtrlCIsPressed() throws Exception {
    Assumptions.assumeFalse(interruptsAreIgnored(), "SIGINT is ignored, and so it is in children");
    Files.createDirectories(tree.resolve("slow"));
    String root = tree.toRealPath().toString();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Slow.class.getName(),
                tree.toString(),
                "--limit=1")
            .start();
    try (BufferedReader stderr = process.errorReader()) {
      assertThat(stderr.readLine()).isEqualTo("reading slow");
      assertThat(new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor()).isZero();

      List<String> lines = process.inputReader().lines().toList();

      assertThat(stderr.lines()).isEmpty();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
      assertThat(lines)
          .contains(
              "Interrupted. This is what was read until then.",
              "       Size    Share        Files  Directory")
          .anyMatch(line -> line.endsWith(root))
          .anyMatch(line -> line.startsWith("Still to be read: "));
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * As in a background job of a shell without job control: there the JVM leaves the signal alone.
   */
  private static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .substring("SigIgn:".length())
            .strip();
    return (Long.parseUnsignedLong(ignored, 16) & 2) != 0;
  }
}
