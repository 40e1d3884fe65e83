package dev.lariat.net;

/** The other end of a stream transport. Models {@code asyncio.Protocol}. */
public interface Protocol extends BaseProtocol {
  /**
   * Bytes came. Models {@code data_received}.
   *
   * @param data at least one byte; the protocol's to keep
   */
  default void dataReceived(byte[] data) {}

  /**
   * The peer will send no more. Models {@code eof_received}.
   *
   * @return true to keep the connection open for writing; false to have it closed. With TLS it is
   *     always closed
   */
  default boolean eofReceived() {
    return false;
  }
}
