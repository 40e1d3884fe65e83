package dev.lariat.signal;

import dev.lariat.EventLoop;
import dev.lariat.context.Context;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
    String name = check(signal);
    Context context = Context.copyContext();
    LoopSignals.of(loop).add(name, () -> loop.callSoonThreadsafe(callback, context));
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

  /** The name without SIG, of a signal that can be handled. */
  private static String check(String signal) {
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
    return name;
  }

  /** What one loop handles. */
  private static final class LoopSignals implements AutoCloseable {
    private final Map<String, Runnable> posts = new java.util.HashMap<>();

    static LoopSignals of(EventLoop loop) {
      return loop.attachment(LoopSignals.class, _ -> new LoopSignals());
    }

    void add(String name, Runnable post) {
      SignalFan.of(name).add(post); // may refuse
      Runnable before = posts.put(name, post);
      if (before != null) {
        SignalFan.of(name).remove(before);
      }
    }

    boolean remove(String name) {
      Runnable post = posts.remove(name);
      SignalFan fan = SignalFan.of(name);
      if (post != null) {
        fan.remove(post);
      }
      return post != null;
    }

    @Override
    public void close() {
      posts.forEach((name, post) -> SignalFan.of(name).remove(post));
      posts.clear();
    }
  }
}
