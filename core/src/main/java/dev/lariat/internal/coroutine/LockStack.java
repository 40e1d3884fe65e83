package dev.lariat.internal.coroutine;

/**
 * Protects the monitors that the current thread holds from being carried off by a suspension.
 *
 * <p>HotSpot keeps fast-locked monitors on a small per-thread lock stack, and a yield freezes the
 * whole of it, entries of the frames below {@code Continuation.run} included: those would be lost.
 * The stack has eight entries, so eight nested dummy locks evict, and thereby inflate, every older
 * entry; an inflated monitor belongs to the thread and survives.
 */
public final class LockStack {
  /**
   * A thread's own: dummies that two threads had met at would be inflated themselves, and evict
   * nothing.
   */
  private static final ThreadLocal<LockStack> MINE = ThreadLocal.withInitial(LockStack::new);

  private final Object lock1 = new Object();
  private final Object lock2 = new Object();
  private final Object lock3 = new Object();
  private final Object lock4 = new Object();
  private final Object lock5 = new Object();
  private final Object lock6 = new Object();
  private final Object lock7 = new Object();
  private final Object lock8 = new Object();

  private LockStack() {}

  /**
   * Inflates every monitor that the current thread holds. Call it before running a continuation
   * from an unclean frame.
   */
  public static void flush() {
    MINE.get().lockAll();
  }

  private void lockAll() {
    synchronized (lock1) {
      synchronized (lock2) {
        synchronized (lock3) {
          synchronized (lock4) {
            synchronized (lock5) {
              synchronized (lock6) {
                synchronized (lock7) {
                  synchronized (lock8) {
                    return;
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
