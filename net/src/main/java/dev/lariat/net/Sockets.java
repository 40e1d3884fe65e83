package dev.lariat.net;

import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.event.Registration;
import dev.lariat.net.internal.Direction;
import dev.lariat.net.internal.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Channels of the JDK on the running loop: for a library that brings its own sockets, or a protocol
 * that the transports of {@link Net} do not fit. Models {@code loop.add_reader} and its like, and
 * the {@code loop.sock_} functions.
 *
 * <p>A channel must not block ({@code configureBlocking(false)}). Close it when no task waits for
 * it and no callback is set; if it is closed earlier, they learn of it within a second.
 *
 * <p>A call that is cancelled has not lost anything: it waits first, and then receives, accepts or
 * sends without waiting. Several tasks may wait for one channel.
 *
 * <p><i>Thread</i>: the loop's, for every method.
 */
public final class Sockets {
  /** How much of a file is sent before other tasks have a turn. */
  private static final long PIECE = 1024 * 1024;

  private Sockets() {}

  // -- callbacks ---------------------------------------------------------------------------------

  /**
   * Has {@code callback} run whenever there is something to read, or a connection to accept; in the
   * place of the callback before, if there was one. Models {@code loop.add_reader}.
   *
   * <p>It is called again while there is something left. Once the channel is closed it is removed.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param channel does not block
   * @param callback runs in a copy of the current context, the same each time
   * @return what removes this callback, and no later one; asyncio's handle
   * @throws IllegalArgumentException if the channel blocks, is closed, or cannot be read from
   * @throws IllegalStateException if a transport has the channel, or a task is waiting to read it
   */
  public static Registration addReader(SelectableChannel channel, Runnable callback) {
    return add(channel, Direction.INPUT, callback);
  }

  /**
   * Has the callback of {@link #addReader} not be called any more. Models {@code
   * loop.remove_reader}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param channel the channel
   * @return whether there was a callback
   */
  public static boolean removeReader(SelectableChannel channel) {
    return readiness().remove(channel, Direction.INPUT);
  }

  /**
   * Has {@code callback} run whenever there is room to write, or a connection is made or refused;
   * otherwise as {@link #addReader}. Models {@code loop.add_writer}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param channel does not block
   * @param callback runs in a copy of the current context, the same each time
   * @return what removes this callback, and no later one; asyncio's handle
   * @throws IllegalArgumentException if the channel blocks, is closed, or cannot be written to
   * @throws IllegalStateException if a transport has the channel, or a task is waiting to write
   */
  public static Registration addWriter(SelectableChannel channel, Runnable callback) {
    return add(channel, Direction.OUTPUT, callback);
  }

  /**
   * Has the callback of {@link #addWriter} not be called any more. Models {@code
   * loop.remove_writer}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param channel the channel
   * @return whether there was a callback
   */
  public static boolean removeWriter(SelectableChannel channel) {
    return readiness().remove(channel, Direction.OUTPUT);
  }

  private static Registration add(
      SelectableChannel channel, Direction direction, Runnable callback) {
    return readiness().add(channel, direction, Objects.requireNonNull(callback, "callback"));
  }

  private static Readiness readiness() {
    return Readiness.of(getRunningLoop());
  }

  // -- waiting -----------------------------------------------------------------------------------

  /** Something that can be done without waiting, or not yet: null. */
  private interface Attempt<T> {
    @Nullable T make() throws IOException;
  }

  private static <T> T whenReady(SelectableChannel channel, Direction direction, Attempt<T> attempt)
      throws IOException {
    Readiness readiness = readiness();
    readiness.checkNotTaken(channel);
    while (true) {
      requireNonBlocking(channel);
      T result = attempt.make();
      if (result != null) {
        readiness.used();
        return result;
      }
      readiness.await(channel, direction);
    }
  }

  private static void requireNonBlocking(SelectableChannel channel) {
    if (channel.isBlocking() && channel.isOpen()) {
      throw new IllegalArgumentException(
          "The channel blocks; call configureBlocking(false) first: " + channel);
    }
  }

  // -- streams -----------------------------------------------------------------------------------

  /**
   * Receives what is there, once something is. Models {@code loop.sock_recv}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing is taken from the channel.
   *
   * @param <C> a socket, a connected datagram socket, or a pipe
   * @param channel does not block
   * @param n how many bytes at most
   * @return what came; nothing at the end of the stream
   * @throws IOException if the channel is closed or broken
   * @throws IllegalArgumentException if the channel blocks
   */
  public static <C extends SelectableChannel & ReadableByteChannel> byte[] sockRecv(
      C channel, int n) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(n);
    return Arrays.copyOf(buffer.array(), sockRecvInto(channel, buffer));
  }

  /**
   * Receives into a buffer what is there, once something is. Models {@code loop.sock_recv_into}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then nothing is taken from the channel.
   *
   * @param <C> a socket, a connected datagram socket, or a pipe
   * @param channel does not block
   * @param buffer filled from its position on
   * @return how many bytes came; 0 at the end of the stream (not -1, as elsewhere in Java)
   * @throws IOException if the channel is closed or broken
   * @throws IllegalArgumentException if the channel blocks
   */
  public static <C extends SelectableChannel & ReadableByteChannel> int sockRecvInto(
      C channel, ByteBuffer buffer) throws IOException {
    int start = buffer.position();
    if (channel instanceof DatagramChannel datagrams) {
      sockRecvfromInto(datagrams, buffer);
    } else if (buffer.hasRemaining()) {
      int _ = whenReady(channel, Direction.INPUT, () -> orNull(channel.read(buffer)));
    }
    return buffer.position() - start;
  }

  /** A count of 0 is that of an operation that has to wait. */
  private static @Nullable Integer orNull(int count) {
    return count == 0 ? null : count;
  }

  /**
   * Sends all of {@code data}. Models {@code loop.sock_sendall}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; part of the data may have been sent. A
   * {@link ByteBuffer} tells how much.
   *
   * @param <C> a socket or a pipe
   * @param channel does not block
   * @param data the bytes
   * @throws IOException if the channel is closed or broken
   * @throws IllegalArgumentException if the channel blocks
   */
  public static <C extends SelectableChannel & WritableByteChannel> void sockSendall(
      C channel, byte[] data) throws IOException {
    sockSendall(channel, ByteBuffer.wrap(data));
  }

  /**
   * Sends the bytes between position and limit, as {@link #sockSendall(SelectableChannel, byte[])}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then what is left to send begins at the
   * position.
   *
   * @param <C> a socket or a pipe
   * @param channel does not block
   * @param data its position is moved by what is sent
   * @throws IOException if the channel is closed or broken
   * @throws IllegalArgumentException if the channel blocks
   */
  public static <C extends SelectableChannel & WritableByteChannel> void sockSendall(
      C channel, ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      int _ = whenReady(channel, Direction.OUTPUT, () -> orNull(channel.write(data)));
    }
  }

  /**
   * Sends a file, without copying it through the program where the system can. Models {@code
   * loop.sock_sendfile}; the JDK chooses between that and copying, so there is no {@code fallback}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; part of it may have been sent. Whatever
   * happens, the file's position is behind the last byte that was sent.
   *
   * @param channel does not block
   * @param file what to send
   * @param offset where in the file to begin
   * @param count how many bytes to send; null for all until the end of the file
   * @return how many bytes were sent: fewer than {@code count} if the file ends
   * @throws IOException if the channel is closed or broken, or the file cannot be read
   * @throws IllegalArgumentException if the channel blocks, or a number is negative
   */
  public static long sockSendfile(
      SocketChannel channel, FileChannel file, long offset, @Nullable Long count)
      throws IOException {
    checkRange(offset, count);
    requireNonBlocking(channel);
    long position = offset;
    try {
      for (long left = left(file, position, offset, count); left > 0; ) {
        long from = position;
        long most = Math.min(left, PIECE);
        position +=
            whenReady(
                channel,
                Direction.OUTPUT,
                () -> {
                  int sent = Math.toIntExact(file.transferTo(from, most, channel));
                  boolean ended = from >= file.size(); // it may have become shorter
                  return sent > 0 || ended ? (Integer) sent : null;
                });
        left = left(file, position, offset, count);
        if (left > 0) {
          sleep(Duration.ZERO); // for a peer that is always ready
        }
      }
      return position - offset;
    } finally {
      if (position > offset && file.isOpen()) {
        file.position(position);
      }
    }
  }

  static void checkRange(long offset, @Nullable Long count) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset must not be negative: " + offset);
    }
    if (count != null && count <= 0) {
      throw new IllegalArgumentException("count must be positive, or null for all: " + count);
    }
  }

  /** How much of a part of a file is left to send; the file may become shorter meanwhile. */
  static long left(FileChannel file, long position, long offset, @Nullable Long count)
      throws IOException {
    long inFile = Math.max(0, file.size() - position);
    return count == null ? inFile : Math.min(inFile, offset + count - position);
  }

  /**
   * Connects. Models {@code loop.sock_connect}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then the channel is still connecting, and a
   * second call, with the same address, goes on waiting for that.
   *
   * @param channel does not block
   * @param address where to; a host that has not been looked up is
   * @throws IOException if that fails; the JDK has closed the channel then
   * @throws IllegalArgumentException if the channel blocks
   */
  public static void sockConnect(SocketChannel channel, SocketAddress address) throws IOException {
    requireNonBlocking(channel);
    if (!channel.isConnectionPending() && channel.connect(resolved(address))) {
      return;
    }
    boolean _ = whenReady(channel, Direction.OUTPUT, () -> channel.finishConnect() ? true : null);
  }

  /**
   * Gives a datagram socket a peer, from which alone it receives: {@link #sockRecv} and {@link
   * #sockSendall} are for that. Models {@code loop.sock_connect}. One that has another peer already
   * is given this one.
   *
   * <p><i>Suspends</i>: only to look a host up. <i>Cancellable</i>: yes; then nothing is changed.
   *
   * @param channel does not block
   * @param address the peer; a host that has not been looked up is
   * @throws IOException if the channel is closed, or the host is not known
   * @throws IllegalArgumentException if the channel blocks
   */
  public static void sockConnect(DatagramChannel channel, SocketAddress address)
      throws IOException {
    SocketAddress to = resolved(address);
    DatagramChannel _ =
        whenReady(channel, Direction.OUTPUT, () -> channel.disconnect().connect(to));
  }

  private static SocketAddress resolved(SocketAddress address) throws IOException {
    return address instanceof InetSocketAddress internet && internet.isUnresolved()
        ? Resolver.resolve(internet.getHostString(), internet.getPort()).getFirst()
        : address;
  }

  /**
   * Accepts a connection. Models {@code loop.sock_accept}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then none is accepted.
   *
   * @param channel listens, and does not block
   * @return the connection, which does not block either
   * @throws IOException if the channel is closed, or the system refuses
   * @throws IllegalArgumentException if the channel blocks
   */
  public static SocketChannel sockAccept(ServerSocketChannel channel) throws IOException {
    SocketChannel accepted = whenReady(channel, Direction.INPUT, channel::accept);
    accepted.configureBlocking(false);
    return accepted;
  }

  // -- datagrams ---------------------------------------------------------------------------------

  /**
   * A datagram that came.
   *
   * @param data its bytes, maybe none
   * @param sender where from
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes, as every call here gives them
  public record Received(byte[] data, SocketAddress sender) {}

  /**
   * Receives a datagram. Models {@code loop.sock_recvfrom}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then none is taken from the channel.
   *
   * @param channel does not block
   * @param n how many bytes at most; the rest of a longer datagram is lost
   * @return the datagram
   * @throws IOException if the channel is closed or has an error to tell
   * @throws IllegalArgumentException if the channel blocks
   */
  public static Received sockRecvfrom(DatagramChannel channel, int n) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(n);
    SocketAddress sender = sockRecvfromInto(channel, buffer);
    return new Received(Arrays.copyOf(buffer.array(), buffer.position()), sender);
  }

  /**
   * Receives a datagram into a buffer. Models {@code loop.sock_recvfrom_into}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then none is taken from the channel.
   *
   * @param channel does not block
   * @param buffer filled from its position on, which tells how much came
   * @return where from
   * @throws IOException if the channel is closed or has an error to tell
   * @throws IllegalArgumentException if the channel blocks
   */
  public static SocketAddress sockRecvfromInto(DatagramChannel channel, ByteBuffer buffer)
      throws IOException {
    return whenReady(channel, Direction.INPUT, () -> channel.receive(buffer));
  }

  /**
   * Sends a datagram. Models {@code loop.sock_sendto}.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; then it is not sent.
   *
   * @param channel does not block
   * @param data the bytes, maybe none
   * @param address where to; a host that has not been looked up is
   * @return how many bytes were sent
   * @throws IOException if the channel is closed, or the system refuses
   * @throws java.nio.channels.AlreadyConnectedException if the channel is connected, and not to
   *     that address
   * @throws IllegalArgumentException if the channel blocks
   * @throws UnsupportedOperationException if there are no bytes and the channel is connected, for
   *     then the JDK sends nothing
   */
  public static int sockSendto(DatagramChannel channel, byte[] data, SocketAddress address)
      throws IOException {
    SocketAddress to = resolved(address);
    if (data.length == 0 && channel.isConnected()) {
      throw new UnsupportedOperationException(
          "The JDK does not send an empty datagram from a channel that is connected: " + channel);
    }
    return whenReady(
        channel,
        Direction.OUTPUT,
        () -> {
          int sent = channel.send(ByteBuffer.wrap(data), to);
          return data.length == 0 ? Integer.valueOf(0) : orNull(sent);
        });
  }
}
