package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import dev.lariat.net.ExtraInfo;
import dev.lariat.net.Protocol;
import dev.lariat.net.ReadTransport;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The transport of a pipe that is read from. What comes while it is paused is held. */
public final class PipeReader extends AbstractTransport
    implements ReadTransport, PipeSource.Events {
  private final PipeSource source;
  private final Deque<byte[]> held = new ArrayDeque<>(PipeSource.AHEAD);
  private boolean paused;
  private boolean ended;
  private @Nullable Throwable failure;

  public PipeReader(EventLoop loop, PipeSource source, Protocol protocol) {
    super(loop, protocol);
    this.source = source;
  }

  /** Tells the protocol of the pipe, soon, then begins to read, then runs {@code then}. */
  public void open(Reactor reactor, Runnable then) {
    attachTo(reactor);
    tellMade(() -> {
      start();
      then.run();
    });
  }

  public void start() {
    if (!closing) {
      source.start(this);
    }
  }

  @Override
  public void received(byte[] data) {
    if (!closing) {
      held.add(data);
      catchUp();
    }
  }

  @Override
  public void ended(@Nullable Throwable cause) {
    ended = true;
    failure = cause;
    catchUp();
  }

  private void catchUp() {
    while (!paused && !closing && !held.isEmpty()) {
      byte[] data = held.remove();
      source.consumed();
      if (protocol instanceof Protocol receiver) {
        Callbacks.runAndReport(
            loop, () -> receiver.dataReceived(data), "protocol.dataReceived() failed");
      }
    }
    if (!paused && !closing && ended) {
      if (failure == null && protocol instanceof Protocol receiver) {
        Callbacks.runAndReport(loop, receiver::eofReceived, "protocol.eofReceived() failed");
      }
      close(failure);
    }
  }

  private void close(@Nullable Throwable cause) {
    if (!closing) {
      release();
      tellLost(cause);
    }
  }

  @Override
  public void close() {
    loop.checkThread();
    close(null);
  }

  /** Closes the pipe and tells nobody. */
  public void discard() {
    release();
    detach();
  }

  private void release() {
    closing = true;
    finished = true;
    held.clear();
    source.discard();
  }

  @Override
  protected void abandon() {
    release();
  }

  @Override
  public boolean isReading() {
    return !paused && !closing;
  }

  @Override
  public void pauseReading() {
    loop.checkThread();
    paused = true;
  }

  @Override
  public void resumeReading() {
    loop.checkThread();
    if (paused) {
      paused = false;
      soon(this::catchUp);
    }
  }

  @Override
  protected @Nullable Object extraInfo(ExtraInfo<?> what) {
    return what == ExtraInfo.PIPE ? source.channel() : null;
  }

  @Override
  public String toString() {
    return "PipeReader[" + (closing ? "closed" : paused ? "paused" : "open") + "]";
  }
}
