package dev.lariat.glib;

import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.Pace;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A GLib main context as the host of an event loop. It needs GLib and no binding of it, and gets on
 * with whatever binding the application uses.
 *
 * <p>All of it is one GSource. Its ready time is the past after {@link #wake}, else the deadline of
 * {@link #wakeAt}; so {@link #woken} and {@link #deadline} say what it has to be, and every write
 * of a deadline looks at {@code woken} afterwards, which another thread may have set meanwhile.
 *
 * <p>GLib runs sources strictly by priority, so a loop at the default priority that always has
 * something to do would keep GTK from drawing for ever. So after a turn that took long there is a
 * pause: the next comes by a second source, at a priority below drawing, or when the pause is over.
 */
public final class GLibHost implements Host {
  private static final Map<Long, GLibHost> REGISTERED = new ConcurrentHashMap<>();
  private static final long NO_DEADLINE = Long.MAX_VALUE;
  private static final long LONG_TURN_NANOS = 2_000_000;
  private static final long PAUSE_NANOS = 8_000_000;
  private static final int BELOW_REDRAW = GLibPriority.REDRAW + 10;

  private final long context;
  private final boolean isDefault;
  private final Map<Integer, PriorityPace> paces = new HashMap<>();
  private final List<Source> others = new ArrayList<>();
  private @Nullable Guest guest;
  private @Nullable Source source;
  private @Nullable Source afterDrawing;
  private @Nullable UnixSignals signals;
  private int priority = GLibPriority.DEFAULT;
  private boolean pausing;
  private long mainLoop;

  /** A turn was asked for, and has not begun. */
  private volatile boolean woken;

  /** The turn that {@link Guest#alarm} asks for is about to begin anyway. */
  private boolean turnComes;

  private long deadline = NO_DEADLINE;

  /** Makes a host of the default main context: that of GTK applications. */
  public GLibHost() {
    this(Native.contextDefault(), true);
  }

  /**
   * Makes a host of a main context.
   *
   * @param context a {@code GMainContext *}, such as {@code handle()} of java-gi's {@code
   *     MainContext}
   */
  public GLibHost(MemorySegment context) {
    this(context.address(), context.address() == Native.contextDefault());
  }

  private GLibHost(long context, boolean isDefault) {
    if (context == 0) {
      throw new IllegalArgumentException(
          "The context is a null pointer; use new GLibHost() for the default context.");
    }
    this.context = context;
    this.isDefault = isDefault;
    Native.contextRef(context);
  }

  /**
   * Makes a host of a main context of its own, for a thread that is not the application's main one.
   *
   * @return the host
   */
  public static GLibHost ofNewContext() {
    long context = Native.contextNew();
    GLibHost host = new GLibHost(context, false);
    Native.contextUnref(context); // the host has its own reference
    return host;
  }

  /**
   * The host to whose context whatever this thread begins comes back. <i>Thread</i>: any.
   *
   * @return the host; null if there is none, or its context is another thread's
   */
  public static @Nullable GLibHost current() {
    long threadDefault = Native.threadDefault();
    GLibHost host = REGISTERED.get(threadDefault == 0 ? Native.contextDefault() : threadDefault);
    return host != null && host.isHostThread() ? host : null;
  }

  /** {@return the {@code GMainContext *}} It is good until this is closed. */
  public MemorySegment context() {
    return MemorySegment.ofAddress(context);
  }

  /** {@return the priority that the loop runs at} */
  public int getPriority() {
    return priority;
  }

  /**
   * Sets the priority that the loop runs at. <i>Thread</i>: the host's.
   *
   * @param newPriority see {@link GLibPriority}; {@link GLibPriority#DEFAULT} at first
   */
  public void setPriority(int newPriority) {
    priority = newPriority;
    if (source != null) {
      source.setPriority(newPriority);
    }
  }

  /**
   * The pace of tasks that run at a priority below the loop's. <i>Thread</i>: the host's.
   *
   * @param of see {@link GLibPriority}
   * @return the pace, for {@link dev.lariat.Task#setPace}
   */
  public Pace pace(int of) {
    return paces.computeIfAbsent(of, p -> new PriorityPace(context, p, guest()));
  }

  // -- host --------------------------------------------------------------------------------------

  @Override
  public void start(Guest newGuest) {
    if (REGISTERED.putIfAbsent(context, this) != null) {
      throw new IllegalStateException(
          "An event loop is already registered for "
              + this
              + ". There is one loop a main context: close that one first, or make this one on a"
              + " context of its own, by GLibHost.ofNewContext().");
    }
    guest = newGuest;
    source = Source.timed(context, priority, this::dispatch);
    afterDrawing = Source.timed(context, BELOW_REDRAW, this::dispatch);
  }

  @Override
  public boolean isHostThread() {
    return Native.contextIsMine(context);
  }

  @Override
  public void wake() {
    if (turnComes && isHostThread()) {
      return;
    }
    woken = true;
    source().setReadyTime(Source.NOW);
  }

  @Override
  public void wakeAt(long nanoTime) {
    deadline = nanoTime;
    setReadyTime();
  }

  private void setReadyTime() {
    if (!woken) {
      source().setReadyTime(deadline == NO_DEADLINE ? Source.NEVER : inGLibsTime(deadline));
      if (woken) {
        source().setReadyTime(Source.NOW);
      }
    }
  }

  /** Microseconds of another clock, and rather too late than too early. */
  private static long inGLibsTime(long nanoTime) {
    long left = Math.max(nanoTime - System.nanoTime(), 0);
    return Native.monotonicTime() + left / 1_000 + 1;
  }

  private void dispatch() {
    woken = false;
    long start = System.nanoTime();
    boolean due = deadline <= start;
    if (due) {
      deadline = NO_DEADLINE;
    }
    setReadyTime();
    pause(false);
    if (due) {
      turnComes = true;
      guest().alarm();
      turnComes = false;
    }
    // Operations that tasks begin must come back to this context.
    boolean pushed = !isDefault && Native.pushThreadDefault(context);
    guest().turn();
    if (pushed) {
      Native.popThreadDefault(context);
    }
    long now = System.nanoTime();
    if (woken && now - start > LONG_TURN_NANOS && priority < BELOW_REDRAW && source != null) {
      source.setReadyTime(inGLibsTime(now + PAUSE_NANOS));
      pause(true);
    }
  }

  private void pause(boolean on) {
    if (pausing != on && afterDrawing != null) {
      pausing = on;
      afterDrawing.setReadyTime(on ? Source.NOW : Source.NEVER);
    }
  }

  @Override
  public void run() {
    long outer = mainLoop;
    mainLoop = Native.loopNew(context);
    boolean pushed = !isDefault && Native.pushThreadDefault(context);
    try {
      Native.loopRun(mainLoop);
    } finally {
      if (pushed) {
        Native.popThreadDefault(context);
      }
      Native.loopUnref(mainLoop);
      mainLoop = outer;
    }
  }

  @Override
  public void quit() {
    Native.loopQuit(mainLoop);
  }

  @Override
  public boolean watch(int descriptor, Runnable readable) {
    others.add(Source.readable(context, priority, descriptor, readable));
    return true;
  }

  /** The signals that come through this context. */
  UnixSignals signals() {
    if (signals == null) {
      signals = new UnixSignals(context);
    }
    return signals;
  }

  @Override
  public void close() {
    if (signals != null) {
      signals.close();
    }
    others.forEach(Source::destroy);
    paces.values().forEach(PriorityPace::close);
    if (source != null && afterDrawing != null) {
      source.destroy();
      source = null;
      afterDrawing.destroy();
      REGISTERED.remove(context, this);
    }
    Native.contextUnref(context);
  }

  private Source source() {
    return Objects.requireNonNull(source);
  }

  private Guest guest() {
    return Objects.requireNonNull(guest, "the loop has not run yet");
  }

  @Override
  public String toString() {
    return isDefault
        ? "GLib's default main context"
        : "GLib main context 0x" + Long.toHexString(context);
  }
}
