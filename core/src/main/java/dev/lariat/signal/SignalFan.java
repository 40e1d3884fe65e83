package dev.lariat.signal;

import dev.lariat.internal.Interrupts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Hands one signal on to all loops that want it.
 *
 * <p>It is the process's handler from the first loop that asks until the last one that gives up.
 * Then what was there before is restored, unless somebody else has taken the signal meanwhile. Any
 * thread may ask; the JVM calls {@link #handle} on a thread of its own.
 */
final class SignalFan implements SignalHandler {
  private static final Map<String, SignalFan> ALL = new ConcurrentHashMap<>();

  private final Signal signal;
  private final List<Runnable> posts = new CopyOnWriteArrayList<>();
  private @Nullable SignalHandler before;

  private SignalFan(Signal signal) {
    this.signal = signal;
  }

  static SignalFan of(String name) {
    return ALL.computeIfAbsent(name, _ -> new SignalFan(signal(name)));
  }

  private static Signal signal(String name) {
    try {
      return new Signal(name);
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "There is no signal SIG" + name + " here; names are such as TERM, HUP, USR1.", unknown);
    }
  }

  synchronized void add(Runnable post) {
    posts.add(post);
    try {
      SignalHandler current = Signal.handle(signal, this);
      if (current != this) {
        before = current;
      }
    } catch (IllegalArgumentException refused) {
      posts.remove(post);
      throw new IllegalStateException(
          signal
              + " cannot be handled: the JVM keeps it for itself."
              + " If it was started with -Xrs, start it without.",
          refused);
    }
  }

  synchronized void remove(Runnable post) {
    posts.remove(post);
    SignalHandler restored = before;
    if (posts.isEmpty() && restored != null) {
      before = null;
      SignalHandler current = Signal.handle(signal, Interrupts.current(restored));
      if (current != this) {
        Signal.handle(signal, current); // somebody else's by now
      }
    }
  }

  @Override
  public void handle(Signal received) {
    for (Runnable post : posts) {
      try {
        post.run();
      } catch (IllegalStateException loopClosed) {
        // it is giving the signal back just now
      }
    }
  }
}
