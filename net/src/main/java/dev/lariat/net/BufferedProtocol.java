package dev.lariat.net;

import java.nio.ByteBuffer;

/**
 * A protocol that says where bytes are to be put. Models {@code asyncio.BufferedProtocol}.
 *
 * <p>The calls alternate: {@link #getBuffer}, {@link #bufferUpdated}, and so on.
 */
public interface BufferedProtocol extends BaseProtocol {
  /**
   * Where to put the bytes that have come. Models {@code get_buffer}.
   *
   * @param sizehint how many there are; less room is allowed, none is not
   * @return a buffer, filled from its position on
   */
  ByteBuffer getBuffer(int sizehint);

  /**
   * The buffer has been filled. Models {@code buffer_updated}.
   *
   * @param count how many bytes were put into it
   */
  void bufferUpdated(int count);

  /**
   * The peer will send no more. Models {@code eof_received}.
   *
   * @return as {@link Protocol#eofReceived}
   */
  default boolean eofReceived() {
    return false;
  }
}
