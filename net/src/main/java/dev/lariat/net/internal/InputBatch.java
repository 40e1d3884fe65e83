package dev.lariat.net.internal;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plain streams for which one wait has found input, dealt with several at a time.
 *
 * <p>What one of them reads and wakes lies in a dozen places of the memory, and of a thousand
 * connections none is in the processor's cache: it would stand still for each in turn. Reading a
 * little of all of them first, it fetches those of several connections side by side.
 */
final class InputBatch {
  private static final int MOST = 32;

  private final @Nullable DirectSocket[] sockets = new DirectSocket[MOST];
  private int count;

  /** The compiler would leave out a reading that nothing comes of. */
  @SuppressWarnings("UnusedVariable") // it means nothing
  private int prefetched;

  void add(DirectSocket socket) {
    prefetched += socket.prefetch();
    sockets[count++] = socket;
    if (count == MOST) {
      handle();
    }
  }

  /** Deals with those that have been added. How many those were. */
  int handle() {
    int added = count;
    count = 0; // first: what fails is told again, with those behind it
    try {
      for (int i = 0; i < added; i++) {
        Objects.requireNonNull(sockets[i]).handleInput();
      }
    } finally {
      Arrays.fill(sockets, 0, added, null);
    }
    return added;
  }
}
