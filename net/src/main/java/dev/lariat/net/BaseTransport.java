package dev.lariat.net;

import org.jspecify.annotations.Nullable;

/**
 * A connection as a protocol sees it. Models {@code asyncio.BaseTransport}.
 *
 * <p>No method of a transport suspends. <i>Thread</i>: the loop's, for every method.
 */
public interface BaseTransport {
  /**
   * Something that only some transports know. Models {@code get_extra_info}.
   *
   * @param <T> the type of the value
   * @param what what
   * @return the value, or null if this transport has none
   */
  <T> @Nullable T getExtraInfo(ExtraInfo<T> what);

  /** {@return whether this is closed or being closed; models {@code is_closing}} */
  boolean isClosing();

  /**
   * Closes the connection once what was written is sent; no more is received. Then the protocol is
   * told. Models {@code close}.
   */
  void close();

  /**
   * Has another protocol told, from now on. Models {@code set_protocol}.
   *
   * @param protocol the protocol
   */
  void setProtocol(BaseProtocol protocol);

  /** {@return the protocol that is told; models {@code get_protocol}} */
  BaseProtocol getProtocol();
}
