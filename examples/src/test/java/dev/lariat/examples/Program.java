package dev.lariat.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program in a JVM of its own, run as a user would run it. Everything here blocks. */
public final class Program implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final Writer input;
  private final List<String> lines = new ArrayList<>();

  private Program(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // A test that takes too long is left where it waits, and closes nothing.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    output = process.inputReader(StandardCharsets.UTF_8);
    input = process.outputWriter(StandardCharsets.UTF_8);
  }

  public static Program start(Class<?> main, String... args) throws IOException {
    // What a script starts in the background ignores SIGINT, and so would this.
    List<String> command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("--enable-native"))
        .forEach(command::add);
    command.add("-cp");
    String classPath = System.getProperty("surefire.test.class.path");
    command.add(classPath == null ? System.getProperty("java.class.path") : classPath);
    command.add(main.getName());
    command.addAll(List.of(args));
    return new Program(command);
  }

  /** Reads on until a line has something of this pattern in it. */
  public Matcher awaitLine(String pattern) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      Matcher matcher = Pattern.compile(pattern).matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new AssertionError("the program has ended without " + pattern + ": " + lines);
  }

  /** The number in the next line that has this before it. */
  public int awaitNumber(String before) throws IOException {
    return Integer.parseInt(awaitLine(Pattern.quote(before) + "(\\d+)").group(1));
  }

  public void type(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  public void endInput() throws IOException {
    input.close();
  }

  /** Sends a signal, as {@code "TERM"}. */
  public void signal(String name) throws IOException, InterruptedException {
    kill(name, "" + process.pid());
  }

  /** Sends SIGINT as a terminal does: to the program, and to all that runs in its session. */
  public void typeCtrlC() throws IOException, InterruptedException {
    kill("INT", "-" + process.pid());
  }

  private static void kill(String name, String whom) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "--", whom).inheritIO().start().waitFor();
  }

  /** Reads what is left, waits for the end, and gives the status. */
  public int awaitEnd() throws InterruptedException {
    output.lines().forEach(lines::add);
    return process.waitFor();
  }

  /** All lines that have been read. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      output.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
