package dev.lariat.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A transport to send with. Models {@code asyncio.WriteTransport}.
 *
 * <p><i>Thread</i>: the loop's.
 */
public interface WriteTransport extends BaseTransport {
  /**
   * Where the buffer counts as full, and where as empty again.
   *
   * @param low the low-water mark, in bytes
   * @param high the high-water mark, in bytes
   */
  record BufferLimits(int low, int high) {}

  /**
   * Sets the water marks. Models {@code set_write_buffer_limits}.
   *
   * @param high above this many bytes the protocol's {@code pauseWriting} is called; null for four
   *     times {@code low}, or 64 KiB if that is null too
   * @param low down at this many {@code resumeWriting} is; null for a quarter of {@code high}
   * @throws IllegalArgumentException unless {@code high >= low >= 0}
   */
  void setWriteBufferLimits(@Nullable Integer high, @Nullable Integer low);

  /**
   * {@return how many bytes have been written and not sent; models {@code get_write_buffer_size}}
   */
  long getWriteBufferSize();

  /** {@return the water marks; models {@code get_write_buffer_limits}} */
  BufferLimits getWriteBufferLimits();

  /**
   * Sends {@code data}, or keeps it to be sent as soon as that is possible. Models {@code write}.
   *
   * <p>On a connection that is lost it does nothing.
   *
   * @param data a copy is made where one is needed: the array can be used again
   * @throws IllegalStateException after {@link #writeEof}
   */
  default void write(byte[] data) {
    write(Unpooled.copiedBuffer(data));
  }

  /**
   * Sends the bytes between position and limit, as {@link #write(byte[])} does.
   *
   * @param data its position is moved to its limit
   */
  default void write(ByteBuffer data) {
    ByteBuf copy = Unpooled.buffer(data.remaining());
    write(copy.writeBytes(data));
  }

  /**
   * Sends {@code data} without copying it, as {@link #write(byte[])} does.
   *
   * @param data is the transport's from now on, which releases it
   */
  void write(ByteBuf data);

  /**
   * Sends several pieces with as few calls of the operating system as possible. Models {@code
   * writelines}.
   *
   * @param data the pieces
   */
  void writelines(Iterable<byte[]> data);

  /**
   * Sends what was written, and then that no more will come; the peer may go on sending. Models
   * {@code write_eof}.
   *
   * @throws UnsupportedOperationException unless {@link #canWriteEof}
   */
  void writeEof();

  /** {@return whether {@link #writeEof} works; models {@code can_write_eof}} */
  boolean canWriteEof();

  /** Closes the connection at once; what was not sent is lost. Models {@code abort}. */
  void abort();
}
