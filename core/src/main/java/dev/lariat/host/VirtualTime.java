package dev.lariat.host;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A poller whose clock stands still while there is something to do, and then jumps straight to the
 * next deadline: an hour of sleeping takes no time, and every run gives the same order.
 *
 * <pre>{@code
 * EventLoop loop = new EventLoop(new VirtualTime());
 * loop.runUntilComplete(() -> { sleep(Duration.ofHours(1)); return null; });
 * }</pre>
 *
 * <p>Work that the loop itself handed to other threads ({@code toThread}, {@code runInExecutor}) is
 * waited for in real time before the clock moves: such work must not itself wait for the loop's
 * time to pass, or neither would ever go on. Where a test's own threads post to the loop, hold the
 * clock with {@link #workStarted} and {@link #workFinished}.
 */
public final class VirtualTime implements Poller {
  private final AtomicInteger working = new AtomicInteger();
  private volatile boolean signalled;
  private volatile @Nullable Thread sleeper;
  private final AtomicLong now = new AtomicLong();

  /** Makes a clock that stands at zero. */
  public VirtualTime() {}

  /** {@return the time that has passed on this clock} */
  public Duration now() {
    return Duration.ofNanos(now.get());
  }

  @Override
  public long nanoTime() {
    return now.get();
  }

  @Override
  public boolean isVirtual() {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * @throws DeadlockException if nothing can ever wake the loop
   */
  @Override
  public void poll(long nanos) {
    if (nanos == 0 || takeSignal()) {
      return;
    }
    if (working.get() > 0) {
      parkUntilSignalled();
    } else if (takeSignal()) {
      return; // the last worker posted and finished between the two looks
    } else if (nanos < 0) {
      throw new DeadlockException();
    } else {
      now.addAndGet(nanos);
    }
  }

  private boolean takeSignal() {
    if (!signalled) {
      return false; // and it is not written: it may be set just now
    }
    signalled = false;
    return true;
  }

  private void parkUntilSignalled() {
    sleeper = Thread.currentThread();
    while (!signalled && working.get() > 0) {
      LockSupport.park(this);
    }
    sleeper = null;
    signalled = false;
  }

  @Override
  public void wakeup() {
    signalled = true;
    LockSupport.unpark(sleeper);
  }

  @Override
  public void workStarted() {
    working.incrementAndGet();
  }

  @Override
  public void workFinished() {
    working.decrementAndGet();
    LockSupport.unpark(sleeper);
  }
}
