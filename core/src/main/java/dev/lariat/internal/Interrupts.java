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
    Handler handler = new Handler(pressed);
    SignalHandler before;
    try {
      before = Signal.handle(INTERRUPT, handler);
    } catch (IllegalArgumentException reservedByTheJvm) { // started with -Xrs
      return () -> {};
    }
    handler.before = before;
    if (!isJvmDefault(before)) {
      Signal.handle(INTERRUPT, before);
      return () -> {};
    }
    return handler::close;
  }

  /** {@code handler}, or what was there before it if it is one of ours that has had its time. */
  public static SignalHandler current(SignalHandler handler) {
    return handler instanceof Handler ours && ours.closed ? ours.before : handler;
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

  private static final class Handler implements SignalHandler {
    private final BooleanSupplier pressed;
    private volatile SignalHandler before = SignalHandler.SIG_DFL;
    private volatile boolean closed;

    Handler(BooleanSupplier pressed) {
      this.pressed = pressed;
    }

    @Override
    public void handle(Signal signal) {
      if (!pressed.getAsBoolean()) {
        before.handle(signal);
      }
    }

    void close() {
      closed = true;
      SignalHandler current = Signal.handle(INTERRUPT, before);
      if (current != this) {
        Signal.handle(INTERRUPT, current); // the program's own, which restores what it found
      }
    }
  }
}
