package dev.lariat.internal.loop;

import dev.lariat.host.Poller;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits by parking the loop's thread; costs nothing while idle.
 *
 * <p>No wake-up is lost: {@code signalled} is set before {@code sleeper} is read, and {@code
 * sleeper} before {@code signalled} is looked at, so one side always sees the other. While wake-ups
 * come quickly one after the other it spins for a few microseconds first, which spares the
 * operating system's far slower wake-up.
 */
public final class ParkingPoller implements Poller {
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;
  private static final long QUICK_NANOS = 50_000;

  private volatile boolean signalled;
  private volatile @Nullable Thread sleeper;
  private boolean busy;

  @Override
  public void poll(long nanos) {
    if (signalled) {
      signalled = false;
      return;
    }
    if (nanos != 0) {
      await(nanos);
      signalled = false;
    }
  }

  private void await(long nanos) {
    long start = System.nanoTime();
    if (busy && nanos != 0) {
      for (int i = 0; i < SPINS; i++) {
        if (signalled) {
          return;
        }
        Thread.onSpinWait();
      }
    }
    sleeper = Thread.currentThread();
    if (!signalled) {
      if (nanos < 0) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, nanos);
      }
    }
    sleeper = null;
    busy = signalled && System.nanoTime() - start < QUICK_NANOS;
  }

  @Override
  public boolean isReplaceable() {
    return true;
  }

  @Override
  public void wakeup() {
    signalled = true;
    Thread thread = sleeper;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}
