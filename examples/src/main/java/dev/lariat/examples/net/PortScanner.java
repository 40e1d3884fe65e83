package dev.lariat.examples.net;

import static dev.lariat.Asyncio.*;
import static dev.lariat.net.Streams.openConnection;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.net.Net;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the ports of a machine that are open, many at a time, and says what it has found also if it
 * is stopped by Ctrl-C. Scan your own machines only.
 *
 * <p>The tasks that try ports take the next number from one counter. They run on one thread, so it
 * is a plain field, as all the others are.
 *
 * <p>Run it with {@code ./lariat demo ports [HOST [FROM-TO [MILLISECONDS]]]}; the last is how long
 * a port may take to answer.
 */
final class PortScanner {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
  private static final int AT_ONCE = 200;
  private static final Duration REDRAW = Duration.ofMillis(100);
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final int BAR = 20;

  private final String host;
  private final int first;
  private final int last;
  private final Duration patience;
  private final boolean interactive = Terminal.isInteractive();

  private final SortedSet<Integer> open = new TreeSet<>();
  private int next;
  private int closed;
  private int silent;
  private int failed;
  private String failure = "";

  PortScanner(String host, int first, int last, Duration patience) {
    this.host = host;
    this.first = first;
    this.last = last;
    this.patience = patience;
    this.next = first;
  }

  static void main(String[] args) {
    Terminal.run(() -> {
      String host = args.length > 0 ? args[0] : "localhost";
      Matcher range = RANGE.matcher(args.length > 1 ? args[1] : "1-1024");
      String patience = args.length > 2 ? args[2] : "500";
      if (args.length > 3 || !range.matches() || !patience.matches("\\d{1,9}")) {
        throw new IllegalArgumentException("arguments: [HOST [FROM-TO [MILLISECONDS]]]");
      }
      int from = Terminal.port(range.group(1));
      int to = range.group(2) == null ? from : Terminal.port(range.group(2));
      if (from > to) {
        throw new IllegalArgumentException("there is no port from " + from + " to " + to);
      }
      String address = Net.getaddrinfo(host, 0).getFirst().getAddress().getHostAddress();
      await(Net.prepare()); // or the first ports would be silent while networking is loaded
      new PortScanner(address, from, to, Duration.ofMillis(Long.parseLong(patience))).run();
    });
  }

  void run() {
    IO.println("Scanning " + host + ", ports " + first + " to " + last);
    String end = "Done";
    try {
      taskGroup(group -> {
        Task<Void> drawing = group.createTask(this::drawProgress);
        scan();
        drawing.cancel();
      });
    } catch (CancelledError ctrlC) {
      end = "Interrupted";
      throw ctrlC;
    } finally {
      IO.println(end + ": " + summary());
    }
  }

  private void scan() {
    taskGroup(group -> {
      for (int i = 0; i < AT_ONCE; i++) {
        group.createTask(() -> {
          while (next <= last) {
            probe(next++);
          }
        });
      }
    });
  }

  private void probe(int port) {
    try {
      timeout(patience, () -> openConnection(host, port)).writer().transport().abort();
      open.add(port);
      IO.println((interactive ? ERASE_LINE : "") + "%5d is open".formatted(port));
    } catch (ConnectException refused) {
      closed++;
    } catch (TimeoutException nothing) {
      silent++;
    } catch (IOException other) {
      failed++;
      failure = " (" + other.getMessage() + ")";
    }
  }

  // -- what it says ------------------------------------------------------------------------------

  private void drawProgress() {
    try {
      while (interactive) {
        IO.print(ERASE_LINE + progress());
        sleep(REDRAW);
      }
    } finally {
      IO.print(interactive ? ERASE_LINE : "");
    }
  }

  private int tried() {
    return open.size() + closed + silent + failed;
  }

  private int all() {
    return last - first + 1;
  }

  String progress() {
    int full = BAR * tried() / all();
    return "[%s%s] %d of %d ports, %d open"
        .formatted("#".repeat(full), ".".repeat(BAR - full), tried(), all(), open.size());
  }

  String summary() {
    return "%d of %d ports tried; %d open %s, %d closed, %d silent, %d failed%s"
        .formatted(tried(), all(), open.size(), open, closed, silent, failed, failure);
  }
}
