package dev.lariat.signal;

import dev.lariat.internal.SignalClaim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Hands one signal on to all loops that want it.
 *
 * <p>It is the process's handler from the first loop that asks until the last one that gives up.
 * Any thread may ask; the JVM calls {@link #received} on a thread of its own.
 */
final class SignalFan extends SignalClaim {
  /** What handles each signal now. Also the lock for changing that. */
  private static final Map<Signal, SignalFan> ALL = new HashMap<>();

  private final List<Runnable> posts;

  private SignalFan(Signal signal, List<Runnable> posts) {
    super(signal);
    this.posts = posts;
  }

  /** Has {@code post} run on each {@code signal}, even if others have taken it meanwhile. */
  static void add(Signal signal, Runnable post) {
    synchronized (ALL) {
      @Nullable SignalFan old = ALL.get(signal);
      SignalFan fan = new SignalFan(signal, old == null ? new CopyOnWriteArrayList<>() : old.posts);
      fan.takeOver(old);
      ALL.put(signal, fan);
      fan.posts.add(post);
    }
  }

  static void remove(Signal signal, Runnable post) {
    synchronized (ALL) {
      @Nullable SignalFan fan = ALL.get(signal);
      if (fan != null && fan.posts.remove(post) && fan.posts.isEmpty()) {
        ALL.remove(signal);
        fan.close();
      }
    }
  }

  @Override
  protected boolean received() {
    for (Runnable post : posts) {
      try {
        post.run();
      } catch (IllegalStateException loopClosed) {
        // it is giving the signal back just now
      }
    }
    return !posts.isEmpty();
  }
}
