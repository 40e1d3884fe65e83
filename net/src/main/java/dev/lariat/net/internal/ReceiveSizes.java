package dev.lariat.net.internal;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How large a buffer a stream is read into: larger than what came of late, so that a buffer which
 * is not full tells that there is no more. Netty's own goes down to the very size of a peer's
 * messages, and then has to ask the system once more after every other one.
 */
public final class ReceiveSizes extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int FIRST = 2048;
  private static final int LEAST = 512;
  private static final int MOST = 64 * 1024;

  /** How often a channel is read before others have their turn, as Netty has it. */
  private static final int READS = 16;

  /** Makes one. */
  public ReceiveSizes() {
    super(READS);
  }

  /** One for each channel: it is not shared. */
  @Override
  @SuppressWarnings("deprecation") // there is no other name for the type
  public Handle newHandle() {
    return new Size();
  }

  private final class Size extends MaxMessageHandle {
    private int size = FIRST;

    /** Half the size would have done the last time. */
    private boolean wasSmall;

    @Override
    public int guess() {
      return size;
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      if (bytes == attemptedBytesRead() && size < MOST) {
        size *= 2; // there may be more
        wasSmall = false;
      }
    }

    @Override
    public void readComplete() {
      boolean small = totalBytesRead() < size / 2 && size > LEAST;
      if (small && wasSmall) {
        size /= 2;
      }
      wasSmall = small && !wasSmall;
    }
  }
}
