package dev.lariat.net.internal;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How large a buffer a stream is read into: larger than what came of late, so that a buffer which
 * is not full tells that there is no more. Netty's own goes down to the very size of a peer's
 * messages, and then has to ask the system once more after every other one.
 *
 * <p>It grows at once to twice what came, and shrinks by an eighth at a time.
 */
public final class ReceiveSizes extends DefaultMaxMessagesRecvByteBufAllocator {
  static final int FIRST = 2048;
  private static final int LEAST = 512;
  private static final int MOST = 64 * 1024;

  /** How often a channel is read before others have their turn, as Netty has it. */
  private static final int READS = 16;

  /** Makes one. */
  public ReceiveSizes() {
    super(READS);
  }

  /** The size that follows {@code size} when so many bytes have come. */
  static int next(int size, int bytes) {
    int wanted = bytes < MOST ? 2 * bytes : MOST;
    return Math.clamp(Math.max(wanted, size - size / 8), LEAST, MOST);
  }

  @Override
  @SuppressWarnings("deprecation") // there is no other name for the type
  public Handle newHandle() {
    return new Size();
  }

  private final class Size extends MaxMessageHandle {
    private int size = FIRST;

    @Override
    public int guess() {
      return size;
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      if (bytes == attemptedBytesRead()) {
        size = ReceiveSizes.next(size, bytes);
      }
    }

    @Override
    public void readComplete() {
      size = ReceiveSizes.next(size, totalBytesRead());
    }
  }
}
