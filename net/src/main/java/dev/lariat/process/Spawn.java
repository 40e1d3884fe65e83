package dev.lariat.process;

import dev.lariat.EventLoop;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.EpollPipe;
import dev.lariat.net.internal.PipeSink;
import dev.lariat.net.internal.PipeSource;
import dev.lariat.net.internal.Reactor;
import io.netty.channel.unix.FileDescriptor;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts one child, in another thread: starting takes milliseconds.
 *
 * <p>On epoll the pipes are our own. The JDK opens the child's ends by their names under /proc,
 * which makes them blocking ones, as a child expects; ours do not block. Elsewhere, and if the
 * system property {@code lariat.process.pipes} is {@code threads}, they are the JDK's.
 *
 * <p>Who asked may go away meanwhile ({@link #abandon}, any thread): then the child is killed as
 * soon as it is there. Either the starting thread sees {@code abandoned}, or the other {@code
 * process}: both are guarded by this.
 */
final class Spawn {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  static {
    var _ = Thread.startVirtualThread(Kill::prepare); // while the first child starts
  }

  private final EventLoop loop;
  private final ProcessBuilder builder;
  private final SubprocessOptions options;
  private final @Nullable Reactor reactor;
  private final List<FileDescriptor> childs = new ArrayList<>(3);
  private final List<FileDescriptor> ours = new ArrayList<>(3);
  private @Nullable PipeSink stdin;
  private @Nullable PipeSource stdout;
  private @Nullable PipeSource stderr;
  private java.lang.@Nullable Process process;
  private boolean abandoned;

  /** On the loop's thread. */
  Spawn(EventLoop loop, List<String> command, SubprocessOptions options) {
    this.loop = loop;
    this.options = options;
    builder = new ProcessBuilder(command);
    if (options.directory() != null) {
      builder.directory(options.directory().toFile());
    }
    if (options.environment() != null) {
      builder.environment().clear();
      builder.environment().putAll(options.environment());
    }
    Reactor polled = wantsPolling(options) ? Reactor.of(loop) : null;
    boolean usable =
        polled != null && EpollPipe.worksWith(polled) && Files.isDirectory(DESCRIPTORS);
    reactor = usable ? polled : null;
  }

  /** Whether the loop's reactor will be asked for pipes; it may still have none. */
  static boolean wantsPolling(SubprocessOptions options) {
    return (options.stdin() == Stdio.PIPE
            || options.stdout() == Stdio.PIPE
            || options.stderr() == Stdio.PIPE)
        && !"threads".equals(System.getProperty("lariat.process.pipes"));
  }

  /** What came of it. A pipe that was not asked for is null. */
  record Spawned(
      java.lang.Process process,
      @Nullable PipeSink stdin,
      @Nullable PipeSource stdout,
      @Nullable PipeSource stderr) {}

  /** Starts the child. In a thread that may block. */
  Spawned start() throws IOException {
    try {
      if (options.startNewSession()) {
        Session.prepare(builder);
      }
      redirect();
      java.lang.Process started = builder.start();
      close(childs);
      synchronized (this) {
        process = started;
        if (abandoned) {
          undo(started);
          throw new IOException("Nobody waits for the process any more");
        }
      }
      if (options.startNewSession()) {
        Session.await(started);
      }
      return reactor != null ? new Spawned(started, stdin, stdout, stderr) : withPumps(started);
    } catch (Throwable error) {
      close(childs);
      close(ours);
      throw error;
    }
  }

  /** Kills the child, now or as soon as it is there. Nobody has taken what {@link #start} made. */
  synchronized void abandon() {
    abandoned = true;
    if (process != null) {
      undo(process);
    }
  }

  /** Waits until the child that was abandoned has ended, if there was one. May block. */
  @Nullable Void awaitEnd() throws InterruptedException {
    java.lang.Process started = process;
    if (started != null) {
      started.waitFor();
    }
    return null;
  }

  private void undo(java.lang.Process started) {
    started.destroyForcibly(); // and closes the JDK's pipes
    close(ours); // once: the list is empty afterwards
  }

  private static void close(List<FileDescriptor> descriptors) {
    for (FileDescriptor descriptor : descriptors) {
      try {
        descriptor.close();
      } catch (IOException error) {
        Callbacks.LOG.log(Level.DEBUG, "Closing a pipe failed", error);
      }
    }
    descriptors.clear();
  }

  private void redirect() throws IOException {
    if (options.stdin() != Stdio.PIPE) {
      builder.redirectInput(options.stdin().input());
    } else if (reactor != null) {
      FileDescriptor[] pipe = pipe(0, 1);
      builder.redirectInput(Redirect.from(file(pipe[0])));
      stdin = EpollPipe.sink(reactor, pipe[1]);
    }
    if (options.stdout() != Stdio.PIPE) {
      builder.redirectOutput(options.stdout().output());
    } else if (reactor != null) {
      FileDescriptor[] pipe = pipe(1, 0);
      builder.redirectOutput(Redirect.to(file(pipe[1])));
      stdout = EpollPipe.source(reactor, pipe[0]);
    }
    if (options.stderr() == Stdio.STDOUT) {
      builder.redirectErrorStream(true);
    } else if (options.stderr() != Stdio.PIPE) {
      builder.redirectError(options.stderr().output());
    } else if (reactor != null) {
      FileDescriptor[] pipe = pipe(1, 0);
      builder.redirectError(Redirect.to(file(pipe[1])));
      stderr = EpollPipe.source(reactor, pipe[0]);
    }
  }

  private FileDescriptor[] pipe(int childsEnd, int oursEnd) throws IOException {
    FileDescriptor[] pipe = FileDescriptor.pipe();
    childs.add(pipe[childsEnd]);
    ours.add(pipe[oursEnd]);
    return pipe;
  }

  private static File file(FileDescriptor descriptor) {
    return DESCRIPTORS.resolve(Integer.toString(descriptor.intValue())).toFile();
  }

  private Spawned withPumps(java.lang.Process started) {
    return new Spawned(
        started,
        options.stdin() == Stdio.PIPE ? new Pump.Sink(loop, started.getOutputStream()) : null,
        options.stdout() == Stdio.PIPE ? new Pump.Source(loop, started.getInputStream()) : null,
        options.stderr() == Stdio.PIPE ? new Pump.Source(loop, started.getErrorStream()) : null);
  }
}
