package dev.lariat.net;

import dev.lariat.EventLoop;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.ChannelBridge;
import dev.lariat.net.internal.ChannelEvents;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.WriteFlow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A stream transport on a Netty channel: TCP or Unix, with TLS or without.
 *
 * <pre>
 *   state      left by
 *   made       open: the protocol is set, connectionMade is scheduled
 *   opened     connectionMade has been called; reads, unless paused
 *   closing    close: nothing is received any more, what was written is still sent
 *   finished   all is sent, or lost; connectionLost is scheduled, once
 * </pre>
 *
 * <p>What the channel does before {@code opened} (it is a task that opens the transport, and tasks
 * take their time) is kept and told afterwards: {@code held} bytes, {@code inputEnded}, {@code
 * early} failures. Bytes are held while paused, too: the channel may have read on a little.
 *
 * <p>With TLS, {@code closing} lasts until the channel is closed: Netty's handler sends the
 * close_notify and waits for the peer's.
 */
final class ChannelTransport implements Transport, ChannelEvents, Reactor.Resource {
  /** Larger writes are cut up, or the water marks would see them leave only as a whole. */
  private static final int PIECE = 64 * 1024;

  private static final int WARN_AFTER = 5;

  private final Reactor reactor;
  private final EventLoop loop;
  private final Channel channel;
  private final WriteFlow flow;
  private final Deque<ByteBuf> held = new ArrayDeque<>(2);
  private BaseProtocol protocol = new Protocol() {};
  private @Nullable Server server;
  private @Nullable TlsLayer tls;
  private @Nullable SocketAddress peername;
  private @Nullable SocketAddress sockname;

  private boolean made;
  private boolean opened;
  private boolean paused;
  private boolean inputEnded;
  private boolean eofTold;
  private boolean gone;
  private @Nullable Throwable early;
  private boolean eofWritten;
  private boolean closing;
  private boolean finished;
  private int dropped;

  /** Makes a transport of a channel that is not registered yet. On Netty's thread or the loop's. */
  ChannelTransport(Reactor reactor, Channel channel) {
    this.reactor = reactor;
    this.loop = reactor.loop;
    this.channel = channel;
    this.flow = new WriteFlow(loop);
    channel.pipeline().addLast(new ChannelBridge(reactor, this));
  }

  Channel channel() {
    return channel;
  }

  Reactor reactor() {
    return reactor;
  }

  @Nullable TlsLayer tls() {
    return tls;
  }

  void setTls(TlsLayer layer) {
    tls = layer;
  }

  // -- the beginning -----------------------------------------------------------------------------

  /** Counts this among what is open, and among the connections of a server. */
  void attach(@Nullable Server ofServer) {
    reactor.opened(this);
    server = ofServer;
    if (ofServer != null) {
      ofServer.attached(this);
    }
  }

  /** Tells {@code first} of the connection, soon, then begins to read, then runs {@code then}. */
  void open(BaseProtocol first, Runnable then) {
    made = true;
    protocol = first;
    peername = channel.remoteAddress();
    sockname = channel.localAddress();
    soon(() -> {
      Callbacks.runAndReport(
          loop, () -> protocol.connectionMade(this), "protocol.connectionMade() failed");
      opened = true;
      if (early != null) {
        fatal(early, "Fatal read error on socket transport");
      } else {
        catchUp();
      }
      then.run();
    });
  }

  private void soon(Runnable callback) {
    if (!loop.isClosed()) {
      loop.callSoon(callback);
    }
  }

  // -- receiving ---------------------------------------------------------------------------------

  @Override
  public void received(ByteBuf data) {
    if (closing) {
      release(data);
    } else if (opened && !paused && held.isEmpty()) {
      deliver(data);
    } else {
      held.add(data);
    }
  }

  private void release(ByteBuf data) {
    int bytes = data.readableBytes();
    data.release();
    reactor.consumed(channel, bytes);
  }

  private void deliver(ByteBuf data) {
    int bytes = data.readableBytes();
    if (protocol instanceof BufferReceiver receiver) {
      receiver.received(data);
    } else {
      try {
        deliverTo(protocol, data);
      } finally {
        data.release();
      }
    }
    reactor.consumed(channel, bytes);
  }

  private void deliverTo(BaseProtocol target, ByteBuf data) {
    if (target instanceof BufferedProtocol buffered) {
      fill(buffered, data);
    } else if (target instanceof Protocol simple) {
      byte[] bytes = new byte[data.readableBytes()];
      data.readBytes(bytes);
      Throwable error = Callbacks.run(loop, () -> simple.dataReceived(bytes));
      if (error != null) {
        fatal(error, "Fatal error: protocol.dataReceived() call failed.");
      }
    }
  }

  private void fill(BufferedProtocol target, ByteBuf data) {
    while (data.isReadable() && !finished && protocol == target) {
      int left = data.readableBytes();
      ByteBuffer[] buffer = new ByteBuffer[1];
      Throwable error =
          Callbacks.run(
              loop,
              () -> {
                buffer[0] = target.getBuffer(left);
                if (!buffer[0].hasRemaining()) {
                  throw new IllegalStateException("getBuffer() returned an empty buffer");
                }
              });
      if (error != null || buffer[0] == null) {
        fatal(orFatal(error), "Fatal error: protocol.getBuffer() call failed.");
        return;
      }
      int count = Math.min(left, buffer[0].remaining());
      buffer[0].limit(buffer[0].position() + count);
      data.readBytes(buffer[0]);
      error = Callbacks.run(loop, () -> target.bufferUpdated(count));
      if (error != null) {
        fatal(error, "Fatal error: protocol.bufferUpdated() call failed.");
        return;
      }
    }
    if (data.isReadable() && !finished) { // another protocol has taken over half way
      deliverTo(protocol, data);
    }
  }

  private static Throwable orFatal(@Nullable Throwable error) {
    return error == null ? new IllegalStateException("left the loop") : error;
  }

  @Override
  public void inputClosed() {
    inputEnded = true;
    catchUp();
  }

  /** Delivers what was held, then the end of the input; or reads on. */
  private void catchUp() {
    while (canDeliver() && !held.isEmpty()) {
      deliver(held.remove());
    }
    if (!canDeliver()) {
      return;
    }
    if (!inputEnded) {
      setReading(true);
    } else if (!eofTold) {
      eofTold = true;
      tellEof();
    }
  }

  private boolean canDeliver() {
    return opened && !paused && !closing;
  }

  private void tellEof() {
    boolean[] keepOpen = new boolean[1];
    Throwable error =
        Callbacks.run(
            loop,
            () -> {
              keepOpen[0] =
                  protocol instanceof BufferReceiver receiver
                      ? receiver.eofReceived()
                      : protocol instanceof Protocol simple
                          ? simple.eofReceived()
                          : protocol instanceof BufferedProtocol buffered && buffered.eofReceived();
            });
    if (error != null) {
      fatal(error, "Fatal error: protocol.eofReceived() call failed.");
    } else if (gone) {
      forceClose(null);
    } else if (!keepOpen[0] || tls != null) {
      close();
    }
  }

  private void setReading(boolean reading) {
    reactor.toNetty(() -> reactor.setReading(channel, reading));
  }

  @Override
  public boolean isReading() {
    return !closing && !paused;
  }

  @Override
  public void pauseReading() {
    if (!closing && !paused) {
      paused = true;
      setReading(false);
    }
  }

  @Override
  public void resumeReading() {
    if (!closing && paused) {
      paused = false;
      if (held.isEmpty() && !inputEnded) {
        catchUp();
      } else {
        soon(this::catchUp);
      }
    }
  }

  /** What was received and not delivered: for TLS, which takes the rest of the stream. */
  ByteBuf takeHeld() {
    ByteBuf taken = Unpooled.wrappedBuffer(held.toArray(new ByteBuf[0]));
    held.clear();
    reactor.consumed(channel, taken.readableBytes());
    return taken;
  }

  // -- sending -----------------------------------------------------------------------------------

  @Override
  public void write(byte[] data) {
    write(channel.alloc().buffer(data.length).writeBytes(data));
  }

  @Override
  public void write(ByteBuffer data) {
    write(channel.alloc().buffer(data.remaining()).writeBytes(data));
  }

  @Override
  public void write(ByteBuf data) {
    if (accepts(data)) {
      while (data.readableBytes() > PIECE) {
        send(data.readRetainedSlice(PIECE));
      }
      send(data);
      flow.maybePause(protocol);
    }
  }

  /** Whether there is something to send, and somebody to send it to; releases it otherwise. */
  private boolean accepts(ByteBuf data) {
    if (eofWritten) {
      data.release();
      throw new IllegalStateException("Cannot call write() after writeEof()");
    }
    if (finished && data.isReadable()) {
      dropped++;
      if (dropped == WARN_AFTER) {
        Callbacks.LOG.log(Level.WARNING, "write() on a connection that is lost: " + this);
      }
    }
    if (finished || !data.isReadable()) {
      data.release();
      return false;
    }
    return true;
  }

  private void send(ByteBuf piece) {
    int bytes = piece.readableBytes();
    flow.size += bytes;
    reactor.write(channel, piece, bytes, this);
  }

  @Override
  public void writelines(Iterable<byte[]> data) {
    var all = channel.alloc().compositeBuffer(Integer.MAX_VALUE);
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
      fatal(cause, "Fatal write error on socket transport");
      return;
    }
    flow.maybeResume(protocol); // may write
    if (flow.size == 0) {
      if (closing) {
        finish();
      } else if (eofWritten) {
        shutdownOutput();
      }
    }
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
  public boolean canWriteEof() {
    return tls == null;
  }

  @Override
  public void writeEof() {
    if (tls != null) {
      throw new UnsupportedOperationException("TLS cannot close one direction only");
    }
    if (!closing && !eofWritten) {
      eofWritten = true;
      if (flow.size == 0) {
        shutdownOutput();
      }
    }
  }

  private void shutdownOutput() {
    reactor.toNetty(() -> {
      var _ = ((DuplexChannel) channel).shutdownOutput(); // if it fails, the channel is closing
    });
  }

  // -- the end -----------------------------------------------------------------------------------

  @Override
  public boolean isClosing() {
    return closing;
  }

  @Override
  public void close() {
    if (!closing) {
      beginClosing();
      if (flow.size == 0) {
        finish();
      }
    }
  }

  private void beginClosing() {
    closing = true;
    while (!held.isEmpty()) {
      release(held.remove());
    }
    if (tls == null) {
      setReading(false);
    }
  }

  /** All is sent. With TLS, the channel says when it is closed; see {@link #closed}. */
  private void finish() {
    if (tls == null) {
      finish(null);
    } else {
      setReading(true); // the peer's close_notify is yet to come
    }
    reactor.toNetty(() -> {
      var _ = channel.close();
    });
  }

  private void finish(@Nullable Throwable cause) {
    finished = true;
    flow.size = 0;
    if (!loop.isClosed()) {
      loop.callSoon(() -> lost(cause));
    } else if (protocol instanceof BufferReceiver receiver) {
      receiver.abandoned();
    }
  }

  private void lost(@Nullable Throwable cause) {
    Callbacks.runAndReport(
        loop, () -> protocol.connectionLost(cause), "protocol.connectionLost() failed");
    detach();
  }

  /** Closes what no protocol knows of. */
  void discard() {
    beginClosing();
    finished = true;
    reactor.discard(channel);
    detach();
  }

  private void detach() {
    reactor.closed(this);
    if (server != null) {
      server.detached(this);
      server = null;
    }
  }

  @Override
  public void abort() {
    forceClose(null);
  }

  /** Closes what may not have been opened: then no protocol is told. */
  void giveUp() {
    if (made) {
      forceClose(null);
    } else {
      discard();
    }
  }

  void forceClose(@Nullable Throwable cause) {
    if (!finished) {
      beginClosing();
      finish(cause);
      reactor.discard(channel);
    }
  }

  @Override
  public void failed(Throwable cause) {
    if (opened) {
      fatal(cause, "Fatal read error on socket transport");
    } else if (early == null) {
      early = cause;
    }
  }

  /** As asyncio, a broken connection is no news to anybody but its protocol. */
  private void fatal(Throwable cause, String message) {
    if (finished) {
      return;
    }
    if (cause instanceof IOException) {
      Callbacks.LOG.log(Level.DEBUG, () -> this + ": " + message, cause);
    } else {
      Callbacks.report(loop, message, cause);
    }
    forceClose(cause);
  }

  @Override
  public void closed() {
    gone = true;
    if (finished) {
      return;
    }
    if (closing) {
      finish((Throwable) null);
    } else {
      inputClosed();
    }
  }

  @Override
  public void loopClosed() {
    if (!closing) {
      Callbacks.LOG.log(Level.WARNING, "unclosed transport " + this + ": close() it");
    }
    forceClose(null);
  }

  // -- the rest ----------------------------------------------------------------------------------

  @Override
  public void setProtocol(BaseProtocol newProtocol) {
    protocol = java.util.Objects.requireNonNull(newProtocol, "protocol");
  }

  @Override
  public BaseProtocol getProtocol() {
    return protocol;
  }

  @Override
  public <T> @Nullable T getExtraInfo(ExtraInfo<T> what) {
    Object value = null;
    if (what == ExtraInfo.PEERNAME) {
      value = peername;
    } else if (what == ExtraInfo.SOCKNAME) {
      value = sockname;
    } else if (what == ExtraInfo.SOCKET) {
      value = channel;
    } else if (tls != null) {
      value = tls.extraInfo(what);
    }
    return what.cast(value);
  }

  @Override
  public String toString() {
    return "Transport["
        + sockname
        + " -> "
        + peername
        + (finished ? ", closed" : closing ? ", closing" : "")
        + (tls == null ? "]" : ", TLS]");
  }
}
