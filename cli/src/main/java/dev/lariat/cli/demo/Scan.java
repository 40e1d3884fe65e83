package dev.lariat.cli.demo;

import static dev.lariat.Asyncio.*;

import dev.lariat.TaskGroup;
import dev.lariat.sync.Semaphore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sums up the sizes of all files in a directory tree, reading many directories at once.
 *
 * <p>Each directory is a task of one task group. It waits for a permit of the semaphore, reads the
 * directory in another thread, and makes a task for each directory it finds: there may be a hundred
 * thousand tasks, but never more than {@code limit} threads that read.
 *
 * <p>The sums are touched by the loop's thread alone, between one await and the next. So there is
 * no lock here, and they are right at every moment: also for a progress bar, and after a
 * cancellation.
 */
final class Scan {
  /** Reads one directory; blocks. */
  @FunctionalInterface
  interface Reader {
    Listing read(Folder folder) throws InterruptedException;
  }

  private static final int EXAMPLES = 3;

  private final Folder root;
  private final Reader reader;
  private final Semaphore reading;
  private final List<Folder> folders = new ArrayList<>();
  private final List<Path> unreadable = new ArrayList<>();
  private final Set<Object> seenShared = new HashSet<>();
  private final Tally tally = new Tally();
  private long waiting;
  private double done;

  /**
   * Makes a scan; {@link #run} runs it.
   *
   * @param root where the tree begins
   * @param limit how many directories to read at once, at least 1
   * @param reader what reads a directory: {@code Listing::read}
   */
  Scan(Folder root, int limit, Reader reader) {
    this.root = root;
    this.reader = reader;
    this.reading = new Semaphore(limit);
    root.share = 1;
  }

  /**
   * Scans the tree.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; nothing is read any more, and the sums are
   * those of what was read.
   */
  void run() {
    // Cancellable: the group cancels its tasks and waits for them, then throws.
    taskGroup(group -> {
      start(group, root);
    });
  }

  private void start(TaskGroup group, Folder folder) {
    folders.add(folder);
    waiting++;
    group.createTask(() -> scan(group, folder));
  }

  private void scan(TaskGroup group, Folder folder) throws InterruptedException {
    // Cancellable, in two places. While it waits for the permit: it leaves the line, and no permit
    // is lost. While it waits for the thread: the thread is interrupted and the permit given back.
    // Either way nothing has been added up yet.
    Listing listing = reading.withPermit(() -> toThread(() -> reader.read(folder)));

    // From here to the end nothing suspends: all of this is seen, or nothing.
    waiting--;
    addUp(folder, listing);
    for (Folder child : listing.folders) {
      start(group, child);
    }
  }

  private void addUp(Folder folder, Listing listing) {
    for (Listing.SharedFile file : listing.sharedFiles) {
      if (seenShared.add(file.key())) {
        listing.tally.files++;
        listing.tally.bytes += file.bytes();
      }
    }
    tally.add(listing.tally);
    for (Folder f = folder; f != null; f = f.parent) {
      f.files += listing.tally.files;
      f.bytes += listing.tally.bytes;
    }
    if (listing.tally.unreadable > 0 && unreadable.size() < EXAMPLES) {
      unreadable.add(folder.path());
    }
    double share = folder.share / (listing.folders.size() + 1);
    listing.folders.forEach(child -> child.share = share);
    done += share;
  }

  // -- what came of it ---------------------------------------------------------------------------

  /** {@return the sums until now} */
  Tally tally() {
    return tally;
  }

  /** {@return the directory the tree begins at} */
  Folder root() {
    return root;
  }

  /** {@return a guess how much is done, from 0 to 1} */
  double progress() {
    return waiting == 0 ? 1 : Math.min(done, 1);
  }

  /** {@return how many directories are known and have not been read} */
  long waiting() {
    return waiting;
  }

  /** {@return where something could not be read: the first few directories} */
  List<Path> unreadable() {
    return unreadable;
  }

  /**
   * The directories with the most bytes in and below them, but for the root.
   *
   * @param count how many
   * @return the largest first
   */
  List<Folder> largest(int count) {
    return folders.stream()
        .filter(folder -> folder.parent != null && folder.bytes > 0)
        .sorted(
            Comparator.comparingLong((Folder folder) -> -folder.bytes)
                .thenComparing(Folder::relativePath))
        .limit(count)
        .toList();
  }
}
