package dev.lariat.internal.sync;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import org.jspecify.annotations.Nullable;

/** One task's place in a {@link WaitQueue}. */
public final class Waiter extends Future<@Nullable Void> {
  @Nullable Waiter previous;
  @Nullable Waiter next;
  boolean queued;

  Waiter(EventLoop loop) {
    super(loop);
  }

  /** Wakes the task, unless that was done or it was cancelled; tells which. */
  public boolean wake() {
    if (done()) {
      return false;
    }
    setResult(null);
    return true;
  }

  /** Was woken, by somebody who gave it what it waits for. */
  public boolean woken() {
    return done() && !cancelled();
  }
}
