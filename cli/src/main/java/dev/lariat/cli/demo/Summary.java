package dev.lariat.cli.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says in lines of text what came of a scan. */
final class Summary {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Summary() {}

  /** The table of the largest directories, the totals, and what was left out. */
  static List<String> lines(Scan scan, int top, Duration elapsed) {
    Folder root = scan.root();
    List<String> lines = new ArrayList<>();
    lines.add(String.format("%11s %8s %12s  %s", "Size", "Share", "Files", "Directory"));
    for (Folder folder : scan.largest(top)) {
      lines.add(row(folder, root, folder.relativePath()));
    }
    lines.add(row(root, root, root.path()));
    lines.add("");
    lines.addAll(remarks(scan, elapsed));
    return lines;
  }

  private static String row(Folder folder, Folder root, Path path) {
    double share = root.bytes == 0 ? 100 : 100.0 * folder.bytes / root.bytes;
    return String.format(
        Locale.ROOT,
        "%11s %6.1f %% %,12d  %s",
        size(folder.bytes),
        share,
        folder.files,
        printable(path));
  }

  private static List<String> remarks(Scan scan, Duration elapsed) {
    Tally tally = scan.tally();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s in %s, read in %.1f s.",
            count(tally.files, "file", "files"),
            count(tally.directories, "directory", "directories"),
            elapsed.toMillis() / 1000.0));
    if (scan.waiting() > 0) {
      lines.add(
          "Still to be read: "
              + count(scan.waiting(), "directory", "directories")
              + ", and what is in them.");
    }
    if (tally.links > 0) {
      String loops = tally.loops == 0 ? "" : ", of which " + tally.loops + " in a loop";
      lines.add(
          "Not followed: " + count(tally.links, "symbolic link", "symbolic links") + loops + ".");
    }
    if (tally.mounts > 0) {
      lines.add(
          "Not entered: " + count(tally.mounts, "other file system", "other file systems") + ".");
    }
    if (tally.unreadable > 0) {
      String where =
          scan.unreadable().stream().map(Summary::printable).collect(Collectors.joining(", "));
      lines.add(
          "Not readable: " + count(tally.unreadable, "entry", "entries") + " (in " + where + ").");
    }
    if (tally.vanished > 0) {
      lines.add("Vanished meanwhile: " + count(tally.vanished, "entry", "entries") + ".");
    }
    return lines;
  }

  private static String count(long count, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
  }

  /** A number of bytes in the largest unit that leaves something before the point. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes / 1024.0;
    int unit = 0;
    while (value >= 1023.95 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /** A name may hold anything, also what moves a terminal's cursor. */
  static String printable(Path path) {
    return path.toString().replaceAll("\\p{Cntrl}", "?");
  }
}
