package dev.lariat.benchmarks.net;

import dev.lariat.benchmarks.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own, with all its threads on one processor where Linux's {@code taskset} can see to
 * that. It answers each line that it is told with a line.
 */
final class PinnedJvm implements AutoCloseable {
  /** Whether a process can be kept on one processor here. */
  static final boolean POSSIBLE = isPossible();

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;

  PinnedJvm(int processor, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    if (POSSIBLE) {
      command.addAll(List.of("taskset", "-c", Integer.toString(processor % PROCESSORS)));
    }
    String processors = "-XX:ActiveProcessorCount=" + PROCESSORS; // the collector is as it would be
    command.addAll(ChildJvm.command(processors, main, arguments));
    try {
      process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    } catch (IOException error) {
      throw new UncheckedIOException("cannot start a JVM", error);
    }
    answers = process.inputReader();
    commands = process.outputWriter();
  }

  private static boolean isPossible() {
    try {
      return new ProcessBuilder("taskset", "-c", "0", "true")
              .redirectError(Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  /** Its next line. */
  String answer() {
    try {
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("a process of the benchmark has ended");
      }
      return answer;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Says {@code command} to it, and gives its answer. */
  String ask(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return answer();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }
}
