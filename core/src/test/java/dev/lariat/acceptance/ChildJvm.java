package dev.lariat.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM that runs a program of the tests, and what it prints. Killed when closed. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  /** Starts {@code main} with {@code options} for the JVM and {@code args} for the program. */
  public ChildJvm(Class<?> main, List<String> options, String... args) {
    this(command(main, options, args));
  }

  private ChildJvm(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output = process.inputReader();
  }

  /** Starts {@code main} as a shell that ignores a signal does. */
  public static ChildJvm ignoring(String signal, Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "trap '' " + signal + "; exec \"$@\"", "sh"));
    command.addAll(command(main, List.of(), args));
    return new ChildJvm(command);
  }

  private static List<String> command(Class<?> main, List<String> options, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // it starts faster
    command.addAll(
        List.of("--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED")); // Lariat's two options
    command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** Waits until the program prints {@code line}; what it printed before is dropped. */
  public void awaitLine(String line) throws IOException {
    List<String> before = new ArrayList<>();
    for (String next = output.readLine(); !line.equals(next); next = output.readLine()) {
      assertThat(next).as("the output ended before %s, after %s", line, before).isNotNull();
      before.add(next);
    }
  }

  /** Sends Ctrl-C's signal. */
  public void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What the program prints up to its end. */
  public List<String> rest() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String next = output.readLine(); next != null; next = output.readLine()) {
      lines.add(next);
    }
    return lines;
  }

  public int exitValue() throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the program ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
