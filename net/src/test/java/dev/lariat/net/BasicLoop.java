package dev.lariat.net;

import dev.lariat.EventLoop;
import dev.lariat.host.Poller;
import java.util.concurrent.locks.LockSupport;

/** The loops of core. */
enum BasicLoop implements LoopKind {
  /** Netty polled by the loop. */
  OWN {
    @Override
    public EventLoop newLoop() {
      return new EventLoop();
    }
  },
  /** Netty on a thread beside the loop, which waits on something that is not to be replaced. */
  COMPANION {
    @Override
    public EventLoop newLoop() {
      return new EventLoop(new ForeignPoller());
    }
  };

  /** As a toolkit's: it can be woken, and knows nothing of sockets. */
  private static final class ForeignPoller implements Poller {
    private volatile boolean signalled;
    private volatile Thread sleeper;

    @Override
    public void poll(long nanos) {
      sleeper = Thread.currentThread();
      if (!signalled && nanos < 0) {
        LockSupport.park(this);
      } else if (!signalled && nanos > 0) {
        LockSupport.parkNanos(this, nanos);
      }
      sleeper = null;
      signalled = false;
    }

    @Override
    public void wakeup() {
      signalled = true;
      LockSupport.unpark(sleeper);
    }
  }
}
