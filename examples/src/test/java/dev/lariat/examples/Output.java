package dev.lariat.examples;

import dev.lariat.EventLoop;
import dev.lariat.host.VirtualTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a program printed, and how much of the loop's time it took.
 *
 * @param lines the lines of the standard output
 * @param elapsed on the virtual clock
 */
public record Output(List<String> lines, Duration elapsed) {

  /** Code that may fail with anything. */
  public interface Program {
    void run() throws Exception;
  }

  /** Runs a program as the main task of a loop on virtual time. */
  public static Output ofTask(Program program) {
    return ofLoop(loop ->
        loop.runUntilComplete(() -> {
          program.run();
          return null;
        }));
  }

  /** Runs a program that is given a loop on virtual time, not running. */
  public static Output ofLoop(Consumer<EventLoop> program) {
    VirtualTime time = new VirtualTime();
    try (EventLoop loop = new EventLoop(time)) {
      List<String> lines = capture(() -> program.accept(loop));
      return new Output(lines, time.now());
    }
  }

  /** Runs a main method as it is: for programs that do not wait for time to pass. */
  public static List<String> ofMain(Program main) {
    return capture(main);
  }

  private static List<String> capture(Program program) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
