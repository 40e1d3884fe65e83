package dev.lariat.net.internal;

import io.netty.buffer.ByteBuf;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** Our end of a pipe that is written to. All is called, and told, on the loop's thread. */
public interface PipeSink {
  /** How many blocks it writes before others have their turn: a reader may be as fast. */
  int AT_ONCE = 16;

  /** Tells {@code events} of what is written, and of a reader that goes away (0 bytes). */
  void start(WriteEvents events);

  /** Writes {@code data} as soon as there is room; releases it. */
  void write(ByteBuf data);

  /** Closes the pipe, dropping what was not written. A second call does nothing. */
  void discard();

  /** The channel of the JDK that this is an end of, if it is. */
  default @Nullable SelectableChannel channel() {
    return null;
  }
}
