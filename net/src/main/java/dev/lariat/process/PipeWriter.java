package dev.lariat.process;

import dev.lariat.EventLoop;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.ExtraInfo;
import dev.lariat.net.WriteTransport;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.PipeSink;
import dev.lariat.net.internal.WriteEvents;
import dev.lariat.net.internal.WriteFlow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The transport of a pipe that a child reads from.
 *
 * <p>It is open; then closing, while what was written leaves; then finished, and its protocol told.
 */
final class PipeWriter implements WriteTransport, WriteEvents {
  private static final int WARN_AFTER = 5;

  private final EventLoop loop;
  private final PipeSink sink;
  private final WriteFlow flow;
  private BaseProtocol protocol;
  private boolean closing;
  private boolean finished;
  private int dropped;

  PipeWriter(EventLoop loop, PipeSink sink, BaseProtocol protocol) {
    this.loop = loop;
    this.sink = sink;
    this.flow = new WriteFlow(loop);
    this.protocol = protocol;
  }

  void start() {
    if (!finished) {
      sink.start(this);
    }
  }

  @Override
  public void write(ByteBuf data) {
    int bytes = data.readableBytes();
    if (closing && bytes > 0) {
      dropped++;
      if (dropped == WARN_AFTER) {
        Callbacks.LOG.log(Level.WARNING, "write() to a pipe that is closed: " + this);
      }
    }
    if (closing || bytes == 0) {
      data.release();
      return;
    }
    flow.size += bytes;
    sink.write(data);
    flow.maybePause(protocol);
  }

  @Override
  public void writelines(Iterable<byte[]> data) {
    var all = Unpooled.compositeBuffer(Integer.MAX_VALUE);
    for (byte[] line : data) {
      all.addComponent(true, Unpooled.wrappedBuffer(line.clone()));
    }
    write(all);
  }

  @Override
  public void written(int bytes, @Nullable Throwable cause) {
    if (finished) {
      return;
    }
    flow.size -= bytes;
    if (cause != null) {
      Callbacks.LOG.log(Level.DEBUG, () -> this + ": the reader is gone", cause);
      finish(flow.size == 0 ? null : cause);
      return;
    }
    flow.maybeResume(protocol); // may write
    if (closing && flow.size == 0) {
      finish(null);
    }
  }

  private void finish(@Nullable Throwable cause) {
    if (!finished) {
      discard();
      loop.callSoon(() ->
          Callbacks.runAndReport(
              loop, () -> protocol.connectionLost(cause), "protocol.connectionLost() failed"));
    }
  }

  /** Closes the pipe and tells nobody. */
  void discard() {
    closing = true;
    finished = true;
    flow.size = 0;
    sink.discard();
  }

  @Override
  public void setWriteBufferLimits(@Nullable Integer high, @Nullable Integer low) {
    flow.setLimits(high, low);
    flow.maybePause(protocol);
  }

  @Override
  public long getWriteBufferSize() {
    return flow.size;
  }

  @Override
  public BufferLimits getWriteBufferLimits() {
    return flow.limits();
  }

  @Override
  public void writeEof() {
    closing = true;
    if (flow.size == 0) {
      finish(null);
    }
  }

  @Override
  public boolean canWriteEof() {
    return true;
  }

  @Override
  public void close() {
    writeEof();
  }

  @Override
  public void abort() {
    finish(null);
  }

  @Override
  public boolean isClosing() {
    return closing;
  }

  @Override
  public <T> @Nullable T getExtraInfo(ExtraInfo<T> what) {
    return null;
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
    return "PipeWriter["
        + (finished ? "closed" : closing ? "closing" : "open")
        + ", "
        + flow.size
        + " bytes to write]";
  }
}
