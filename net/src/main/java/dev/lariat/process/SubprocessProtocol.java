package dev.lariat.process;

import dev.lariat.net.BaseProtocol;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a child, in callbacks on the loop's thread. Models {@code
 * asyncio.SubprocessProtocol}.
 *
 * <p>{@code connectionMade} comes first, {@code connectionLost} last, when the child has ended and
 * all its pipes have. Between them there is no order: a child may end before its pipes do, and the
 * other way round. {@code pauseWriting} and {@code resumeWriting} are about the standard input.
 */
public interface SubprocessProtocol extends BaseProtocol {
  /**
   * The child wrote something. Models {@code pipe_data_received}.
   *
   * @param fd 1 for its standard output, 2 for its standard error
   * @param data at least one byte; the protocol's to keep
   */
  default void pipeDataReceived(int fd, byte[] data) {}

  /**
   * A pipe is closed. Models {@code pipe_connection_lost}.
   *
   * @param fd 0, 1 or 2
   * @param cause what broke it; null if either side closed it
   */
  default void pipeConnectionLost(int fd, @Nullable Throwable cause) {}

  /** The child has ended; its {@code returncode} is known. Models {@code process_exited}. */
  default void processExited() {}
}
