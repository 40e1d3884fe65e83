package dev.lariat.net.internal;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe that is read from. All is called, and told, on the loop's thread.
 *
 * <p>It reads a little ahead of what was {@link #consumed}, and no further.
 */
public interface PipeSource {
  /** How many blocks it reads ahead. */
  int AHEAD = 4;

  /** How large a block is at most: what a pipe holds. */
  int BLOCK = 64 * 1024;

  /** Begins to read. Called once, unless this was closed before. */
  void start(Events events);

  /** A block that was handed over has been dealt with. */
  void consumed();

  /** Closes the pipe; nothing is told any more. A second call does nothing. */
  void discard();

  /** The channel of the JDK that this is an end of, if it is. */
  default @Nullable SelectableChannel channel() {
    return null;
  }

  /** What is told. */
  interface Events {
    /** A block came; it is the receiver's. */
    void received(byte[] data);

    /** Nobody has the other end any more, or the pipe broke. The last thing that is told. */
    void ended(@Nullable Throwable cause);
  }
}
