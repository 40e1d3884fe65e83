package dev.lariat.internal.coroutine;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.jspecify.annotations.Nullable;

/**
 * A pooled stack that runs pieces of work of type {@code W} (tasks), one after the other.
 *
 * <p>A fiber that finishes its work takes the next fresh one from its {@link FiberPool.Source}
 * without leaving the continuation: so a task that never suspends costs a method call, not a
 * switch. Only when there is none does it go back to the pool and yield.
 *
 * <p>Invariants: a fiber is mounted, holds suspended work, or sits in the pool. {@link #resume} is
 * called by one thread at a time, from a frame that holds no fast-locked monitor (see {@link
 * LockStack}).
 */
public final class Fiber<W> extends Continuation {
  private static final ContinuationScope SCOPE = new ContinuationScope("lariat.task");

  private final FiberPool<W> pool;
  private @Nullable W work;
  private @Nullable Object lastBindings;

  Fiber(FiberPool<W> pool) {
    super(SCOPE, Fiber::workLoop);
    this.pool = pool;
  }

  void assign(W work) {
    this.work = work;
  }

  private static void workLoop() {
    // Found, not captured: the constructor of Continuation wants its body before there is a `this`.
    ((Fiber<?>) Continuation.getCurrentContinuation(SCOPE)).work();
  }

  private void work() {
    for (W current = work; ; current = work) {
      work = null;
      if (current != null) {
        pool.source.run(current, this);
      }
      current = pool.source.next();
      work = current;
      if (current == null) {
        pool.release(this);
        Continuation.yield(SCOPE);
      }
    }
  }

  /** Runs this fiber until it suspends or goes back to the pool. */
  public void resume() {
    run();
  }

  /**
   * Gives {@code bindings} to the work that starts now. A fiber keeps the cache of scoped values
   * between its works, so a change of bindings must drop it.
   */
  public void enterBindings(Thread thread, @Nullable Object bindings) {
    if (bindings != lastBindings) {
      lastBindings = bindings;
      ScopedBindings.clearCache();
    }
    ScopedBindings.set(thread, bindings);
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
