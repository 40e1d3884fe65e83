package dev.lariat.examples.net;

import static dev.lariat.Asyncio.*;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.Task;
import dev.lariat.queue.Channel;
import dev.lariat.queue.Overflow;
import dev.lariat.signal.Signals;
import java.io.Console;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a program at a terminal needs beside its own business. */
public final class Terminal {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final int INTERRUPTED = 128 + 2; // as shells have it: 128, and the signal
  private static final int TERMINATED = 128 + 15;

  private Terminal() {}

  /**
   * Runs a program. Ctrl-C, SIGTERM and the end of the terminal cancel it, so that it ends in good
   * order; what it was given wrong, and what fails outside of it, is a line and an exit status.
   *
   * @param program what to run
   */
  public static void run(Action program) {
    try {
      dev.lariat.Asyncio.run(() -> {
        cancelOn("TERM");
        try {
          cancelOn("HUP");
        } catch (IllegalStateException | IllegalArgumentException none) {
          // nohup has it go on without its terminal; Windows has no such signal
        }
        program.run();
      });
    } catch (KeyboardInterrupt ctrlC) {
      System.exit(INTERRUPTED);
    } catch (CancelledError asked) {
      System.exit(TERMINATED);
    } catch (IllegalArgumentException misuse) {
      throw exit(MISUSED, misuse.getMessage());
    } catch (CompletionException failure) {
      throw switch (failure.getCause()) {
        case NoSuchFileException none -> exit(FAILED, "there is no file " + none.getFile());
        case IOException cause ->
            exit(FAILED, cause.getClass().getSimpleName() + ": " + cause.getMessage());
        case null, default -> failure;
      };
    }
  }

  /**
   * Reads what a program was given. What is wrong with it is a line and an exit status.
   *
   * @param <A> the type of the arguments
   * @param read reads them, or throws an {@link IllegalArgumentException} with that line
   * @param given what the program was given
   * @return the arguments
   */
  public static <A> A arguments(Function<String[], A> read, String... given) {
    try {
      return read.apply(given);
    } catch (IllegalArgumentException misuse) {
      throw exit(MISUSED, misuse.getMessage());
    }
  }

  private static IllegalStateException exit(int status, @Nullable String why) {
    System.err.println(why);
    System.exit(status);
    return new IllegalStateException("the JVM goes on after its end");
  }

  private static void cancelOn(String signal) {
    Task<?> main = Objects.requireNonNull(currentTask());
    Signals.addSignalHandler(getRunningLoop(), signal, main::cancel);
  }

  /**
   * Reads the standard input, in a thread that ends with the JVM: nothing can be done about a
   * thread that waits for a key.
   *
   * @return the lines; closed at the end of the input
   */
  public static Channel<String> keyboard() {
    Channel<String> lines = new Channel<>(1, Overflow.SUSPEND);
    EventLoop loop = getRunningLoop();
    Thread.ofPlatform()
        .daemon()
        .name("keyboard")
        .start(() -> {
          try {
            for (String line = IO.readln(); line != null; line = IO.readln()) {
              String typed = line;
              runCoroutineThreadsafe(() -> lines.send(typed), loop)
                  .join(); // waits while there is no room
            }
            loop.callSoonThreadsafe(lines::close);
          } catch (CompletionException | IllegalStateException end) {
            // nobody wants to know any more what is typed
          }
        });
    return lines;
  }

  /** {@return whether somebody can see what is drawn: the output is no file, and no pipe} */
  @SuppressWarnings("SystemConsoleNull") // it is null, or not, by version and by configuration
  public static boolean isInteractive() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * Reads the number of a port.
   *
   * @param text what was typed
   * @return the number
   * @throws IllegalArgumentException if it is none
   */
  public static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 0xFFFF) {
        return port;
      }
    } catch (NumberFormatException notEvenANumber) {
      // so it is no port
    }
    throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + text);
  }
}
