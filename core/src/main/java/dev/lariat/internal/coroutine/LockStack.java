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
  private static final Object L1 = new Object();
  private static final Object L2 = new Object();
  private static final Object L3 = new Object();
  private static final Object L4 = new Object();
  private static final Object L5 = new Object();
  private static final Object L6 = new Object();
  private static final Object L7 = new Object();
  private static final Object L8 = new Object();

  private LockStack() {}

  /** Inflates every monitor that the current thread holds. Call it before running a continuation from an unclean frame. */
  public static void flush() {
    synchronized (L1) {
      synchronized (L2) {
        synchronized (L3) {
          synchronized (L4) {
            synchronized (L5) {
              synchronized (L6) {
                synchronized (L7) {
                  synchronized (L8) {
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
