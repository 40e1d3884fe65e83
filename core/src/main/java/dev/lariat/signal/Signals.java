package dev.lariat.signal;

import dev.lariat.EventLoop;
import dev.lariat.context.Context;
import dev.lariat.event.Registration;
import dev.lariat.internal.SharedSignal;
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
 * signal: each of them is told, once. asyncio allows that to the main thread's loop only. What a
 * toolkit watches for its loops, as GLib does, is theirs alone for that time.
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
    SharedSignal shared = check(signal);
    Context context = Context.copyContext();
    LoopSignals.of(loop).add(shared, () -> loop.callSoonThreadsafe(callback, context));
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
    SharedSignal shared = check(signal);
    return !loop.isClosed() && LoopSignals.of(loop).remove(shared);
  }

  /** The signal of this name, if it is one that can be handled. */
  private static SharedSignal check(String name) {
    String bare = name.startsWith("SIG") ? name.substring(3) : name;
    if (UNCATCHABLE.contains(bare)) {
      throw new IllegalStateException("SIG" + bare + " cannot be caught: it ends or stops anyone.");
    }
    if (THE_JVM_S.contains(bare)) {
      throw new IllegalStateException(
          "SIG" + bare + " cannot be handled: the JVM needs it for itself. Use another, as USR1.");
    }
    if (bare.equals("CHLD") || bare.equals("CLD")) {
      throw new IllegalStateException(
          "SIGCHLD cannot be handled: the JVM sets it back with the first process it starts."
              + " Wait for the process instead.");
    }
    try {
      return SharedSignal.of(new Signal(bare));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "There is no signal SIG" + bare + " here; names are such as TERM, HUP, USR1.", unknown);
    }
  }

  /** What one loop handles. */
  private static final class LoopSignals implements AutoCloseable {
    private final EventLoop loop;
    private final Map<SharedSignal, Handler> handlers = new HashMap<>();

    private LoopSignals(EventLoop loop) {
      this.loop = loop;
    }

    static LoopSignals of(EventLoop loop) {
      return loop.attachment(LoopSignals.class, LoopSignals::new);
    }

    void add(SharedSignal signal, Runnable post) {
      @Nullable Handler before = handlers.get(signal);
      if (before == null) {
        Handler handler = new Handler(post);
        handler.source = watch(signal, handler);
        handlers.put(signal, handler);
      } else {
        before.post = post;
        signal.renew();
      }
    }

    /** By the toolkit if it has a way, by the JVM otherwise. */
    private Registration watch(SharedSignal signal, Handler handler) {
      Registration ofHost = loop.getPoller().watchSignal(signal.name(), handler);
      if (ofHost != null) {
        return ofHost;
      }
      try {
        signal.add(handler);
      } catch (IllegalArgumentException refused) {
        throw new IllegalStateException(
            signal
                + " cannot be handled: the JVM keeps it for itself, if it was started with -Xrs; or"
                + " it is ignored, by a library or since the start, as by nohup or a script's &.",
            refused);
      }
      return () -> signal.remove(handler);
    }

    boolean remove(SharedSignal signal) {
      @Nullable Handler handler = handlers.remove(signal);
      if (handler != null) {
        handler.source.close();
      }
      return handler != null;
    }

    @Override
    public void close() {
      handlers.values().forEach(handler -> handler.source.close());
      handlers.clear();
    }
  }

  /** What a loop does on one signal. */
  private static final class Handler implements Runnable {
    private volatile Runnable post;
    private Registration source = () -> {};

    Handler(Runnable post) {
      this.post = post;
    }

    @Override
    public void run() {
      post.run();
    }
  }
}
