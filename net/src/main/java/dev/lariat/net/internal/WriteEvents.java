package dev.lariat.net.internal;

import org.jspecify.annotations.Nullable;

/** What becomes of writes: told on the loop's thread, in the order they were written in. */
@FunctionalInterface
public interface WriteEvents {
  /** Bytes that were written have left for the socket, or never will. */
  void written(int bytes, @Nullable Throwable cause);
}
