package dev.lariat.host;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One wake-up at a time, from a daemon thread of its own: for hosts whose toolkit has no precise
 * timer. Costs nothing while no deadline is set.
 */
public final class Alarm implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  private final Runnable action;
  private final Thread thread;
  private final AtomicLong deadline = new AtomicLong(NEVER);
  private volatile boolean closed;

  /**
   * Makes an alarm and starts its thread.
   *
   * @param name the name of the thread
   * @param action called on that thread when the deadline has passed
   */
  public Alarm(String name, Runnable action) {
    this.action = action;
    thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    thread.start();
  }

  /**
   * Sets the deadline, in place of one that has not passed. Any thread.
   *
   * @param nanoTime when, by {@link System#nanoTime}
   */
  public void set(long nanoTime) {
    deadline.set(nanoTime);
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      long when = deadline.get();
      long left = when == NEVER ? NEVER : when - System.nanoTime();
      if (left > 0) {
        if (when == NEVER) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, left);
        }
      } else if (deadline.compareAndSet(when, NEVER)) {
        action.run();
      }
    }
  }

  /** Ends the thread. Any thread. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
