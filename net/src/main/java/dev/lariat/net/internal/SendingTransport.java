package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.WriteTransport.BufferLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A transport that sends: keeps count of what has been written and not sent, and closes when that
 * is all sent.
 */
public abstract class SendingTransport extends AbstractTransport implements WriteEvents {
  private static final int WARN_AFTER = 5;

  protected final WriteFlow flow;

  /** Bytes written and not sent. */
  protected long unsent;

  /**
   * More of the same write follows. A protocol that is told to go on may write, and that comes
   * after.
   */
  protected boolean inPieces;

  private int dropped;

  protected SendingTransport(EventLoop loop, BaseProtocol protocol) {
    super(loop, protocol);
    this.flow = new WriteFlow(loop);
  }

  // -- writing -----------------------------------------------------------------------------------

  /** Refuses what another thread writes, and releases it. */
  protected final void checkThread(ByteBuf data) {
    try {
      loop.checkThread();
    } catch (IllegalStateException wrongThread) {
      data.release();
      throw wrongThread;
    }
  }

  /** Drops what is written too late, with one warning. */
  protected final void drop(ByteBuf data) {
    if (data.isReadable() && ++dropped == WARN_AFTER) {
      Callbacks.LOG.log(Level.WARNING, "write() on a connection that is lost: " + this);
    }
    data.release();
  }

  protected static ByteBuf joined(Iterable<byte[]> lines) {
    var all = Unpooled.compositeBuffer(Integer.MAX_VALUE);
    for (byte[] line : lines) {
      all.addComponent(true, Unpooled.wrappedBuffer(line.clone()));
    }
    return all;
  }

  @Override
  public final void written(int bytes, @Nullable Throwable cause) {
    if (finished) {
      return;
    }
    unsent -= bytes;
    if (cause != null) {
      writeFailed(cause);
    }
    if (!finished && !inPieces) {
      flow.maybeResume(protocol, unsent); // may write
    }
    if (unsent == 0 && !finished) {
      sentAll();
    }
  }

  /** Something that was written will not be sent. */
  protected abstract void writeFailed(Throwable cause);

  /** All that was written is sent. */
  protected abstract void sentAll();

  public void setWriteBufferLimits(@Nullable Integer high, @Nullable Integer low) {
    loop.checkThread();
    flow.setLimits(high, low);
    flow.maybePause(protocol, unsent);
  }

  public long getWriteBufferSize() {
    return unsent;
  }

  public BufferLimits getWriteBufferLimits() {
    return flow.limits();
  }

  // -- closing -----------------------------------------------------------------------------------

  @Override
  public final void close() {
    loop.checkThread();
    if (!closing) {
      beginClosing();
      if (unsent == 0) {
        sentAll();
      } else {
        closeLater();
      }
    }
  }

  /** This is being closed, but not all is sent. */
  protected void closeLater() {}

  /** Receives nothing from here on. */
  protected void beginClosing() {
    closing = true;
  }

  public final void abort() {
    loop.checkThread();
    forceClose(null);
  }

  /** Closes at once, and tells the protocol of it. */
  protected abstract void forceClose(@Nullable Throwable cause);

  @Override
  protected void abandon() {
    forceClose(null);
  }
}
