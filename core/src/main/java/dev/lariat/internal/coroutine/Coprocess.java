package dev.lariat.internal.coroutine;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * A coroutine inside a coroutine: resumed by its caller, it yields back to it. Meanwhile its body
 * may suspend the fiber it runs in, which takes both along. The stack of a generator.
 */
public final class Coprocess {
  private static final ContinuationScope SCOPE = new ContinuationScope("lariat.generator");

  private final Continuation continuation;
  private boolean started;

  public Coprocess(Runnable body) {
    continuation =
        new Continuation(SCOPE, body) {
          @Override
          protected void onPinned(Pinned reason) {
            throw PinnedFrames.error(reason);
          }
        };
  }

  public boolean started() {
    return started;
  }

  public boolean done() {
    return continuation.isDone();
  }

  /**
   * Runs the body until it yields or ends.
   *
   * @throws StackOverflowError if there is not the room to; the body has not run then
   */
  public void resume() {
    StackRoom.require();
    started = true;
    LockStack.flush();
    Thread self = Thread.currentThread();
    Object outer = ScopedBindings.get(self);
    continuation.run();
    ScopedBindings.set(Thread.currentThread(), outer);
  }

  /** Goes back to the caller of {@link #resume}; called by the body. */
  public void yieldToResumer() {
    if (Continuation.getCurrentContinuation(SCOPE) != continuation) {
      throw new IllegalStateException("yield was called outside the body of its generator");
    }
    Object inner = ScopedBindings.get(Thread.currentThread());
    Continuation.yield(SCOPE);
    ScopedBindings.set(Thread.currentThread(), inner);
  }
}
