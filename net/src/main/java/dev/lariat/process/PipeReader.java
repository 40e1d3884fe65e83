package dev.lariat.process;

import dev.lariat.EventLoop;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.ExtraInfo;
import dev.lariat.net.Protocol;
import dev.lariat.net.ReadTransport;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.PipeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The transport of a pipe that a child writes to. What comes while it is paused is held. */
final class PipeReader implements ReadTransport, PipeSource.Events {
  private final EventLoop loop;
  private final PipeSource source;
  private final Deque<byte[]> held = new ArrayDeque<>(PipeSource.AHEAD);
  private BaseProtocol protocol;
  private boolean paused;
  private boolean ended;
  private @Nullable Throwable failure;
  private boolean closing;

  PipeReader(EventLoop loop, PipeSource source, Protocol protocol) {
    this.loop = loop;
    this.source = source;
    this.protocol = protocol;
  }

  void start() {
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
      discard();
      loop.callSoon(() ->
          Callbacks.runAndReport(
              loop, () -> protocol.connectionLost(cause), "protocol.connectionLost() failed"));
    }
  }

  @Override
  public void close() {
    close(null);
  }

  /** Closes the pipe and tells nobody. */
  void discard() {
    closing = true;
    held.clear();
    source.discard();
  }

  @Override
  public boolean isReading() {
    return !paused && !closing;
  }

  @Override
  public void pauseReading() {
    paused = true;
  }

  @Override
  public void resumeReading() {
    if (paused) {
      paused = false;
      loop.callSoon(this::catchUp);
    }
  }

  @Override
  public <T> @Nullable T getExtraInfo(ExtraInfo<T> what) {
    return null;
  }

  @Override
  public boolean isClosing() {
    return closing;
  }

  @Override
  public void setProtocol(BaseProtocol newProtocol) {
    protocol = Objects.requireNonNull(newProtocol, "protocol");
  }

  @Override
  public BaseProtocol getProtocol() {
    return protocol;
  }

  @Override
  public String toString() {
    return "PipeReader[" + (closing ? "closed" : paused ? "paused" : "open") + "]";
  }
}
