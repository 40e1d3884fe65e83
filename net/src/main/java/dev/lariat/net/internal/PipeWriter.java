package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.ExtraInfo;
import dev.lariat.net.WriteTransport;
import io.netty.buffer.ByteBuf;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The transport of a pipe that is written to.
 *
 * <p>It is open; then closing, while what was written leaves; then finished, and its protocol told.
 */
public final class PipeWriter extends SendingTransport implements WriteTransport {
  private final PipeSink sink;

  public PipeWriter(EventLoop loop, PipeSink sink, BaseProtocol protocol) {
    super(loop, protocol);
    this.sink = sink;
  }

  /** Tells the protocol of the pipe, soon, and then runs {@code then}. */
  public void open(Reactor reactor, Runnable then) {
    attachTo(reactor);
    soon(this::start);
    tellMade(then);
  }

  /** Begins. To be called before the protocol is told of the pipe, for it may write then. */
  public void start() {
    if (!finished) {
      sink.start(this);
    }
  }

  @Override
  public void write(ByteBuf data) {
    checkThread(data);
    if (closing || !data.isReadable()) {
      drop(data);
      return;
    }
    int bytes = data.readableBytes();
    unsent += bytes;
    try {
      sink.write(data);
    } catch (Throwable error) { // there is no memory for it, say
      unsent -= bytes;
      throw error;
    }
    flow.maybePause(protocol, unsent);
  }

  @Override
  public void writelines(Iterable<byte[]> data) {
    write(joined(data));
  }

  @Override
  protected void writeFailed(Throwable cause) {
    Callbacks.LOG.log(Level.DEBUG, () -> this + ": the reader is gone", cause);
    forceClose(unsent == 0 ? null : cause);
  }

  @Override
  protected void sentAll() {
    if (closing) {
      forceClose(null);
    }
  }

  @Override
  protected void forceClose(@Nullable Throwable cause) {
    if (!finished) {
      release();
      tellLost(cause);
    }
  }

  /** Closes the pipe and tells nobody. */
  public void discard() {
    release();
    detach();
  }

  private void release() {
    closing = true;
    finished = true;
    unsent = 0;
    sink.discard();
  }

  @Override
  public void writeEof() {
    close();
  }

  @Override
  public boolean canWriteEof() {
    return true;
  }

  @Override
  protected @Nullable Object extraInfo(ExtraInfo<?> what) {
    return what == ExtraInfo.PIPE ? sink.channel() : null;
  }

  @Override
  public String toString() {
    return "PipeWriter[" + unsent + " bytes to write" + state() + "]";
  }
}
