package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.*;

import dev.lariat.TaskGroup;
import dev.lariat.sync.Semaphore;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the files below a directory whose names contain a text. Knows no toolkit: what it finds it
 * tells a {@link Listener}, on the loop's thread, which is the toolkit's. So the listener may touch
 * widgets.
 *
 * <p>A task for each directory; not more than {@code READERS} of them read at a time, each in a
 * thread that may block.
 */
public final class FileSearch {
  /** Who is told, on the loop's thread. */
  public interface Listener {
    /**
     * Files were found.
     *
     * @param directory the directory
     * @param files what is in it
     */
    void found(Path directory, List<Path> files);

    /**
     * A directory could not be read, or a file not even asked whether it is a directory. The search
     * goes on.
     *
     * @param path the directory, or the file
     * @param error why
     */
    void failed(Path path, IOException error);

    /**
     * A directory has been read.
     *
     * @param read how many have been
     * @param known how many are known so far, these included
     */
    void progress(int read, int known);
  }

  private static final int READERS = 4;

  private final Path root;
  private final String text;
  private final Listener listener;
  private final Semaphore readers = new Semaphore(READERS);
  private int read;
  private int known;

  /**
   * Makes a search; {@link #run} runs it.
   *
   * @param root where to begin
   * @param text what a name must contain, in whatever case
   * @param listener who is told
   */
  public FileSearch(Path root, String text, Listener listener) {
    this.root = root;
    this.text = text.toLowerCase(Locale.ROOT);
    this.listener = listener;
  }

  /**
   * Runs the search to its end.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; no thread reads any more when it returns,
   * and the listener is told nothing more.
   */
  public void run() {
    taskGroup(group -> {
      start(group, root);
    });
  }

  private void start(TaskGroup group, Path directory) {
    known++;
    group.createTask(() -> search(group, directory));
  }

  private void search(TaskGroup group, Path directory) {
    Listing listing;
    try {
      // Cancellable while it waits for its turn, and while the thread reads, which is interrupted.
      listing = readers.withPermit(() -> toThread(() -> read(directory)));
    } catch (IOException error) {
      listing = new Listing();
      listing.failures.put(directory, error);
    }
    // From here on nothing suspends.
    if (!listing.matches.isEmpty()) {
      listener.found(directory, listing.matches);
    }
    listing.failures.forEach(listener::failed);
    listing.directories.forEach(inner -> start(group, inner));
    read++;
    listener.progress(read, known);
  }

  // -- in the thread that may block --------------------------------------------------------------

  private static final class Listing {
    final List<Path> directories = new ArrayList<>();
    final List<Path> matches = new ArrayList<>();
    final Map<Path, IOException> failures = new LinkedHashMap<>();
  }

  private Listing read(Path directory) throws IOException {
    Listing listing = new Listing();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().toLowerCase(Locale.ROOT).contains(text)) {
          listing.matches.add(entry);
        }
        if (isDirectory(entry, listing)) {
          listing.directories.add(entry);
        }
      }
    } catch (DirectoryIteratorException wrapped) {
      throw wrapped.getCause();
    }
    return listing;
  }

  private static boolean isDirectory(Path entry, Listing listing) {
    try {
      return Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isDirectory();
    } catch (IOException error) {
      listing.failures.put(entry, error);
      return false;
    }
  }
}
