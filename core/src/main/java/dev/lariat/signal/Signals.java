package dev.lariat.signal;

import dev.lariat.EventLoop;
import dev.lariat.context.Context;
import dev.lariat.internal.SignalClaim;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Unix signals as callbacks of a loop.
 *
 * <p>Signals go by their names, {@code "TERM"} or {@code "SIGTERM"}. Several loops may handle one
 * signal: each of them is told, once. asyncio allows that to the main thread's loop only.
 */
public final class Signals {
  /** The JVM refuses these itself, or lets us have them and then fails in strange ways. */
  private static final Set<String> THE_JVM_S =
      Set.of("QUIT", "ILL", "FPE", "SEGV", "USR2", "BUS", "PIPE", "XFSZ");

  private static final Set<String> UNCATCHABLE = Set.of("KILL", "STOP");

  private Signals() {}

  /**
   * Has {@code callback} run by the loop when the process gets a signal, in the place of what this
   * loop ran before. Models {@code loop.add_signal_handler}.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: the loop's.
   *
   * @param loop the loop, which gives the signal back when it is closed
   * @param signal the name, as {@code "TERM"}
   * @param callback runs in a copy of the current context, as any callback of the loop
   * @throws IllegalArgumentException if there is no such signal here
   * @throws IllegalStateException if it cannot be handled: nobody can, or the JVM needs it itself
   */
  public static void addSignalHandler(EventLoop loop, String signal, Runnable callback) {
    Objects.requireNonNull(callback, "callback");
    Signal checked = check(signal);
    Context context = Context.copyContext();
    LoopSignals.of(loop).add(checked, () -> loop.callSoonThreadsafe(callback, context));
  }

  /**
   * Gives a signal back: what handled it before does so again. Models {@code
   * loop.remove_signal_handler}.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: the loop's.
   *
   * @param loop the loop
   * @param signal the name, as {@code "TERM"}
   * @return whether this loop handled it
   * @throws IllegalArgumentException if there is no such signal here
   * @throws IllegalStateException if it is one that cannot be handled
   */
  public static boolean removeSignalHandler(EventLoop loop, String signal) {
    return LoopSignals.of(loop).remove(check(signal));
  }

  /** The signal of this name, if it is one that can be handled. */
  private static Signal check(String signal) {
    String name = signal.startsWith("SIG") ? signal.substring(3) : signal;
    if (UNCATCHABLE.contains(name)) {
      throw new IllegalStateException("SIG" + name + " cannot be caught: it ends or stops anyone.");
    }
    if (THE_JVM_S.contains(name)) {
      throw new IllegalStateException(
          "SIG" + name + " cannot be handled: the JVM needs it for itself. Use another, as USR1.");
    }
    if (name.equals("CHLD")) {
      throw new IllegalStateException(
          "SIGCHLD cannot be handled: the JVM sets it back with the first process it starts."
              + " Wait for the process instead.");
    }
    try {
      return new Signal(name);
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "There is no signal SIG" + name + " here; names are such as TERM, HUP, USR1.", unknown);
    }
  }

  /** What one loop handles. */
  private static final class LoopSignals implements AutoCloseable {
    private final Map<Signal, Runnable> posts = new HashMap<>();

    static LoopSignals of(EventLoop loop) {
      return loop.attachment(LoopSignals.class, _ -> new LoopSignals());
    }

    void add(Signal signal, Runnable post) {
      if (SignalClaim.isLent(signal)) {
        throw new IllegalStateException(
            signal + " is handled by native code now: add the handler where that one was added.");
      }
      try {
        SignalFan.add(signal, post);
      } catch (IllegalArgumentException refused) {
        throw new IllegalStateException(
            signal
                + " cannot be handled: the JVM keeps it for itself, if it was started with -Xrs, or"
                + " it was started with the signal ignored, as by nohup. Start it without.",
            refused);
      }
      @Nullable Runnable before = posts.put(signal, post);
      if (before != null) {
        SignalFan.remove(signal, before);
      }
    }

    boolean remove(Signal signal) {
      @Nullable Runnable post = posts.remove(signal);
      if (post != null) {
        SignalFan.remove(signal, post);
      }
      return post != null;
    }

    @Override
    public void close() {
      posts.forEach(SignalFan::remove);
      posts.clear();
    }
  }
}
