package dev.lariat.net.internal;

import dev.lariat.host.Poller;
import io.netty.channel.IoEventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps a virtual clock from moving while the network is at it. Bytes take real time to go from one
 * socket to the other, and nobody can tell whether some are on their way; so the clock stands until
 * nothing has happened for a moment. On other loops this does nothing.
 */
final class QuietTime {
  private static final long QUIET_NANOS = 50_000_000;

  private final Poller poller;
  private final IoEventLoop netty;
  private final boolean virtual;
  private final AtomicBoolean working = new AtomicBoolean();
  private volatile long last;

  /** What {@link #last} was when it had been quiet. Netty's thread. */
  private long seen;

  QuietTime(Poller poller, IoEventLoop netty) {
    this.poller = poller;
    this.netty = netty;
    this.virtual = poller.isVirtual();
  }

  /** Something happened. Any thread. */
  void interrupt() {
    if (virtual) {
      last = System.nanoTime();
      if (working.compareAndSet(false, true)) {
        poller.workStarted();
        lookAfter(QUIET_NANOS);
      }
    }
  }

  private void lookAfter(long nanos) {
    if (netty.isShuttingDown()) {
      close();
    } else {
      var _ = netty.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    long latest = last;
    long left = latest + QUIET_NANOS - System.nanoTime();
    if (left > 0) {
      lookAfter(left);
    } else if (seen != latest) { // this thread may have been held up, and not have looked till now
      seen = latest;
      lookAfter(QUIET_NANOS / 10);
    } else if (working.compareAndSet(true, false)) {
      if (last != latest && working.compareAndSet(false, true)) { // an interrupt just now
        lookAfter(QUIET_NANOS);
      } else {
        poller.workFinished();
      }
    }
  }

  /** The clock may move. */
  void close() {
    if (working.compareAndSet(true, false)) {
      poller.workFinished();
    }
  }
}
