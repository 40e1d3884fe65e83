package dev.lariat.net;

import dev.lariat.Future;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.ChannelBridge;
import dev.lariat.net.internal.ChannelEvents;
import dev.lariat.net.internal.DirectSocket;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.SendingTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
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
final class ChannelTransport extends SendingTransport implements Transport, ChannelEvents {
  /** Larger writes are cut up, or the water marks would see them leave only as a whole. */
  private static final int PIECE = 64 * 1024;

  private final Reactor reactor;
  private final Channel channel;
  private final ChannelBridge bridge;
  private @Nullable Server server;
  private @Nullable TlsLayer tls;
  private @Nullable DirectSocket direct;

  /** Of a stream: it takes bytes as they are, not from its protocol, which would want a copy. */
  private @Nullable StreamReader reader;

  /** Null while there is nothing. */
  private @Nullable Deque<ByteBuf> held;

  private @Nullable SocketAddress peername;
  private @Nullable SocketAddress sockname;

  private boolean made;
  private boolean opened;
  private boolean paused;

  /** A BufferedProtocol is being called; a main loop that it nests brings more, which waits. */
  private boolean filling;

  private boolean inputEnded;
  private boolean eofTold;
  private boolean gone;
  private @Nullable Throwable early;
  private boolean eofWritten;
  private boolean sendsFile;
  private @Nullable Future<@Nullable Void> emptied;

  /** Makes a transport of a channel that is not registered yet. On Netty's thread or the loop's. */
  ChannelTransport(Reactor reactor, Channel channel) {
    super(reactor.loop, new Protocol() {});
    this.reactor = reactor;
    this.channel = channel;
    this.bridge = new ChannelBridge(reactor, this);
    channel.pipeline().addLast(bridge);
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
    direct = null;
  }

  // -- the beginning -----------------------------------------------------------------------------

  /** Counts this among what is open, and among the connections of a server. */
  void attach(@Nullable Server ofServer) {
    attachTo(reactor);
    server = ofServer;
    if (ofServer != null) {
      ofServer.attached(this);
    }
  }

  /** Tells {@code first} of the connection, soon, then begins to read, then runs {@code then}. */
  void open(BaseProtocol first, Runnable then) {
    made = true;
    setProtocol(first);
    peername = channel.remoteAddress();
    sockname = channel.localAddress();
    direct = reactor.isOneThread() ? bridge.direct() : null;
    tellMade(() -> {
      opened = true;
      if (early != null) {
        fatal(early, "Fatal read error on socket transport");
      } else {
        catchUp();
      }
      then.run();
    });
  }

  @Override
  public void setProtocol(BaseProtocol newProtocol) {
    super.setProtocol(newProtocol);
    reader = newProtocol instanceof StreamReaderProtocol stream ? stream.reader() : null;
  }

  // -- receiving ---------------------------------------------------------------------------------

  @Override
  public void received(ByteBuf data) {
    if (closing) {
      release(data);
    } else if (canDeliver() && held == null) {
      deliver(data);
      if (held != null || inputEnded) {
        catchUp();
      }
    } else {
      makeHeld().add(data);
    }
  }

  @Override
  public int prefetch() {
    return (opened ? 1 : 0) + (int) unsent + (reader == null ? 0 : reader.prefetch());
  }

  private Deque<ByteBuf> makeHeld() {
    if (held == null) {
      held = new ArrayDeque<>(2);
    }
    return held;
  }

  private ByteBuf removeFirst(Deque<ByteBuf> from) {
    ByteBuf first = from.remove();
    if (from.isEmpty()) {
      held = null;
    }
    return first;
  }

  private void release(ByteBuf data) {
    int bytes = data.readableBytes();
    data.release();
    reactor.consumed(channel, bytes);
  }

  private void deliver(ByteBuf data) {
    int bytes = data.readableBytes();
    if (reader != null) {
      feed(reader, data);
    } else {
      filling = protocol instanceof BufferedProtocol;
      try {
        Delivery.deliver(this, data);
      } finally {
        filling = false;
      }
      if (paused && !closing && data.isReadable()) { // paused half way
        bytes -= data.readableBytes();
        makeHeld().addFirst(data);
      } else {
        data.release();
      }
    }
    reactor.consumed(channel, bytes);
  }

  private void feed(StreamReader target, ByteBuf data) {
    try {
      target.feed(data);
    } catch (IllegalStateException endedByHand) {
      fatal(endedByHand, "Fatal error: StreamReader.feedData() call failed.");
    }
  }

  @Override
  public void inputClosed() {
    inputEnded = true;
    if (endsTls()) {
      forceClose(null); // no close_notify comes any more
    } else {
      catchUp();
    }
  }

  /** Delivers what was held, then the end of the input; or reads on. */
  private void catchUp() {
    while (canDeliver() && held != null) {
      deliver(removeFirst(held));
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
    return opened && !paused && !closing && !filling;
  }

  private void tellEof() {
    boolean[] keepOpen = new boolean[1];
    Throwable error =
        Callbacks.run(
            loop,
            () -> {
              keepOpen[0] =
                  protocol instanceof Protocol simple
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
    loop.checkThread();
    if (!closing && !paused) {
      paused = true;
      setReading(false);
    }
  }

  @Override
  public void resumeReading() {
    loop.checkThread();
    if (!closing && paused) {
      paused = false;
      if (held == null && !inputEnded) {
        catchUp();
      } else {
        soon(this::catchUp);
      }
    }
  }

  /** What was received and not delivered: for TLS, which takes the rest of the stream. */
  ByteBuf takeHeld() {
    if (held == null) {
      return Unpooled.EMPTY_BUFFER;
    }
    ByteBuf taken = Unpooled.wrappedBuffer(held.toArray(new ByteBuf[0]));
    held = null;
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
    if (accepts(data) && !sendNow(data)) {
      inPieces = true;
      while (data.readableBytes() > PIECE) {
        send(data.readRetainedSlice(PIECE), PIECE);
      }
      inPieces = false;
      send(data, data.readableBytes());
      flow.maybePause(protocol, unsent);
    }
  }

  /** Whether there is nothing more to do. */
  private boolean sendNow(ByteBuf data) {
    try {
      return direct != null && unsent == 0 && direct.send(data);
    } catch (IOException error) {
      data.release();
      writeFailed(error);
      return true;
    }
  }

  /** Whether there is something to send, and somebody to send it to; releases it otherwise. */
  private boolean accepts(ByteBuf data) {
    checkThread(data);
    if (eofWritten || sendsFile) {
      data.release();
      throw new IllegalStateException(
          eofWritten
              ? "Cannot call write() after writeEof()"
              : "Unable to write: sendfile is in progress");
    }
    if (finished || endsTls() || !data.isReadable()) {
      drop(data);
      return false;
    }
    return true;
  }

  private void send(Object piece, int bytes) {
    unsent += bytes;
    reactor.write(channel, piece, bytes, this);
  }

  @Override
  public void writelines(Iterable<byte[]> data) {
    write(joined(data));
  }

  @Override
  protected void writeFailed(Throwable cause) {
    fatal(cause, "Fatal write error on socket transport");
  }

  /** With TLS, the channel says when it is closed; see {@link #closed}. */
  @Override
  protected void sentAll() {
    wakeWaiter(null);
    if (!closing) {
      shutdownOutputIfWanted();
      return;
    }
    if (tls == null) {
      finish(null);
    } else {
      setReading(true); // the peer's close_notify is yet to come
    }
    reactor.toNetty(() -> {
      var _ = channel.close();
    });
  }

  @Override
  public boolean canWriteEof() {
    return tls == null;
  }

  @Override
  public void writeEof() {
    loop.checkThread();
    if (tls != null) {
      throw new UnsupportedOperationException("TLS cannot close one direction only");
    }
    if (!closing && !eofWritten) {
      eofWritten = true;
      shutdownOutputIfWanted();
    }
  }

  private void shutdownOutputIfWanted() {
    if (eofWritten && unsent == 0 && !sendsFile) {
      reactor.toNetty(() -> {
        var _ = ((DuplexChannel) channel).shutdownOutput(); // if it fails, the channel is closing
      });
    }
  }

  // -- files, as SendFile sends them -------------------------------------------------------------

  /** Refuses writes until {@link #endFile}. */
  void beginFile() {
    if (eofWritten) {
      throw new IllegalStateException("Cannot call sendfile() after writeEof()");
    }
    if (sendsFile) {
      throw new IllegalStateException("Unable to send two files at once: sendfile is in progress");
    }
    sendsFile = true;
  }

  /** Sends a part of the file and waits until that is done. */
  void sendPart(Object part, int bytes) throws IOException {
    send(part, bytes);
    awaitEmpty();
  }

  /** Waits until all is sent. */
  void awaitEmpty() throws IOException {
    if (unsent > 0) {
      emptied = loop.createFuture();
      try {
        Channels.await(emptied);
      } finally {
        emptied = null;
      }
    }
  }

  private void wakeWaiter(@Nullable Throwable cause) {
    if (emptied != null) {
      Channels.complete(emptied, cause);
    }
  }

  void endFile() {
    sendsFile = false;
    if (!closing) {
      shutdownOutputIfWanted();
    }
  }

  // -- the end -----------------------------------------------------------------------------------

  @Override
  protected void beginClosing() {
    super.beginClosing();
    while (held != null) {
      release(removeFirst(held));
    }
    if (tls == null) {
      setReading(false);
    }
  }

  /** Netty's limit for the end of TLS begins only when all is sent; asyncio's is for that, too. */
  @Override
  protected void closeLater() {
    if (tls != null) {
      loop.callLater(
          tls.shutdownTimeout(),
          () -> {
            if (unsent > 0) {
              forceClose(new SocketTimeoutException("SSL shutdown timed out"));
            }
          });
    }
  }

  /** Whether our close_notify is sent, so that only the peer's is yet to come. */
  private boolean endsTls() {
    return closing && tls != null && unsent == 0;
  }

  private void finish(@Nullable Throwable cause) {
    unsent = 0;
    wakeWaiter(cause == null ? StreamReaderProtocol.lostConnection() : cause);
    tellLost(cause);
  }

  /** The protocol is not told any more, even if it was to be. */
  @Override
  protected void abandon() {
    super.abandon();
    if (reader != null) {
      reader.disconnected();
    }
  }

  /** Closes what no protocol knows of. */
  void discard() {
    beginClosing();
    finished = true;
    reactor.discard(channel);
    detach();
  }

  @Override
  protected void detach() {
    super.detach();
    if (server != null) {
      server.detached(this);
      server = null;
    }
  }

  /** As {@link #close}; at once if no protocol knows of it, as in a TLS handshake. */
  void closeOrDiscard() {
    if (made) {
      close();
    } else {
      discard();
    }
  }

  /** Closes what may not have been opened: then no protocol is told. */
  void giveUp() {
    if (made) {
      forceClose(null);
    } else {
      discard();
    }
  }

  @Override
  protected void forceClose(@Nullable Throwable cause) {
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
  void fatal(Throwable error, String message) {
    if (finished) {
      return;
    }
    Throwable cause = Channels.plain(error);
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
      finish(null);
    } else {
      inputClosed();
    }
  }

  boolean isFinished() {
    return finished;
  }

  // -- the rest ----------------------------------------------------------------------------------

  @Override
  protected @Nullable Object extraInfo(ExtraInfo<?> what) {
    if (what == ExtraInfo.PEERNAME) {
      return peername;
    } else if (what == ExtraInfo.SOCKNAME) {
      return sockname;
    } else if (what == ExtraInfo.SOCKET) {
      return channel;
    }
    return tls == null ? null : tls.extraInfo(what);
  }

  @Override
  public String toString() {
    return "Transport[" + sockname + " -> " + peername + state() + (tls == null ? "]" : ", TLS]");
  }
}
