package dev.lariat.cli.demo;

/** What was found and what was left out, in one directory or in all. */
final class Tally {
  long directories;
  long files;
  long bytes;

  /** Symbolic links; none is followed. */
  long links;

  /** Those of the links that lead back to where they are, or to nowhere for ever. */
  long loops;

  /** Directories that could not be read, and entries that could not be looked at. */
  long unreadable;

  /** What was there when its directory was listed, and gone when it was looked at. */
  long vanished;

  /** Directories where another file system begins; none is entered. */
  long mounts;

  void add(Tally other) {
    directories += other.directories;
    files += other.files;
    bytes += other.bytes;
    links += other.links;
    loops += other.loops;
    unreadable += other.unreadable;
    vanished += other.vanished;
    mounts += other.mounts;
  }
}
