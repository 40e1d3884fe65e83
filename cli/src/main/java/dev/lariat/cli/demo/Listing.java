package dev.lariat.cli.demo;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one directory holds. Reading it blocks, so that is done in a thread of its own; nothing that
 * goes wrong with a file or a directory is thrown, it is counted.
 */
final class Listing {
  private static final String ATTRIBUTES =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
          ? "unix:isDirectory,isSymbolicLink,size,fileKey,dev,nlink"
          : "isDirectory,isSymbolicLink,size,fileKey";

  /** Sums of the directory itself; not of those in it. */
  final Tally tally = new Tally();

  final List<Folder> folders = new ArrayList<>();
  final List<SharedFile> sharedFiles = new ArrayList<>();

  /** A file with more than one name; it must not be counted twice. */
  record SharedFile(Object key, long bytes) {}

  /**
   * Reads a directory.
   *
   * @throws InterruptedException soon after the thread was interrupted
   */
  static Listing read(Folder folder) throws InterruptedException {
    Listing listing = new Listing();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.path())) {
      listing.tally.directories++;
      for (Path entry : entries) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        listing.add(folder, entry);
      }
    } catch (DirectoryIteratorException e) {
      listing.noteFailure(e.getCause());
    } catch (IOException e) {
      listing.noteFailure(e);
    }
    return listing;
  }

  /**
   * Makes the folder that a scan starts from.
   *
   * @throws IOException if {@code path} is no directory that can be looked at
   */
  static Folder root(Path path) throws IOException {
    Path real = path.toRealPath();
    Map<String, Object> attributes = attributes(real, NOFOLLOW_LINKS);
    if (!isSet(attributes, "isDirectory")) {
      throw new NotDirectoryException(path.toString());
    }
    try (DirectoryStream<Path> _ = Files.newDirectoryStream(real)) {
      return new Folder(null, real, attributes.get("fileKey"), attributes.get("dev"));
    }
  }

  private void add(Folder folder, Path entry) {
    try {
      Map<String, Object> attributes = attributes(entry, NOFOLLOW_LINKS);
      if (isSet(attributes, "isDirectory")) {
        addFolder(folder, entry, attributes.get("fileKey"), attributes.get("dev"));
      } else if (isSet(attributes, "isSymbolicLink")) {
        tally.links++;
        if (isLoop(folder, entry)) {
          tally.loops++;
        }
      } else {
        addFile(attributes);
      }
    } catch (IOException e) {
      noteFailure(e);
    }
  }

  private void addFolder(Folder parent, Path path, @Nullable Object key, @Nullable Object device) {
    if (device != null && !device.equals(parent.device)) {
      tally.mounts++;
    } else {
      folders.add(new Folder(parent, path.getFileName(), key, device));
    }
  }

  private void addFile(Map<String, Object> attributes) {
    long size = attributes.get("size") instanceof Long bytes ? bytes : 0;
    Object key = attributes.get("fileKey");
    if (key != null && attributes.get("nlink") instanceof Integer names && names > 1) {
      sharedFiles.add(new SharedFile(key, size));
    } else {
      tally.files++;
      tally.bytes += size;
    }
  }

  /** Whether a link leads to a directory it is in, or round and round with other links. */
  private static boolean isLoop(Folder folder, Path link) {
    try {
      Map<String, Object> target = attributes(link);
      Object key = target.get("fileKey");
      return key != null && isSet(target, "isDirectory") && folder.isInside(key);
    } catch (NoSuchFileException | AccessDeniedException e) {
      return false;
    } catch (IOException e) { // too many levels of symbolic links
      return true;
    }
  }

  private void noteFailure(@Nullable Throwable e) {
    if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
      tally.vanished++;
    } else {
      tally.unreadable++;
    }
  }

  private static Map<String, Object> attributes(Path path, LinkOption... options)
      throws IOException {
    return Files.readAttributes(path, ATTRIBUTES, options);
  }

  private static boolean isSet(Map<String, Object> attributes, String name) {
    return Boolean.TRUE.equals(attributes.get(name));
  }
}
