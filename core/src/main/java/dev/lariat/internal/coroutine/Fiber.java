package dev.lariat.internal.coroutine;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * A stack that does one piece of work after the other, and can be suspended in the middle of any.
 *
 * <p>What comes next is done without leaving the continuation: so work that never suspends costs a
 * method call, not a switch. When there is none, the fiber ends. It is not kept for later: its frame
 * would stay interpreted if it was entered before the JIT compiled it, and an interpreted frame
 * makes every suspension above it several times slower.
 *
 * <p>The loop below stays that small because its frame, and all above it, are on the heap for every
 * suspended task; so does whatever lies between it and the user's code.
 *
 * <p>{@link #resume} is called by one thread at a time, from a frame that holds no fast-locked
 * monitor (see {@link LockStack}).
 */
public abstract class Fiber extends Continuation {
  private static final ContinuationScope SCOPE = new ContinuationScope("lariat.task");

  protected Fiber() {
    super(SCOPE, Fiber::loop);
  }

  private static void loop() {
    // Found, not captured: the constructor of Continuation wants its body before there is a `this`.
    Fiber fiber = (Fiber) Continuation.getCurrentContinuation(SCOPE);
    do {
      fiber.work();
    } while (fiber.next());
  }

  /** Does the work at hand. Lets no exception out. */
  protected abstract void work();

  /** Ends the work at hand and takes up other; false if there is none. */
  protected abstract boolean next();

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

  @Override
  protected void onPinned(Pinned reason) {
    throw new SuspensionException(PinnedFrames.explain(reason));
  }

  @Override
  public String toString() {
    return "Fiber@" + Integer.toHexString(System.identityHashCode(this));
  }
}
