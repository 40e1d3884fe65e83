package dev.lariat.internal;

import java.util.function.BooleanSupplier;
import sun.misc.Signal;

/** Ctrl-C. */
public final class Interrupts {
  private static final SharedSignal INTERRUPT = SharedSignal.of(new Signal("INT"));

  private Interrupts() {}

  /** Gives Ctrl-C back when closed. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Has {@code pressed} called on Ctrl-C, on the JVM's signal thread, if this is the main thread
   * and nobody else handles the signal; otherwise does nothing. Where it returns false, the JVM's
   * own handler runs after it.
   */
  public static Registration onInterrupt(BooleanSupplier pressed) {
    return isMainThread() ? onAnyThread(pressed) : () -> {};
  }

  /** The same, for a loop that runs on another thread than the main one: a toolkit's. */
  public static Registration onAnyThread(BooleanSupplier pressed) {
    try {
      return INTERRUPT.addUnlessHandled(pressed) ? () -> INTERRUPT.removeRunner(pressed) : () -> {};
    } catch (IllegalArgumentException notGivenAway) { // started with -Xrs, or with it ignored
      return () -> {};
    }
  }

  /** The JVM calls its main method itself; every other thread begins in java.lang.Thread. */
  private static boolean isMainThread() {
    String outermost =
        StackWalker.getInstance()
            .walk(frames -> frames.reduce((inner, outer) -> outer))
            .orElseThrow()
            .getClassName();
    return !outermost.startsWith("java.lang.");
  }
}
