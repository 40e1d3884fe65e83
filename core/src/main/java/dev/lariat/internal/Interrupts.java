package dev.lariat.internal;

import java.util.function.BooleanSupplier;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Ctrl-C. */
public final class Interrupts {
  private static final Signal INTERRUPT = new Signal("INT");

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
    if (SignalClaim.isLent(INTERRUPT)) {
      return () -> {};
    }
    Press press = new Press(pressed);
    try {
      if (!isJvmDefault(press.take())) {
        press.close();
      }
    } catch (IllegalArgumentException reservedByTheJvm) { // started with -Xrs
      return () -> {};
    }
    return press;
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

  /** The JVM ends itself on Ctrl-C by a handler of its own, installed at start-up. */
  private static boolean isJvmDefault(SignalHandler handler) {
    return handler == SignalHandler.SIG_DFL
        || handler.getClass().getName().startsWith("sun.misc.Signal");
  }

  private static final class Press extends SignalClaim implements Registration {
    private final BooleanSupplier pressed;

    Press(BooleanSupplier pressed) {
      super(INTERRUPT);
      this.pressed = pressed;
    }

    @Override
    protected boolean received() {
      return pressed.getAsBoolean();
    }
  }
}
