package dev.lariat.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * A signal of the process that somebody here handles, from {@link #take} until {@link #close}.
 *
 * <p>Claims of one signal may end in any order, and others may take the signal between, as long as
 * they put back what they found. So a claim that is over lets what it found do its work: whoever
 * came after it may still call it, or put it back.
 */
public abstract class SignalClaim implements SignalHandler, AutoCloseable {
  private static final Object LOCK = new Object();
  private static final Set<Signal> LENT = ConcurrentHashMap.newKeySet();

  /** The signal. */
  protected final Signal signal;

  private volatile SignalHandler before = SIG_DFL;
  private volatile boolean over;

  /** Makes a claim, which nothing comes of before {@link #take}. */
  protected SignalClaim(Signal signal) {
    this.signal = signal;
  }

  /**
   * Lends a signal to native code, which installs a handler of its own after this, and has removed
   * it when this is closed.
   */
  public static SignalClaim lend(Signal signal) {
    return new Lent(signal);
  }

  /** Whether native code has the signal now. The JVM would not tell. */
  public static boolean isLent(Signal signal) {
    return LENT.contains(signal);
  }

  /**
   * Makes this the process's handler of the signal.
   *
   * @return what was it before
   * @throws IllegalArgumentException if the JVM does not give the signal away
   */
  protected final SignalHandler take() {
    return takeOver(null);
  }

  /** The same, in the place of {@code old}, which is over then. */
  protected final SignalHandler takeOver(@Nullable SignalClaim old) {
    synchronized (LOCK) {
      SignalHandler found = Signal.handle(signal, this);
      before = live(found);
      if (found == SIG_IGN && Signal.handle(signal, this) == SIG_IGN) {
        throw new IllegalArgumentException("ignored when the JVM was started"); // by nohup
      }
      if (old != null) {
        old.over = true;
        before = live(found);
      }
      return before;
    }
  }

  /** On the JVM's signal thread. Returns false to have what was there before do its work. */
  protected abstract boolean received();

  @Override
  public final void handle(Signal received) {
    if (over || !received()) {
      passOn();
    }
  }

  private void passOn() {
    SignalHandler next = next();
    if (next != SIG_DFL && next != SIG_IGN) {
      next.handle(signal);
    } else if (next == SIG_DFL && replace(SIG_DFL)) {
      Signal.raise(signal);
    }
  }

  private SignalHandler next() {
    synchronized (LOCK) { // a signal can come in the middle of take
      return live(before);
    }
  }

  /** Puts back what was there before, unless somebody else has the signal by now. */
  @Override
  public void close() {
    if (!over) {
      boolean _ = replace(end());
    }
  }

  /** Ends this, and tells what is to have the signal. */
  final SignalHandler end() {
    over = true;
    return live(before);
  }

  /** Has {@code next} handle the signal, if it is this that does. */
  private boolean replace(SignalHandler next) {
    synchronized (LOCK) {
      SignalHandler current = Signal.handle(signal, next);
      if (current == this) {
        return true;
      }
      Signal.handle(signal, current);
      return false;
    }
  }

  /** {@code handler}, or what it found if it is a claim that is over. */
  private static SignalHandler live(SignalHandler handler) {
    SignalHandler live = handler;
    while (live instanceof SignalClaim claim && claim.over) {
      live = claim.before;
    }
    return live;
  }

  private static final class Lent extends SignalClaim {
    Lent(Signal signal) {
      super(signal);
      try {
        take();
      } catch (IllegalArgumentException neverTheJvms) {
        // native code can have it all the same
      }
      LENT.add(signal);
    }

    @Override
    protected boolean received() {
      return false;
    }

    /** The native handler has gone, and left the system's default, not this. */
    @Override
    public void close() {
      if (LENT.remove(signal)) {
        try {
          Signal.handle(signal, end());
        } catch (IllegalArgumentException neverTheJvms) {
          // the system's default is what was there
        }
      }
    }
  }
}
