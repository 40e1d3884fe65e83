package dev.lariat.net;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Sends and receives datagrams. Models {@code asyncio.DatagramTransport}.
 *
 * <p><i>Thread</i>: the loop's.
 */
public interface DatagramTransport extends BaseTransport {
  /**
   * Sends a datagram, or keeps it to be sent as soon as that is possible. Models {@code sendto}.
   *
   * @param data what to send, maybe nothing; may be used again at once
   * @param to where to; null for the remote address that this was made with
   * @throws IllegalArgumentException if there is no address, or another one than this was made with
   * @throws UnsupportedOperationException if there is nothing to send, and the loop is on the JDK's
   *     selector, which cannot send that
   */
  void sendTo(byte[] data, @Nullable SocketAddress to);

  /**
   * Sends a datagram to the remote address that this was made with.
   *
   * @param data what to send
   */
  default void sendTo(byte[] data) {
    sendTo(data, null);
  }

  /**
   * Sets the water marks, as {@link WriteTransport#setWriteBufferLimits}.
   *
   * @param high in bytes, or null
   * @param low in bytes, or null
   */
  void setWriteBufferLimits(@Nullable Integer high, @Nullable Integer low);

  /** {@return how many bytes are waiting to be sent; models {@code get_write_buffer_size}} */
  long getWriteBufferSize();

  /** Closes at once; what was not sent is lost. Models {@code abort}. */
  void abort();
}
