package dev.lariat.internal.context;

/**
 * Which context is the current one of a thread. A loop keeps its thread's, so that entering a
 * context is one store.
 */
public final class ThreadContext {
  private static final ThreadLocal<ThreadContext> CURRENT =
      ThreadLocal.withInitial(ThreadContext::new);

  /** Used by its own thread only. */
  public ContextCell cell = new ContextCell();

  private ThreadContext() {}

  public static ThreadContext current() {
    return CURRENT.get();
  }
}
