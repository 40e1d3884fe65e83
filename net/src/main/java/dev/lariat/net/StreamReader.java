package dev.lariat.net;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to be read, as a task reads them. Models {@code asyncio.StreamReader}.
 *
 * <p>It buffers little: when more than twice the limit is unread the transport is paused, and so in
 * the end the peer. One task reads at a time. A cancelled read has taken nothing out.
 *
 * <p>It stands on any {@link ReadTransport}, or on none: then it is fed by hand.
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class StreamReader implements Iterable<String> {
  /** How long a line may be, unless it is said otherwise: 64 KiB. */
  public static final int DEFAULT_LIMIT = 64 * 1024;

  private static final byte[] NEWLINE = {'\n'};

  private final EventLoop loop;
  private final int limit;
  private final StreamBuffer buffer = new StreamBuffer();
  private boolean eof;
  private @Nullable Throwable exception;
  private @Nullable Future<@Nullable Void> waiter;
  private @Nullable ReadTransport transport;
  private boolean paused;

  /** Makes a reader with the default limit, of the running loop. */
  public StreamReader() {
    this(DEFAULT_LIMIT);
  }

  /**
   * Makes a reader of the running loop, or of the loop that is set for this thread.
   *
   * @param limit how long a line or message may be that is looked for by its end, in bytes
   * @throws IllegalArgumentException unless the limit is positive
   */
  public StreamReader(int limit) {
    checkLimit(limit);
    this.loop = Asyncio.getEventLoop();
    this.limit = limit;
  }

  static void checkLimit(int limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("Limit cannot be <= 0: " + limit);
    }
  }

  // -- being fed ---------------------------------------------------------------------------------

  /**
   * Sets what to pause when the buffer is full. Models {@code set_transport}.
   *
   * @param newTransport what the bytes come from
   */
  public void setTransport(ReadTransport newTransport) {
    if (transport != null && transport != newTransport) {
      throw new IllegalStateException("Transport already set");
    }
    transport = newTransport;
  }

  /** Another layer of the same connection takes over: TLS. */
  void replaceTransport(ReadTransport newTransport) {
    transport = newTransport;
    paused = false;
  }

  /**
   * Adds bytes. Models {@code feed_data}.
   *
   * @param data copied
   * @throws IllegalStateException after {@link #feedEof}
   */
  public void feedData(byte[] data) {
    if (data.length > 0) {
      feed(Unpooled.copiedBuffer(data));
    }
  }

  /** Reads a little of all that {@link #feed} will read, and returns what means nothing. */
  int prefetch() {
    return buffer.size() + (waiter == null ? 0 : EventLoop.prefetch(waiter));
  }

  /** Adds bytes, without a copy where that is possible; they are the reader's now. */
  void feed(ByteBuf data) {
    if (eof) {
      data.release();
      throw new IllegalStateException("feedData after feedEof");
    }
    buffer.add(data);
    wake();
    if (transport != null && !paused && buffer.size() > 2 * (long) limit) {
      paused = true;
      transport.pauseReading();
    }
  }

  /** The end: no more will come. Models {@code feed_eof}. */
  public void feedEof() {
    eof = true;
    wake();
  }

  /**
   * Has reading fail, now and from now on. Models {@code set_exception}.
   *
   * @param failure what it fails with
   */
  public void setException(Throwable failure) {
    exception = failure;
    Future<@Nullable Void> waiting = waiter;
    waiter = null;
    if (waiting != null) {
      Channels.complete(waiting, failure);
    }
  }

  /** {@return what reading fails with, or null; models {@code exception}} */
  public @Nullable Throwable exception() {
    return exception;
  }

  /** The connection is gone; what is unread stays, but holds nothing that must be given back. */
  void disconnected() {
    buffer.leavePool();
  }

  /** Takes what is unread, for another layer to read. */
  ByteBuf takeUnread() {
    return buffer.takeAll();
  }

  private void wake() {
    Future<@Nullable Void> waiting = waiter;
    waiter = null;
    if (waiting != null) {
      Channels.complete(waiting, null);
    }
  }

  /** {@return whether all has been read, and no more will come; models {@code at_eof}} */
  public boolean atEof() {
    return eof && buffer.size() == 0;
  }

  // -- waiting -----------------------------------------------------------------------------------

  /** Waits until there is more than there was, or the end. */
  private void waitForData(String caller) throws IOException {
    if (waiter != null) {
      throw new IllegalStateException(
          caller + "() called while another coroutine is already waiting for incoming data");
    }
    resume(); // or a message longer than the buffer would never be complete
    Future<@Nullable Void> waiting = loop.createFuture();
    waiter = waiting;
    try {
      Channels.await(waiting);
    } finally {
      if (waiter == waiting) {
        waiter = null;
      }
    }
  }

  private void resume() {
    if (paused && transport != null) {
      paused = false;
      transport.resumeReading();
    }
  }

  private void maybeResume() {
    if (paused && buffer.size() <= limit) {
      resume();
    }
  }

  /** A failure that came before is thrown by every later call. */
  void throwStored() throws IOException {
    if (exception instanceof IOException failure) {
      throw failure;
    } else if (exception instanceof RuntimeException failure) {
      throw failure;
    } else if (exception instanceof Error failure) {
      throw failure;
    } else if (exception != null) {
      throw new IOException(exception);
    }
  }

  // -- reading -----------------------------------------------------------------------------------

  /**
   * Reads until the end of the stream. Models {@code read()}.
   *
   * <p><i>Suspends</i>: until the end. <i>Cancellable</i>: yes; nothing is lost.
   *
   * @return all that was left, perhaps nothing
   * @throws IOException if the connection broke
   */
  public byte[] read() throws IOException {
    throwStored();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (byte[] block = read(limit); block.length > 0; block = read(limit)) {
        all.write(block, 0, block.length);
      }
    } catch (CancelledError cancelled) {
      buffer.putBack(all.toByteArray());
      throw cancelled;
    }
    return all.toByteArray();
  }

  /**
   * Reads what is there, once something is. Models {@code read(n)}.
   *
   * <p><i>Suspends</i>: while nothing is there. <i>Cancellable</i>: yes; nothing is lost.
   *
   * @param n how many bytes at most; a negative number reads until the end, as {@link #read()}
   * @return at least one byte, unless the stream has ended or {@code n} is 0
   * @throws IOException if the connection broke
   */
  public byte[] read(int n) throws IOException {
    if (n < 0) {
      return read();
    }
    throwStored();
    if (n == 0) {
      return new byte[0];
    }
    waitUnlessReadable();
    byte[] data = buffer.take(Math.min(n, buffer.size()));
    maybeResume();
    return data;
  }

  /**
   * Puts bytes back before what is unread: for who has read a part of what belongs together, and is
   * cancelled before the rest.
   *
   * @param data copied
   */
  public void unread(byte[] data) {
    buffer.putBack(data);
    wake();
  }

  private void waitUnlessReadable() throws IOException {
    if (buffer.size() == 0 && !eof) {
      waitForData("read");
    }
  }

  /**
   * Reads what is there into an array, once something is, as {@link
   * java.io.InputStream#read(byte[], int, int)} does.
   *
   * <p><i>Suspends</i>: while nothing is there. <i>Cancellable</i>: yes; nothing is lost.
   *
   * @param target where to put it
   * @param offset where in it
   * @param length how many bytes at most
   * @return how many were read; -1 at the end of the stream
   * @throws IOException if the connection broke
   */
  public int readInto(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    throwStored();
    if (length == 0) {
      return 0;
    }
    waitUnlessReadable();
    int count = Math.min(length, buffer.size());
    if (count == 0) {
      return -1;
    }
    buffer.takeInto(target, offset, count);
    maybeResume();
    return count;
  }

  /**
   * Reads what is there, once something is, without copying it.
   *
   * <p><i>Suspends</i>: while nothing is there. <i>Cancellable</i>: yes; nothing is lost.
   *
   * @return at least one byte, unless the stream has ended; the caller releases it, or writes it to
   *     a {@link StreamWriter}, which does
   * @throws IOException if the connection broke
   */
  public ByteBuf readBuffer() throws IOException {
    throwStored();
    waitUnlessReadable();
    ByteBuf data = buffer.takeAll();
    maybeResume();
    return data;
  }

  /**
   * Reads a line with its newline, {@code \n}. Models {@code readline}.
   *
   * <p><i>Suspends</i>: until the line is complete. <i>Cancellable</i>: yes; nothing is lost.
   *
   * @return the line; what is left, perhaps nothing, if the stream ends before a newline
   * @throws LimitOverrunException if the line is longer than the limit; it is dropped, or as much
   *     of it as has come
   * @throws IOException if the connection broke
   */
  public byte[] readline() throws IOException {
    try {
      return readuntil(NEWLINE);
    } catch (IncompleteReadException end) {
      return end.partial();
    } catch (LimitOverrunException tooLong) {
      if (buffer.matches(NEWLINE, tooLong.consumed())) {
        buffer.skip(tooLong.consumed() + 1);
      } else {
        buffer.clear();
      }
      maybeResume();
      throw tooLong;
    }
  }

  /**
   * Reads a line as text: UTF-8, without {@code \n} or {@code \r\n} at its end.
   *
   * <p><i>Suspends</i>: until the line is complete. <i>Cancellable</i>: yes; nothing is lost.
   *
   * @return the line, or null at the end of the stream
   * @throws LimitOverrunException as {@link #readline}
   * @throws IOException if the connection broke
   */
  public @Nullable String readLine() throws IOException {
    byte[] line = readline();
    int end = line.length;
    if (end == 0) {
      return null;
    }
    if (line[end - 1] == '\n') {
      end--;
      if (end > 0 && line[end - 1] == '\r') {
        end--;
      }
    }
    return new String(line, 0, end, StandardCharsets.UTF_8);
  }

  /**
   * Reads up to and including a separator. Models {@code readuntil}.
   *
   * <p><i>Suspends</i>: until it has come. <i>Cancellable</i>: yes; nothing is lost.
   *
   * @param separators what to look for; of several, that which ends first
   * @return the data, with the separator
   * @throws IncompleteReadException if the stream ends before; what was left is in it, and no more
   *     in the stream
   * @throws LimitOverrunException if there is none within the limit; the data stay unread
   * @throws IllegalArgumentException if there is no separator, or an empty one
   * @throws IOException if the connection broke
   */
  public byte[] readuntil(byte[]... separators) throws IOException {
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    for (byte[] separator : separators) {
      shortest = Math.min(shortest, separator.length);
      longest = Math.max(longest, separator.length);
    }
    if (separators.length == 0) {
      throw new IllegalArgumentException("Separator should contain at least one element");
    }
    if (shortest == 0) {
      throw new IllegalArgumentException("Separator should be at least one-byte string");
    }
    throwStored();
    int searched = 0; // no separator begins before
    while (true) {
      int size = buffer.size();
      if (size - searched >= shortest) {
        long match = find(separators, searched);
        if (match >= 0) {
          return takeUntil((int) (match >>> 32), (int) match);
        }
        searched = Math.max(0, size + 1 - longest);
        if (searched > limit) {
          throw new LimitOverrunException(
              "Separator is not found, and chunk exceed the limit", searched);
        }
      }
      if (eof) {
        byte[] rest = buffer.take(buffer.size());
        throw new IncompleteReadException(rest, null);
      }
      waitForData("readuntil");
    }
  }

  private byte[] takeUntil(int start, int end) {
    if (start > limit) {
      throw new LimitOverrunException("Separator is found, but chunk is longer than limit", start);
    }
    byte[] data = buffer.take(end);
    maybeResume();
    return data;
  }

  /** Of the match that ends first: where it begins, and in the lower half where it ends; or -1. */
  private long find(byte[][] separators, int from) {
    long best = -1;
    int bestEnd = Integer.MAX_VALUE;
    for (byte[] separator : separators) {
      int start = find(separator, from);
      if (start >= 0 && start + separator.length < bestEnd) {
        bestEnd = start + separator.length;
        best = (long) start << 32 | bestEnd;
      }
    }
    return best;
  }

  private int find(byte[] separator, int from) {
    int start = buffer.indexOf(separator[0], from);
    while (start >= 0 && !buffer.matches(separator, start)) {
      start = buffer.indexOf(separator[0], start + 1);
    }
    return start;
  }

  /**
   * Reads just so many bytes. Models {@code readexactly}.
   *
   * <p><i>Suspends</i>: until all are there. <i>Cancellable</i>: yes; nothing is lost.
   *
   * @param n how many
   * @return as many
   * @throws IncompleteReadException if the stream ends before; what was left is in it
   * @throws IllegalArgumentException if {@code n} is negative
   * @throws IOException if the connection broke
   */
  public byte[] readexactly(int n) throws IOException {
    if (n < 0) {
      throw new IllegalArgumentException("readexactly size can not be less than zero: " + n);
    }
    throwStored();
    while (buffer.size() < n) {
      if (eof) {
        throw new IncompleteReadException(buffer.take(buffer.size()), n);
      }
      waitForData("readexactly");
    }
    byte[] data = buffer.take(n);
    maybeResume();
    return data;
  }

  // -- lines -------------------------------------------------------------------------------------

  /**
   * Iterates over the lines that are left, as {@link #readLine} gives them. Models {@code async for
   * line in reader}.
   *
   * <p><i>Suspends</i>: {@code hasNext} until a line is complete. <i>Cancellable</i>: yes; nothing
   * is lost. A broken connection is an {@link java.io.UncheckedIOException}.
   *
   * @return an iterator; there is no going back
   */
  @Override
  public Iterator<String> iterator() {
    return new LineIterator(this);
  }

  @Override
  public String toString() {
    return "StreamReader["
        + buffer.size()
        + " bytes"
        + (eof ? ", eof" : "")
        + (limit == DEFAULT_LIMIT ? "" : ", limit " + limit)
        + (waiter == null ? "" : ", waited for")
        + (exception == null ? "" : ", " + exception)
        + (paused ? ", paused]" : "]");
  }
}
