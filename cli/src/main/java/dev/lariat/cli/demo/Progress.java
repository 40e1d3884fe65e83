package dev.lariat.cli.demo;

import static dev.lariat.Asyncio.*;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Draws a line that says how far a scan is, over and over, at the same place of a terminal. */
final class Progress {
  private static final Duration REDRAW = Duration.ofMillis(100);
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final int BAR = 20;

  private final Scan scan;
  private final PrintWriter terminal;

  Progress(Scan scan, PrintWriter terminal) {
    this.scan = scan;
    this.terminal = terminal;
  }

  /**
   * Draws until it is cancelled.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes, and ends in no other way; the line is
   * erased.
   */
  void run() {
    try {
      while (true) {
        print(line());
        sleep(REDRAW); // Cancellable: the timer goes, too.
      }
    } finally {
      print(""); // Nothing here suspends, so no further cancellation can get in the way.
    }
  }

  private void print(String line) {
    terminal.print(ERASE_LINE + line);
    terminal.flush();
  }

  /**
   * At most 79 columns, for a terminal wraps what is longer, and the next line would not erase it.
   */
  String line() {
    int full = (int) (scan.progress() * BAR);
    Tally tally = scan.tally();
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d %%  %,d directories  %,d files  %s",
        "#".repeat(full),
        ".".repeat(BAR - full),
        (int) (scan.progress() * 100),
        tally.directories,
        tally.files,
        Summary.size(tally.bytes));
  }
}
