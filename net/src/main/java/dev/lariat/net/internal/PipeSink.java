package dev.lariat.net.internal;

import io.netty.buffer.ByteBuf;

/** Our end of a pipe that a child reads from. All is called, and told, on the loop's thread. */
public interface PipeSink {
  /** Tells {@code events} of what is written, and of a reader that goes away (0 bytes). */
  void start(WriteEvents events);

  /** Writes {@code data} as soon as there is room; releases it. */
  void write(ByteBuf data);

  /** Closes the pipe, dropping what was not written. A second call does nothing. */
  void discard();
}
