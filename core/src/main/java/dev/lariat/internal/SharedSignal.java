package dev.lariat.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * A signal of the process, and all here that want it. There is one object for each signal.
 *
 * <pre>
 *   wanted by             is handled by
 *   native code (lent)    a native handler
 *   loops                 this, which tells each of them
 *   a runner              this, which tells it, and then what was there before, if it is told to
 *   nobody                what was there before
 * </pre>
 *
 * <p>Other code of the program may take the signal from {@link Signal} at any time, and put back
 * what it found. Who took it last has it: what begins here takes it, what ends here leaves it to
 * whoever took it meanwhile. Put back when nobody here wants the signal any more, this passes it on
 * to what was there before.
 *
 * <p>Any thread; the JVM calls {@link #handle} on a thread of its own for each signal.
 */
public final class SharedSignal implements SignalHandler {
  private static final Map<Integer, SharedSignal> ALL = new HashMap<>();

  /** How often this thread has passed a signal on, and got it back from whom it was passed to. */
  private static final ThreadLocal<Integer> PASSED_ON = ThreadLocal.withInitial(() -> 0);

  private final Signal signal;
  private final List<Runnable> loops = new CopyOnWriteArrayList<>();
  private volatile @Nullable BooleanSupplier runner;
  private int lent;

  /** Since the JVM was started, which leaves it so. */
  private boolean ignored;

  private @Nullable SignalHandler nativeHandler;

  /** What was installed here, this or the native handler, and not removed; null for nothing. */
  private @Nullable SignalHandler installed;

  /** What handles the signal when nobody here wants it. */
  private SignalHandler before = SIG_DFL;

  /** The same, from when nothing was installed here: it has not seen this, and cannot call it. */
  private SignalHandler first = SIG_DFL;

  /** What was put back when last nobody wanted the signal; it may have seen this. */
  private SignalHandler putBack = SIG_DFL;

  private SharedSignal(Signal signal) {
    this.signal = signal;
  }

  /** The one of this number: some have two names. */
  public static SharedSignal of(Signal signal) {
    synchronized (ALL) {
      return ALL.computeIfAbsent(signal.getNumber(), _ -> new SharedSignal(signal));
    }
  }

  // -- loops -------------------------------------------------------------------------------------

  /**
   * Has {@code told} run whenever the signal comes.
   *
   * @throws IllegalArgumentException if the JVM does not give the signal away
   * @throws IllegalStateException if native code has it
   */
  public synchronized void add(Runnable told) {
    if (lent > 0) {
      throw new IllegalStateException(
          signal + " is handled by native code now: add the handler where that one was added.");
    }
    loops.add(told); // first: no signal is to find this without
    try {
      take(peek());
    } catch (IllegalArgumentException refused) {
      loops.remove(told);
      throw refused;
    }
  }

  /** Takes the signal again for those who have been added, if others have taken it meanwhile. */
  public synchronized void renew() {
    if (lent == 0) {
      take(peek());
    }
  }

  /** Ends {@link #add}. */
  public synchronized void remove(Runnable told) {
    loops.remove(told);
    giveBack();
  }

  // -- a runner ----------------------------------------------------------------------------------

  /**
   * Has {@code told} run whenever the signal comes, if nobody but the JVM wants it so far. Where it
   * returns false, the JVM's own handler runs after it.
   *
   * @return whether that is so
   * @throws IllegalArgumentException if the JVM does not give the signal away
   */
  public synchronized boolean addUnlessHandled(BooleanSupplier told) {
    if (lent > 0 || runner != null || !loops.isEmpty()) {
      return false;
    }
    SignalHandler current = peek();
    boolean free = isTheJvms(isOurs(current) ? first : current);
    if (free) {
      runner = told;
      take(current);
    } else {
      Signal.handle(signal, current);
    }
    return free;
  }

  /** Ends {@link #addUnlessHandled}. */
  public synchronized void removeRunner(BooleanSupplier told) {
    if (runner == told) {
      runner = null;
      giveBack();
    }
  }

  private static boolean isTheJvms(SignalHandler handler) {
    return handler == SIG_DFL || handler.toString().startsWith("java.lang.Terminator");
  }

  // -- native code -------------------------------------------------------------------------------

  /**
   * Has a native handler have the signal until {@link #giveBackLent}, which is to be called as
   * often as this.
   *
   * @param install installs the native handler, for good; called once in a process
   */
  public synchronized void lend(Runnable install) {
    if (lent == 0) {
      try {
        lendFirst(install);
      } catch (IllegalArgumentException notTheJvms) {
        // started with -Xrs, or with the signal ignored: native code can have it all the same
      }
    }
    lent++;
  }

  private void lendFirst(Runnable install) {
    SignalHandler current = peek();
    note(current);
    try {
      if (nativeHandler == null) {
        install.run();
        nativeHandler = findNative();
      }
      install(nativeHandler);
    } catch (Throwable error) {
      Signal.handle(signal, current);
      throw error;
    }
  }

  private SignalHandler findNative() {
    SignalHandler now = peek();
    SignalHandler found = isNative(now) ? now : before; // native code had installed it before
    if (!isNative(found)) {
      throw new IllegalStateException("Others have taken " + signal + " from native code");
    }
    return found;
  }

  /** Ends {@link #lend}. */
  public synchronized void giveBackLent() {
    if (--lent == 0) {
      if (ignored) {
        Signal.handle(signal, SIG_IGN); // the native handler has left the system's default
      } else {
        giveBack();
      }
    }
  }

  private static boolean isNative(SignalHandler handler) {
    return handler.toString().contains("NativeHandler");
  }

  // -- the process's handler ---------------------------------------------------------------------

  /**
   * Looks who has the signal. What comes before another handler is installed is not lost, unless
   * that one is native: the JVM then drops what it has caught and not yet told of.
   */
  private SignalHandler peek() {
    Peek peek = new Peek();
    peek.found = Signal.handle(signal, peek);
    ignored = peek.found == SIG_IGN && Signal.handle(signal, peek) == SIG_IGN;
    if (ignored) {
      throw new IllegalArgumentException(signal + " has been ignored since the JVM was started");
    }
    return peek.found;
  }

  /** Waits until it is decided who has the signal, and hands it to whom it was meant for. */
  private final class Peek implements SignalHandler {
    private SignalHandler found = SIG_DFL;

    @Override
    public void handle(Signal received) {
      SignalHandler meant;
      synchronized (SharedSignal.this) {
        meant = found == SIG_DFL ? wanted() : found;
      }
      if (isCallable(meant)) {
        meant.handle(received);
      }
    }
  }

  private static boolean isCallable(SignalHandler handler) {
    return handler != SIG_DFL && handler != SIG_IGN && !isNative(handler);
  }

  private void take(SignalHandler current) {
    note(current);
    install(wanted());
  }

  private void note(SignalHandler current) {
    if (!isOurs(current)) {
      if (installed == null && current != putBack) {
        first = current;
      }
      before = current;
    }
  }

  private void giveBack() {
    if (installed != null && installed != wanted()) {
      SignalHandler current = peek();
      if (isOurs(current)) {
        install(wanted());
      } else {
        Signal.handle(signal, current);
      }
      if (installed == null) {
        putBack = before;
        before = first;
      }
    }
  }

  private boolean isOurs(SignalHandler current) {
    return current == this || (installed != null && isNative(installed) && isNative(current));
  }

  private SignalHandler wanted() {
    if (lent > 0 && nativeHandler != null) {
      return nativeHandler;
    }
    return loops.isEmpty() && runner == null ? before : this;
  }

  private void install(SignalHandler handler) {
    Signal.handle(signal, handler);
    installed = handler == before ? null : handler;
  }

  // -- the signal --------------------------------------------------------------------------------

  @Override
  public void handle(Signal received) {
    boolean told = false;
    for (Runnable loop : loops) {
      try {
        loop.run();
        told = true;
      } catch (IllegalStateException closed) {
        // it is giving the signal back just now
      }
    }
    if (!told && !tellRunner()) {
      passOn();
    }
  }

  private boolean tellRunner() {
    BooleanSupplier told = runner;
    try {
      return told != null && told.getAsBoolean();
    } catch (IllegalStateException closed) {
      return false;
    }
  }

  private void passOn() {
    int depth = PASSED_ON.get();
    SignalHandler next = next(depth > 0);
    if (depth <= 1 && isCallable(next)) {
      PASSED_ON.set(depth + 1);
      try {
        next.handle(signal);
      } finally {
        PASSED_ON.set(depth);
      }
    }
  }

  /** Whom to pass a signal on to. If it cannot be called, it gets the next one, not this one. */
  private synchronized SignalHandler next(boolean again) {
    SignalHandler next = again ? first : before;
    if (next != SIG_IGN && !isCallable(next) && loops.isEmpty()) {
      SignalHandler current = peek();
      if (current == this) {
        install(before);
      } else {
        Signal.handle(signal, current);
      }
    }
    return next;
  }

  /** The signal's name, without SIG. */
  public String name() {
    return signal.getName();
  }

  @Override
  public String toString() {
    return signal.toString();
  }
}
