package dev.lariat.process;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.BaseTransport;
import dev.lariat.net.ExtraInfo;
import dev.lariat.net.Protocol;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.PipeReader;
import dev.lariat.net.internal.PipeWriter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A child that was started. Models {@code base_subprocess.BaseSubprocessTransport}.
 *
 * <p>It is over, and {@code connectionLost} is told, when it has ended ({@code returncode} is set)
 * and {@code openPipes} is 0, in either order.
 */
final class Child implements SubprocessTransport {
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 31;

  private final EventLoop loop;
  private final Children children;
  private final java.lang.Process process;
  private final @Nullable PipeWriter stdin;
  private final @Nullable PipeReader stdout;
  private final @Nullable PipeReader stderr;
  private final Set<Future<Integer>> exitWaiters = new LinkedHashSet<>();
  private SubprocessProtocol protocol;

  /** The JDK closes its pipe then, and a pump that has nothing to write does not notice. */
  private final boolean inputEndsWithChild;

  private int openPipes;
  private @Nullable Integer returncode;
  private boolean closed;
  private boolean over;

  Child(EventLoop loop, Spawn.Spawned spawned, SubprocessProtocol protocol) {
    this.loop = loop;
    this.children = Children.of(loop);
    this.process = spawned.process();
    this.protocol = protocol;
    stdin = spawned.stdin() == null ? null : new PipeWriter(loop, spawned.stdin(), new InputPipe());
    stdout =
        spawned.stdout() == null ? null : new PipeReader(loop, spawned.stdout(), new OutputPipe(1));
    stderr =
        spawned.stderr() == null ? null : new PipeReader(loop, spawned.stderr(), new OutputPipe(2));
    inputEndsWithChild = spawned.stdin() instanceof Pump.Sink;
    openPipes = (stdin == null ? 0 : 1) + (stdout == null ? 0 : 1) + (stderr == null ? 0 : 1);
    children.add(this);
    loop.getPoller().workStarted(); // a virtual clock stands while a child runs
  }

  /** Tells the protocol, soon, then has it told of what happens, then completes {@code opened}. */
  void open(Future<@Nullable Void> opened) {
    loop.callSoon(() -> {
      if (stdin != null) {
        stdin.start();
      }
      Callbacks.runAndReport(
          loop, () -> protocol.connectionMade(this), "protocol.connectionMade() failed");
      if (stdout != null) {
        stdout.start();
      }
      if (stderr != null) {
        stderr.start();
      }
      Thread.ofVirtual().name("lariat-exit").start(this::awaitEnd);
      if (!opened.done()) {
        opened.setResult(null);
      }
    });
  }

  // -- the end -----------------------------------------------------------------------------------

  /** In a thread of its own: the JDK would tell in the common pool, which may be busy for long. */
  private void awaitEnd() {
    try {
      int exitValue = process.waitFor();
      loop.callSoonThreadsafe(() -> exited(exitValue));
    } catch (IllegalStateException loopClosed) {
      Callbacks.LOG.log(Level.TRACE, "A child has outlived its event loop", loopClosed);
    } catch (InterruptedException nobodyDoes) {
      throw new AssertionError(nobodyDoes);
    }
  }

  private void exited(int exitValue) {
    loop.getPoller().workFinished();
    int signal = exitValue - SIGNALLED;
    returncode = !Subprocess.WINDOWS && signal > 0 && signal <= LAST_SIGNAL ? -signal : exitValue;
    tell(protocol::processExited, "protocol.processExited() failed");
    if (stdin != null && inputEndsWithChild) {
      stdin.written(0, new IOException("Broken pipe"));
    }
    for (Future<Integer> waiter : List.copyOf(exitWaiters)) {
      if (!waiter.done()) {
        waiter.setResult(returncode);
      }
    }
    finishIfOver();
  }

  private void pipeLost(int fd, @Nullable Throwable cause) {
    openPipes--;
    tell(() -> protocol.pipeConnectionLost(fd, cause), "protocol.pipeConnectionLost() failed");
    finishIfOver();
  }

  private void finishIfOver() {
    if (returncode != null && openPipes == 0 && !over) {
      over = true;
      closed = true;
      children.remove(this);
      loop.callSoon(
          () -> tell(() -> protocol.connectionLost(null), "protocol.connectionLost() failed"));
    }
  }

  private void tell(Runnable callback, String failed) {
    Callbacks.runAndReport(loop, callback, failed);
  }

  /** Waits until the child has ended, whoever else has its pipes. */
  int awaitExit() {
    if (returncode != null) {
      return returncode;
    }
    Future<Integer> waiter = loop.createFuture();
    exitWaiters.add(waiter);
    try {
      return waiter.await();
    } finally {
      exitWaiters.remove(waiter);
    }
  }

  @Override
  public void close() {
    loop.checkThread(); // first, or another thread would close a half
    if (!closed) {
      closed = true;
      kill();
      if (stdin != null) {
        stdin.abort();
      }
      if (stdout != null) {
        stdout.close();
      }
      if (stderr != null) {
        stderr.close();
      }
    }
  }

  /** The loop is closed, so nobody can be told. */
  void loopClosed() {
    if (returncode == null && process.isAlive() && !closed) {
      Callbacks.LOG.log(
          Level.WARNING, "unclosed " + this + " is killed: wait for it, or close() it");
    }
    kill();
    if (stdin != null) {
      stdin.discard();
    }
    if (stdout != null) {
      stdout.discard();
    }
    if (stderr != null) {
      stderr.discard();
    }
  }

  @Override
  public boolean isClosing() {
    return closed;
  }

  // -- signals -----------------------------------------------------------------------------------

  @Override
  public void sendSignal(String signal) {
    int number = Kill.number(signal);
    if (returncode == null) {
      Kill.send(process.toHandle(), number);
    }
  }

  @Override
  public void terminate() {
    if (returncode == null) {
      Kill.end(process.toHandle(), false);
    }
  }

  @Override
  public void kill() {
    if (returncode == null) {
      Kill.end(process.toHandle(), true);
    }
  }

  // -- the rest ----------------------------------------------------------------------------------

  @Override
  public long getPid() {
    return process.pid();
  }

  @Override
  public @Nullable Integer getReturncode() {
    return returncode;
  }

  @Override
  public @Nullable BaseTransport getPipeTransport(int fd) {
    return switch (fd) {
      case 0 -> stdin;
      case 1 -> stdout;
      case 2 -> stderr;
      default -> null;
    };
  }

  @Override
  public <T> @Nullable T getExtraInfo(ExtraInfo<T> what) {
    return what == ExtraInfo.SUBPROCESS ? what.cast(process) : null;
  }

  @Override
  public void setProtocol(BaseProtocol newProtocol) {
    if (!(newProtocol instanceof SubprocessProtocol ofSubprocess)) {
      throw new IllegalArgumentException("A child needs a SubprocessProtocol, not " + newProtocol);
    }
    protocol = ofSubprocess;
  }

  @Override
  public BaseProtocol getProtocol() {
    return protocol;
  }

  @Override
  public String toString() {
    String state = returncode == null ? "running" : "returncode " + returncode;
    return "Process[pid " + process.pid() + ", " + state + "]";
  }

  private final class InputPipe implements BaseProtocol {
    @Override
    public void pauseWriting() {
      protocol.pauseWriting();
    }

    @Override
    public void resumeWriting() {
      protocol.resumeWriting();
    }

    @Override
    public void connectionLost(@Nullable Throwable cause) {
      pipeLost(0, cause);
    }
  }

  private final class OutputPipe implements Protocol {
    private final int fd;

    OutputPipe(int fd) {
      this.fd = fd;
    }

    @Override
    public void dataReceived(byte[] data) {
      protocol.pipeDataReceived(fd, data);
    }

    @Override
    public void connectionLost(@Nullable Throwable cause) {
      pipeLost(fd, cause);
    }
  }
}
