package dev.lariat;

import dev.lariat.internal.context.ContextSource;
import dev.lariat.internal.loop.Inbox;
import org.jspecify.annotations.Nullable;

/**
 * A handle that any thread may cancel. The monitor makes {@link #cancel} wait for a callback that
 * is running, so after it returns the callback has either finished or will never run.
 */
final class ThreadsafeHandle extends Handle implements Inbox.Node<ThreadsafeHandle> {
  private @Nullable ThreadsafeHandle next;
  private boolean ran;

  ThreadsafeHandle(Runnable callback, ContextSource context) {
    super(callback, context);
  }

  @Override
  public synchronized void cancel() {
    super.cancel();
  }

  @Override
  public synchronized boolean cancelled() {
    return super.cancelled();
  }

  @Override
  synchronized void run() {
    ran = true;
    super.run();
  }

  /** Cancels this unless it has run; tells which. */
  synchronized boolean withdraw() {
    if (!ran) {
      super.cancel();
    }
    return !ran;
  }

  @Override
  public @Nullable ThreadsafeHandle linked() {
    return next;
  }

  @Override
  public void link(@Nullable ThreadsafeHandle handle) {
    next = handle;
  }
}
