package dev.lariat.hazards;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class of the tests in a JVM of its own: where a hazard needs other JVM options, much
 * memory, or could take the JVM down with it.
 */
final class ChildJvm {
  static final List<String> LARIAT_OPTIONS =
      List.of(
          "--add-exports",
          "java.base/jdk.internal.vm=ALL-UNNAMED",
          "--add-opens",
          "java.base/java.lang=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED");

  /** How a child ended. */
  record Result(int exit, String output) {
    /** Says it all in a failure: the exit status alone explains nothing. */
    @Override
    public String toString() {
      return "exit " + exit + ", output:\n" + output;
    }
  }

  private ChildJvm() {}

  static Path tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name);
  }

  static Result run(Duration limit, List<String> options, Class<?> main, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(tool("java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return exec(limit, command, "");
  }

  static Result withLariatOptions(
      Duration limit, List<String> more, Class<?> main, String... arguments) throws Exception {
    List<String> options = new ArrayList<>(LARIAT_OPTIONS);
    options.addAll(more);
    return run(limit, options, main, arguments);
  }

  static Result exec(Duration limit, List<String> command, String input) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      CompletableFuture<String> output =
          CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "no end within " + limit + ":\n" + output.get(5, TimeUnit.SECONDS));
      }
      return new Result(process.exitValue(), output.get(5, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String readAll(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(output lost: " + e + ")";
    }
  }
}
