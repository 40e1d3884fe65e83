package dev.lariat.process;

import dev.lariat.net.BaseTransport;
import org.jspecify.annotations.Nullable;

/**
 * A child as its protocol sees it. Models {@code asyncio.SubprocessTransport}.
 *
 * <p>{@code close} closes the pipes, and kills the child if it is running.
 *
 * <p><i>Thread</i>: the loop's.
 */
public interface SubprocessTransport extends BaseTransport {
  /** {@return the process id; models {@code get_pid}} */
  long getPid();

  /**
   * How the child ended. Models {@code get_returncode}.
   *
   * <p>A child that a signal ended has the negative number of the signal. The JDK reports such an
   * end as exit status 128 + n, as shells do; so a child that exits with a status from 129 to 159
   * of its own accord is taken for one that was ended by a signal.
   *
   * @return its exit status; null while it runs
   */
  @Nullable Integer getReturncode();

  /**
   * The transport of a pipe. Models {@code get_pipe_transport}.
   *
   * @param fd 0 for the child's standard input, which can be written; 1 or 2 for what it writes
   * @return the transport, or null if that is no pipe
   */
  @Nullable BaseTransport getPipeTransport(int fd);

  /**
   * Sends the child a signal, by its name; does nothing if the child has ended. Models {@code
   * send_signal}.
   *
   * @param signal the name, as {@code "INT"}
   * @throws IllegalArgumentException if there is no such signal here
   * @throws UnsupportedOperationException where there are no signals but those of {@link
   *     #terminate} and {@link #kill}
   */
  void sendSignal(String signal);

  /** Asks the child to end: SIGTERM. Does nothing if it has ended. Models {@code terminate}. */
  void terminate();

  /** Ends the child: SIGKILL. Does nothing if it has ended. Models {@code kill}. */
  void kill();
}
