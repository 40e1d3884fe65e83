package dev.lariat.qt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What QtJambi leaves behind. At each start it unpacks its libraries, some 126 MB, into a folder of
 * the temporary directory that has the user's name and the number of the process. It deletes that
 * when the JVM ends in good order, but not when it is killed or crashes.
 */
final class JambiTemporaries {
  private static final Pattern FOLDER = Pattern.compile("QtJambi[\\d.]+_(.*)_(\\d+)");

  private static final AtomicBoolean CLEANED = new AtomicBoolean();

  private JambiTemporaries() {}

  /** Once a process, deletes the folders of those that are gone, if QtJambi is here at all. */
  static void clean() {
    if (CLEANED.getAndSet(true)) {
      return;
    }
    try {
      Class<?> _ =
          Class.forName("io.qt.QtUtilities", false, JambiTemporaries.class.getClassLoader());
    } catch (ClassNotFoundException noJambi) {
      return;
    }
    clean(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** What cannot be deleted stays, for a later start. */
  static void clean(Path directory) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory, "QtJambi*")) {
      for (Path folder : folders) {
        if (isAbandoned(folder)) {
          delete(folder);
        }
      }
    } catch (IOException notListed) {
      // no temporary directory, or no right to read it
    }
  }

  private static boolean isAbandoned(Path folder) {
    Matcher name = FOLDER.matcher(folder.getFileName().toString());
    return name.matches()
        && name.group(1).equals(System.getProperty("user.name"))
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && ProcessHandle.of(Long.parseLong(name.group(2))).isEmpty();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : innermostFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException inUse) {
      // another process may be deleting it
    }
  }
}
