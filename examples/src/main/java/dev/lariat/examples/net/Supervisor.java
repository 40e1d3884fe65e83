package dev.lariat.examples.net;

import static dev.lariat.Asyncio.*;
import static dev.lariat.process.Subprocess.createSubprocessExec;

import dev.lariat.CancelledError;
import dev.lariat.ReturnWhen;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.net.LimitOverrunException;
import dev.lariat.net.StreamReader;
import dev.lariat.process.Process;
import dev.lariat.process.Stdio;
import dev.lariat.process.SubprocessOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Starts programs, starts them again when they end, shows what they write, and ends them in order:
 * on Ctrl-C or SIGTERM the one that was started last is ended first, and when it is gone the one
 * before it.
 *
 * <p>A program is a line of a file, {@code NAME: COMMAND}. There is no shell, so that a signal
 * reaches the program itself; {@code sh -c '...'} is a command as any other.
 *
 * <p><b>Read this one for cancellation.</b> Ctrl-C cancels the main task, as a {@link
 * CancelledError} thrown by the await that it is in. From there on everything is ordinary Java:
 * {@code catch} and {@code finally}, which may await in turn. Each await says what a cancellation
 * does to it.
 *
 * <p>Run it with {@code ./lariat demo supervisor FILE}.
 */
final class Supervisor {
  /**
   * A program to be kept running.
   *
   * @param name what it is called
   * @param command the program and its arguments
   */
  record Service(String name, List<String> command) {
    private static final Pattern LINE = Pattern.compile("\\s*([\\w.-]+)\\s*:\\s*(\\S.*?)\\s*");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    static Service of(String line) {
      var match = LINE.matcher(line);
      if (!match.matches()) {
        throw new IllegalArgumentException("a line is NAME: COMMAND, not " + line);
      }
      return new Service(
          match.group(1), WORD.matcher(match.group(2)).results().map(Service::word).toList());
    }

    private static String word(MatchResult match) {
      for (int quotes = 1; quotes <= 2; quotes++) {
        if (match.group(quotes) != null) {
          return match.group(quotes);
        }
      }
      return match.group(3);
    }
  }

  /**
   * How long things may take.
   *
   * @param pause before a program is started again; twice as long each time
   * @param longestPause the longest of these
   * @param healthy a program that has run so long begins with the first pause again
   * @param grace how long a program may take to end when it is asked to; then it is killed
   */
  record Patience(Duration pause, Duration longestPause, Duration healthy, Duration grace) {
    static final Patience USUAL =
        new Patience(
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));
  }

  /**
   * Each program has a session of its own, where the program {@code setsid} gives one. A terminal
   * sends Ctrl-C to all programs of its session at once, and then they would end in no order.
   */
  private static final SubprocessOptions PIPED =
      SubprocessOptions.DEFAULT
          .withStdin(Stdio.DEVNULL)
          .withStdout(Stdio.PIPE)
          .withStderr(Stdio.STDOUT)
          .withStartNewSession(System.getProperty("os.name").equals("Linux"));

  /** For what a program wrote last; its own children may have the pipe, and keep it open. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final List<Service> services;
  private final Patience patience;
  private final boolean colours;
  private final int width;

  Supervisor(List<Service> services, Patience patience, boolean colours) {
    this.services = services;
    this.patience = patience;
    this.colours = colours;
    this.width = services.stream().mapToInt(service -> service.name().length()).max().orElse(0);
  }

  static void main(String[] args) {
    Terminal.run(() -> {
      if (args.length != 1) {
        throw new IllegalArgumentException("arguments: FILE, with lines NAME: COMMAND");
      }
      List<Service> services =
          // Cancelled: nothing has been started yet; the thread reads to the end by itself.
          toThread(() -> Files.readAllLines(Path.of(args[0]))).stream()
              .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
              .map(Service::of)
              .toList();
      if (services.isEmpty()) {
        throw new IllegalArgumentException(args[0] + " names no program");
      }
      new Supervisor(services, Patience.USUAL, Terminal.isInteractive()).run();
    });
  }

  /** Runs until it is cancelled. */
  void run() {
    List<Task<Void>> tasks = new ArrayList<>();
    try {
      for (Service service : services) {
        tasks.add(createTask(() -> keepRunning(service)));
      }
      // Cancelled: this is where Ctrl-C arrives. The tasks are not cancelled with it, as those of
      // a task group or of gather would be, all at once: they are to end one after the other.
      var ended = waitFutures(tasks, null, ReturnWhen.FIRST_COMPLETED);
      ended.done().forEach(task -> task.result()); // throws: by itself a task ends by a defect only
    } finally {
      for (Task<Void> task : tasks.reversed()) {
        task.cancel();
        // Cancelled: by nobody. The main task has been, and that was thrown: this await is a new
        // one. A second Ctrl-C does not cancel, it ends the loop, which then kills all children.
        waitFutures(List.of(task));
      }
    }
  }

  private void keepRunning(Service service) {
    Duration pause = patience.pause();
    while (true) {
      Duration start = getRunningLoop().time();
      String end = runOnce(service);
      Duration lived = getRunningLoop().time().minus(start);
      pause = lived.compareTo(patience.healthy()) < 0 ? pause : patience.pause();
      tell(service, end + "; starting again in " + pause.toMillis() + " ms");
      // Cancelled: nothing runs, so there is nothing to end.
      sleep(pause);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(patience.longestPause()) < 0 ? pause : patience.longestPause();
    }
  }

  /** Runs the program to its end, and says how it ended. */
  private String runOnce(Service service) {
    String program = service.command().getFirst();
    String[] args = service.command().stream().skip(1).toArray(String[]::new);
    // Cancelled: if the program is being started just now, it is killed, and waited for; nothing
    // is left that anybody would have to know of.
    try (Process process = createSubprocessExec(PIPED, program, args)) {
      tell(service, "started, process " + process.pid());
      Task<Void> tailing = createTask(() -> tail(service, process.stdout()));
      try {
        // Cancelled: the program goes on, and it is for the catch clause to end it.
        int status = process.await();
        return status < 0 ? "killed by signal " + -status : "ended with status " + status;
      } catch (CancelledError stopped) {
        end(service, process);
        throw stopped; // or the caller would start it again
      } finally {
        // Cancelled: by nobody, as in run(). A timeout of waitFutures cancels nothing either, so
        // the task is, after it.
        waitFutures(List.of(tailing), LAST_WORDS, ReturnWhen.ALL_COMPLETED);
        tailing.cancel();
      }
    } catch (IOException error) {
      return "not started: " + error.getMessage();
    }
  }

  private void end(Service service, Process process) {
    process.terminate();
    try {
      // Cancelled: by the timeout alone, which makes a TimeoutException of it.
      int status = timeout(patience.grace(), () -> process.await());
      tell(service, "terminated, status " + status);
    } catch (TimeoutException stubborn) {
      tell(service, "does not end, and is killed");
      process.kill();
      // Cancelled: by nobody, and it takes no time worth the name.
      process.await();
    }
  }

  private void tail(Service service, StreamReader output) {
    while (true) {
      try {
        // Cancelled: in the midst of a line, which stays in the reader; nobody will read it.
        for (String line : output) {
          print(service, line);
        }
        return;
      } catch (LimitOverrunException tooLong) {
        tell(service, "wrote a line that is too long to show");
      } catch (UncheckedIOException broken) {
        tell(service, "cannot be read any more: " + broken.getMessage());
        return;
      }
    }
  }

  private void tell(Service service, String news) {
    print(service, "-- " + news);
  }

  private void print(Service service, String line) {
    String name = service.name() + " ".repeat(width - service.name().length()) + " | ";
    int colour = 31 + services.indexOf(service) % 6;
    IO.println(colours ? "\u001b[" + colour + "m" + name + "\u001b[m" + line : name + line);
  }
}
