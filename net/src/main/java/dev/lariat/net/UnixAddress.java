package dev.lariat.net;

import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.SocketKind;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a Unix socket is: a path, or on Linux a name of the abstract namespace. */
public final class UnixAddress {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final @Nullable Path path;
  private final String name;

  private UnixAddress(@Nullable Path path, String name) {
    this.path = path;
    this.name = name;
  }

  /**
   * An address in the file system.
   *
   * @param path the path
   * @return the address
   */
  public static UnixAddress of(Path path) {
    return new UnixAddress(path, path.toString());
  }

  /**
   * An address that is no file, and goes when its server does. Models a path that begins with a NUL
   * character. Linux, with epoll or io_uring.
   *
   * @param name the name
   * @return the address
   */
  public static UnixAddress abstractName(String name) {
    return new UnixAddress(null, Objects.requireNonNull(name, "name"));
  }

  SocketAddress toSocketAddress(SocketKind sockets) {
    if (sockets.name().equals("nio")) {
      if (path == null) {
        throw new UnsupportedOperationException(
            "Abstract names need epoll; the JDK's selector does not know them: " + this);
      }
      return UnixDomainSocketAddress.of(path);
    }
    return new DomainSocketAddress(path == null ? "\0" + name : name);
  }

  /**
   * Removes a socket that a server left behind. As asyncio: also of one that still listens. Nothing
   * else may be there, for Netty would remove that, too.
   */
  void removeStale() throws IOException {
    if (path != null && isSocket(path)) {
      Files.delete(path);
    } else if (path != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new BindException("cannot bind to " + path + ": it exists, and is no socket");
    }
  }

  private static boolean isSocket(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) { // Windows
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther();
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & TYPE) == SOCKET;
  }

  /** What tells this file from another one that takes its place; null if there is none. */
  @Nullable Object fileKey() {
    try {
      return path == null
          ? null
          : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey();
    } catch (IOException gone) {
      return null;
    }
  }

  /** Removes the file unless another one has taken its place. */
  void remove(@Nullable Object key) {
    if (path != null && key != null && key.equals(fileKey())) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException error) {
        Callbacks.LOG.log(
            System.Logger.Level.ERROR, "Unable to clean up the socket " + path, error);
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UnixAddress address
        && name.equals(address.name)
        && (path == null) == (address.path == null);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return path == null ? "abstract:" + name : name;
  }
}
