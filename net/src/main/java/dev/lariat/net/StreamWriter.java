package dev.lariat.net;

import static dev.lariat.Asyncio.shield;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.net.internal.Callbacks;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to be written, as a task writes them. Models {@code asyncio.StreamWriter}.
 *
 * <p>{@link #write} waits, before it takes the data, while the peer is slow: so no loop that writes
 * can fill the memory, and {@link #drain} need not be called. {@link #writeNowait} is asyncio's
 * {@code write}, which takes everything at once.
 *
 * <p>A writer that is dropped without having been closed is closed, with a warning, once it is
 * collected. <i>Thread</i>: the loop's.
 */
public final class StreamWriter implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final EventLoop loop;
  private final StreamReaderProtocol protocol;
  private final @Nullable StreamReader reader;
  private final Dropped dropped;
  private WriteTransport transport;

  /**
   * Makes a writer.
   *
   * @param transport what it writes to
   * @param protocol the transport's protocol, which knows when to wait
   * @param reader of the same connection, whose failures are the writer's, too; or null
   */
  public StreamWriter(
      WriteTransport transport, StreamReaderProtocol protocol, @Nullable StreamReader reader) {
    this.transport = Objects.requireNonNull(transport, "transport");
    this.protocol = Objects.requireNonNull(protocol, "protocol");
    this.reader = reader;
    this.loop = protocol.closedFuture().getLoop();
    this.dropped = new Dropped(loop, transport);
    dropped.cleanable = CLEANER.register(this, dropped);
  }

  /** Closes the transport of a writer that was collected; never refers to the writer. */
  private static final class Dropped implements Runnable {
    private final EventLoop loop;
    private volatile WriteTransport transport;
    private volatile boolean closed;
    private Cleaner.@Nullable Cleanable cleanable;

    Dropped(EventLoop loop, WriteTransport transport) {
      this.loop = loop;
      this.transport = transport;
    }

    @Override
    public void run() {
      if (closed || loop.isClosed()) {
        return;
      }
      try {
        loop.callSoonThreadsafe(this::closeWithWarning);
      } catch (IllegalStateException closedMeanwhile) {
        // the loop has closed the transport, and said so
      }
    }

    private void closeWithWarning() {
      if (!transport.isClosing()) {
        Callbacks.LOG.log(
            Level.WARNING, "unclosed StreamWriter of " + transport + ": close() it, or use try");
        transport.close();
      }
    }

    void closed() {
      closed = true;
      if (cleanable != null) {
        cleanable.clean();
        cleanable = null;
      }
    }
  }

  // -- writing -----------------------------------------------------------------------------------

  /**
   * Writes {@code data}, when there is room for it. Models {@code write} and {@code drain}.
   *
   * <p><i>Suspends</i>: if more is waiting to be sent than the high-water mark, until it is down to
   * the low one. Then all tasks that wait here write, in the order they came; so what waits to be
   * sent is never more than the mark and one piece of each task. <i>Cancellable</i>: yes; then
   * nothing of the data is written.
   *
   * @param data may be used again at once
   * @throws IOException if the connection is lost
   */
  public void write(byte[] data) throws IOException {
    waitForRoom();
    transport.write(data);
  }

  /**
   * Writes a string in UTF-8, as {@link #write(byte[])} does.
   *
   * @param text the string
   * @throws IOException if the connection is lost
   */
  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the bytes between position and limit, as {@link #write(byte[])} does.
   *
   * @param data its position is moved to its limit
   * @throws IOException if the connection is lost
   */
  public void write(ByteBuffer data) throws IOException {
    waitForRoom();
    transport.write(data);
  }

  /**
   * Writes {@code data} without a copy, as {@link #write(byte[])} does.
   *
   * @param data is the writer's from now on, which releases it, also if this fails
   * @throws IOException if the connection is lost
   */
  public void write(ByteBuf data) throws IOException {
    try {
      waitForRoom();
    } catch (Throwable error) {
      data.release();
      throw error;
    }
    transport.write(data);
  }

  private void waitForRoom() throws IOException {
    // A protocol is paused only while something is in the buffer, and is seldom asked so.
    boolean paused = transport.getWriteBufferSize() > 0 && protocol.isPaused();
    if (paused || transport.isClosing()) {
      drain();
    }
  }

  /**
   * Writes {@code data} at once, however much is waiting to be sent. Models {@code write}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param data may be used again at once
   */
  public void writeNowait(byte[] data) {
    transport.write(data);
  }

  /**
   * Writes {@code data} at once and without a copy.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param data is the writer's from now on, which releases it
   */
  public void writeNowait(ByteBuf data) {
    transport.write(data);
  }

  /**
   * Writes several pieces with as few calls of the operating system as possible, as {@link
   * #write(byte[])} does. Models {@code writelines}.
   *
   * @param data the pieces
   * @throws IOException if the connection is lost
   */
  public void writelines(Iterable<byte[]> data) throws IOException {
    waitForRoom();
    transport.writelines(data);
  }

  /**
   * Waits until what is waiting to be sent is down to the low-water mark; returns at once while it
   * is below the high one. Any number of tasks may wait. Models {@code drain}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; what was written stays written.
   *
   * @throws IOException if the connection is lost; whatever else the reader fails with is thrown,
   *     too
   */
  public void drain() throws IOException {
    if (reader != null) {
      reader.throwStored();
    }
    if (transport.isClosing()) {
      sleep(Duration.ZERO); // lets a loop of writes learn of the end
    }
    protocol.drain();
  }

  /**
   * Says that no more will be written; the peer may go on sending. Models {@code write_eof}.
   *
   * @throws UnsupportedOperationException unless {@link #canWriteEof}
   */
  public void writeEof() {
    transport.writeEof();
  }

  /** {@return whether {@link #writeEof} works: not with TLS; models {@code can_write_eof}} */
  public boolean canWriteEof() {
    return transport.canWriteEof();
  }

  // -- the end -----------------------------------------------------------------------------------

  /**
   * Closes the connection once what was written is sent. Models {@code close}.
   *
   * <p><i>Suspends</i>: never; see {@link #waitClosed}.
   */
  @Override
  public void close() {
    dropped.closed();
    transport.close();
  }

  /** {@return whether it is closed or being closed; models {@code is_closing}} */
  public boolean isClosing() {
    return transport.isClosing();
  }

  /**
   * Waits until the connection is closed. Models {@code wait_closed}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; that changes nothing about the closing.
   *
   * @throws IOException what broke the connection, if it did not end in order
   */
  public void waitClosed() throws IOException {
    Future<@Nullable Void> closed = protocol.closedFuture();
    Channels.await(closed.done() ? closed : shield(closed));
  }

  // -- more --------------------------------------------------------------------------------------

  /** {@return what it writes to; models {@code transport}} */
  public WriteTransport transport() {
    return transport;
  }

  /**
   * Something that only some transports know. Models {@code get_extra_info}.
   *
   * @param <T> the type of the value
   * @param what what
   * @return the value, or null
   */
  public <T> @Nullable T getExtraInfo(ExtraInfo<T> what) {
    return transport.getExtraInfo(what);
  }

  /**
   * Encrypts the connection from here on; what the reader has not read belongs to the encrypted
   * part. Models {@code start_tls}.
   *
   * <p><i>Suspends</i>: until the handshake is done. <i>Cancellable</i>: yes; then the connection
   * is closed.
   *
   * @param tls the settings: of a server, or of a client with a host name
   * @throws IOException if the handshake fails
   */
  public void startTls(Tls tls) throws IOException {
    drain();
    ByteBuf unread = reader == null ? io.netty.buffer.Unpooled.EMPTY_BUFFER : reader.takeUnread();
    Transport upgraded = StartTls.upgrade(transport, unread, tls);
    protocol.replaceTransport(upgraded);
    transport = upgraded;
    dropped.transport = upgraded;
  }

  @Override
  public String toString() {
    return "StreamWriter[" + transport + "]";
  }
}
