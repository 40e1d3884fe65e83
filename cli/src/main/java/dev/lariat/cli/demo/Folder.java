package dev.lariat.cli.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the tree, and the sums of everything below it.
 *
 * <p>What says which directory it is never changes, so any thread may read it. The sums belong to
 * the loop's thread.
 */
final class Folder {
  final @Nullable Folder parent;

  /**
   * Tells directories apart, whatever path leads to them; null where the system has no such thing.
   */
  final @Nullable Object key;

  /** The file system the directory is on; null where the system does not tell. */
  final @Nullable Object device;

  private final Path name;

  /** What part of the whole tree this is, by a guess that is corrected as the tree is read. */
  double share;

  long files;
  long bytes;

  Folder(@Nullable Folder parent, Path name, @Nullable Object key, @Nullable Object device) {
    this.parent = parent;
    this.name = name;
    this.key = key;
    this.device = device;
  }

  Path path() {
    return parent == null ? name : parent.path().resolve(name);
  }

  /** The path from the root of the tree; empty for the root itself. */
  Path relativePath() {
    if (parent == null) {
      return Path.of("");
    }
    return parent.relativePath().resolve(name);
  }

  /** Whether {@code other} is this directory or one that leads to it. */
  boolean isInside(Object other) {
    for (Folder folder = this; folder != null; folder = folder.parent) {
      if (other.equals(folder.key)) {
        return true;
      }
    }
    return false;
  }
}
