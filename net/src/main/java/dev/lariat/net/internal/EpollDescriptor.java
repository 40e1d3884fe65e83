package dev.lariat.net.internal;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

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
      IoRegistration registration = netty.register(new Probe(pipe[0])).get();
      registration.submit(EpollIoOps.EPOLLIN);
      List<Integer> found = watchersOf(pipe[0].intValue());
      registration.cancel();
      found.removeAll(watchersOf(pipe[0].intValue()));
      if (found.size() != 1) {
        throw new IOException(
            "of the epoll descriptors in " + INFOS + " these could be it: " + found);
      }
      return found.getFirst();
    } catch (ExecutionException notRegistered) {
      throw new IOException("epoll refuses a pipe", notRegistered);
    } catch (InterruptedException impossible) {
      throw new AssertionError("nothing waits on the event loop's own thread", impossible);
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

  /** A line of such a file is "tfd: 7 events: ...". */
  private static boolean watches(Path info, int descriptor) {
    try {
      return Files.readAllLines(info).stream()
          .filter(line -> line.startsWith("tfd:"))
          .anyMatch(line -> Integer.parseInt(line.split("\\s+")[1]) == descriptor);
    } catch (IOException closedMeanwhile) {
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
