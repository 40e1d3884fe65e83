package dev.lariat.net;

import org.jspecify.annotations.Nullable;

/**
 * What a transport tells, in callbacks on the loop's thread. Models {@code asyncio.BaseProtocol}.
 *
 * <p>None of these is a task, so none may await; each may make tasks. What one of them throws goes
 * to the loop's exception handler.
 */
public interface BaseProtocol {
  /**
   * The connection is there. Called once, first of all. Models {@code connection_made}.
   *
   * @param transport what to write to
   */
  default void connectionMade(BaseTransport transport) {}

  /**
   * The connection is gone. Called once, last of all. Models {@code connection_lost}.
   *
   * @param cause what broke it; null if either side closed it in order
   */
  default void connectionLost(@Nullable Throwable cause) {}

  /**
   * The buffer of the transport has more in it than the high-water mark: stop writing. Models
   * {@code pause_writing}.
   */
  default void pauseWriting() {}

  /**
   * The buffer of the transport is down to the low-water mark: go on. Models {@code
   * resume_writing}.
   */
  default void resumeWriting() {}
}
