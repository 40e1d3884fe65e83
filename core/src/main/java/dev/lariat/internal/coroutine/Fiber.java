package dev.lariat.internal.coroutine;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * A stack that can be suspended: runs its work on the thread that resumes it, up to the next
 * suspension. One fiber does one piece of work.
 *
 * <p>{@link #resume} is called by one thread at a time, from a frame that holds no fast-locked
 * monitor (see {@link LockStack}).
 */
public abstract class Fiber extends Continuation {
  private static final ContinuationScope SCOPE = new ContinuationScope("lariat.task");

  protected Fiber() {
    super(SCOPE, Fiber::start);
  }

  private static void start() {
    // Found, not captured: the constructor of Continuation wants its body before there is a `this`.
    ((Fiber) Continuation.getCurrentContinuation(SCOPE)).work();
  }

  /** The work. Lets no exception out. */
  protected abstract void work();

  /** Runs this fiber until it suspends or ends. */
  public void resume() {
    run();
  }

  /**
   * Suspends the innermost running fiber until {@link #resume} is called on it again.
   *
   * @throws SuspensionException if a native frame, a static initialiser, a monitor or a pinned
   *     section stands between here and the fiber's start
   */
  public static void suspend() {
    Continuation.yield(SCOPE);
  }

  /** Makes {@link #suspend} fail in the innermost running fiber, until {@link #allowSuspending}. */
  public static void forbidSuspending() {
    Continuation.pin();
  }

  public static void allowSuspending() {
    Continuation.unpin();
  }

  @Override
  protected void onPinned(Pinned reason) {
    throw PinnedFrames.error(reason);
  }

  @Override
  public String toString() {
    return "Fiber@" + Integer.toHexString(System.identityHashCode(this));
  }
}
