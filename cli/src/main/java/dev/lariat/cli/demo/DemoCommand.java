package dev.lariat.cli.demo;

import static dev.lariat.Asyncio.*;

import dev.lariat.CancelledError;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.Task;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lariat demo}: says what takes up the space in a directory tree. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Say what takes up the space in a directory tree, reading many directories at once.",
      "Ctrl-C ends it early, with what was found until then.",
      "",
      "Sizes are those of the files' contents. A file with several names counts once. Symbolic links are not"
          + " followed, other file systems not entered."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130; // 128 + SIGINT, as shells have it

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}",
      description = "where to begin; the home directory if not given")
  private Path directory;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "32",
      description = "how many directories to read at once (${DEFAULT-VALUE})")
  private int limit;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "20",
      description = "how many of the largest directories to show (${DEFAULT-VALUE})")
  private int top;

  private final Scan.Reader reader;

  /** For picocli. */
  public DemoCommand() {
    this(Listing::read);
  }

  DemoCommand(Scan.Reader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() {
    Scan scan = newScan();
    try {
      run(() -> scanAndReport(scan));
      return 0;
    } catch (KeyboardInterrupt ctrlC) {
      return INTERRUPTED;
    }
  }

  private Scan newScan() {
    if (limit < 1) {
      throw misuse("--limit must be at least 1, not " + limit);
    }
    if (top < 0) {
      throw misuse("--top must not be negative: " + top);
    }
    try {
      return new Scan(Listing.root(directory), limit, reader);
    } catch (NoSuchFileException e) {
      throw misuse("there is no directory " + directory);
    } catch (NotDirectoryException e) {
      throw misuse(directory + " is not a directory");
    } catch (AccessDeniedException e) {
      throw misuse("permission denied: " + directory);
    } catch (IOException e) {
      throw misuse("cannot read " + directory + ": " + e.getMessage());
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /**
   * The main task. Ctrl-C cancels it, and so whatever it awaits.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; it reports what was done so far.
   */
  void scanAndReport(Scan scan) {
    PrintWriter out = spec.commandLine().getOut();
    Duration start = getRunningLoop().time();
    try {
      if (isTerminal()) {
        scanWithProgress(scan, new Progress(scan, out));
      } else {
        scan.run();
      }
    } catch (CancelledError cancelled) {
      out.println("Interrupted. This is what was read until then.");
      throw cancelled;
    } finally {
      Duration elapsed = getRunningLoop().time().minus(start);
      Summary.lines(scan, top, elapsed).forEach(out::println);
      out.flush();
    }
  }

  /** <i>Suspends</i>: always. <i>Cancellable</i>: yes; the scan and the progress line end first. */
  private static void scanWithProgress(Scan scan, Progress progress) {
    taskGroup(group -> {
      Task<Void> drawing = group.createTask(progress::run);
      scan.run();
      drawing.cancel(); // The group waits for it, and lets it go quietly.
    });
  }

  @SuppressWarnings("SystemConsoleNull") // it is null, or not, by version and by configuration
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
