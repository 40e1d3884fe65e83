package dev.lariat.net.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the descriptor that an event loop of Netty's waits for epoll by, which Netty keeps to
 * itself: it is the one that, as Linux tells of every epoll descriptor of a process, has got to do
 * with a pipe once that is registered with the event loop, and not before or after.
 */
final class EpollDescriptor {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path INFOS = Path.of("/proc/self/fdinfo");

  private EpollDescriptor() {}

  /**
   * {@return the descriptor}
   *
   * @param netty an event loop by epoll; this is its thread
   * @throws IOException if it cannot be found
   */
  static int of(IoEventLoop netty) throws IOException {
    FileDescriptor[] pipe = FileDescriptor.pipe();
    try {
      Future<IoRegistration> registered = netty.register(new Probe(pipe[0]));
      if (!registered.isSuccess()) {
        throw new IOException("epoll refuses a pipe", registered.cause());
      }
      IoRegistration registration = registered.getNow();
      registration.submit(EpollIoOps.EPOLLIN);
      List<Integer> found = watchersOf(pipe[0].intValue());
      registration.cancel();
      found.removeAll(watchersOf(pipe[0].intValue()));
      if (found.size() != 1) {
        throw new IOException(
            "of the epoll descriptors in " + INFOS + " these could be it: " + found);
      }
      return found.getFirst();
    } finally {
      pipe[0].close();
      pipe[1].close();
    }
  }

  private static List<Integer> watchersOf(int descriptor) throws IOException {
    List<Integer> watchers = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path one : all) {
        if (isEpoll(one) && watches(INFOS.resolve(one.getFileName()), descriptor)) {
          watchers.add(Integer.valueOf(one.getFileName().toString()));
        }
      }
    } catch (DirectoryIteratorException notListed) {
      throw notListed.getCause();
    }
    return watchers;
  }

  private static boolean isEpoll(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[eventpoll]");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  /** A line of such a file is "tfd: 7 events: ...". Read as it may be in an interrupted thread. */
  private static boolean watches(Path info, int descriptor) {
    try (BufferedReader reader = new BufferedReader(new FileReader(info.toFile(), US_ASCII))) {
      return reader
          .lines()
          .filter(line -> line.startsWith("tfd:"))
          .anyMatch(line -> Integer.parseInt(line.split("\\s+")[1]) == descriptor);
    } catch (IOException | UncheckedIOException closedMeanwhile) {
      return false;
    }
  }

  /** Nothing is ever written into the pipe. */
  private record Probe(FileDescriptor fd) implements EpollIoHandle {
    @Override
    public void handle(IoRegistration registration, IoEvent event) {}

    @Override
    public void close() {}
  }
}
