package dev.lariat.glib;

import dev.lariat.event.Registration;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.Pace;
import dev.lariat.host.Watch;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A GLib main context as the host of an event loop. It needs GLib and no binding of it, and gets on
 * with whatever binding the application uses.
 *
 * <p>Turns are given by one GSource, the {@link TurnSource}; after one that took long there is a
 * {@link DrawingPause}.
 */
public final class GLibHost implements Host {
  private static final Map<Long, GLibHost> REGISTERED = new ConcurrentHashMap<>();

  /** Whoever has the context for longer runs it, and does not just look in. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final long context;
  private final MainLoops mainLoops;
  private final Map<Integer, PriorityPace> paces = new HashMap<>();
  private @Nullable Guest guest;
  private @Nullable TurnSource source;
  private @Nullable DrawingPause pause;
  private @Nullable DescriptorSource watch;
  private int priority = GLibPriority.DEFAULT;

  /** The thread that calls {@link Guest#alarm}: the turn it asks for is about to begin anyway. */
  private @Nullable Thread alarming;

  /** Makes a host of the default main context: that of GTK applications. */
  public GLibHost() {
    this(Native.contextDefault());
  }

  /**
   * Makes a host of a main context.
   *
   * @param context a {@code GMainContext *}, such as {@code handle()} of java-gi's {@code
   *     MainContext}
   */
  public GLibHost(MemorySegment context) {
    this(context.address());
  }

  private GLibHost(long context) {
    if (context == 0) {
      throw new IllegalArgumentException(
          "The context is a null pointer; use new GLibHost() for the default context.");
    }
    this.context = context;
    mainLoops = new MainLoops(context);
    Native.contextRef(context);
  }

  /**
   * Makes a host of a main context of its own, for a thread that is not the application's main one.
   *
   * @return the host
   */
  public static GLibHost ofNewContext() {
    long context = Native.contextNew();
    GLibHost host = new GLibHost(context);
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
    return host != null && Native.contextIsMine(host.context) ? host : null;
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
    if (watch != null) {
      watch.setPriority(newPriority);
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
    source = new TurnSource(context, priority, this::dispatch);
    pause = new DrawingPause(context, this::dispatch);
  }

  /**
   * {@inheritDoc}
   *
   * <p>While no main loop runs, any thread may have the context for a moment, as {@code
   * g_main_context_invoke} does, which bindings free objects by. That moment is waited for.
   */
  @Override
  public boolean isHostThread() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Native.contextIsMine(context)) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(100_000);
    }
    return true;
  }

  @Override
  public void wake() {
    TurnSource open = source; // null if another thread has closed this meanwhile
    if (open != null && alarming != Thread.currentThread()) {
      open.wake();
    }
  }

  @Override
  public void wakeAt(long nanoTime) {
    source().wakeAt(nanoTime);
  }

  private void dispatch() {
    long start = System.nanoTime();
    TurnSource.Reason reason = source().begin(start);
    pause().set(false);
    if (reason == TurnSource.Reason.DEADLINE) {
      alarming = Thread.currentThread();
      guest().alarm();
      alarming = null;
    }
    if (reason != TurnSource.Reason.NONE) {
      mainLoops.inContext(guest()::turn);
    }
    if (source == null) {
      return; // closed by this turn
    }
    source.end();
    long now = System.nanoTime();
    if (source.isWoken() && DrawingPause.isDue(now - start, priority)) {
      source.postpone(now + DrawingPause.NANOS);
      pause().set(true);
    }
  }

  @Override
  public void run() {
    mainLoops.run();
  }

  @Override
  public void quit() {
    mainLoops.quit();
  }

  /** A turn that is asked for by what can be read is given at once. */
  @Override
  public Watch watch(int descriptor, Runnable readable) {
    Runnable body =
        () -> {
          readable.run();
          if (source().isWoken() && !pause().isOn()) {
            dispatch();
          }
        };
    watch = new DescriptorSource(context, priority, descriptor, body);
    return watch;
  }

  /** By GLib's own sources, before everything of usual priority. */
  @Override
  public @Nullable Registration watchSignal(String name, Runnable received) {
    return UnixSignals.watch(context, name, received);
  }

  @Override
  public void close() {
    paces.values().forEach(PriorityPace::close);
    if (source != null) {
      source.destroy();
      source = null;
      pause().close();
      REGISTERED.remove(context, this);
    }
    Native.contextUnref(context);
  }

  private TurnSource source() {
    return Objects.requireNonNull(source);
  }

  private DrawingPause pause() {
    return Objects.requireNonNull(pause);
  }

  private Guest guest() {
    return Objects.requireNonNull(guest, "the loop has not run yet");
  }

  @Override
  public String toString() {
    return mainLoops.toString();
  }
}
