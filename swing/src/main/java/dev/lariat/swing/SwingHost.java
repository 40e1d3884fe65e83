package dev.lariat.swing;

import dev.lariat.EventLoop;
import dev.lariat.host.Alarm;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.WindowWatcher;
import java.awt.AWTEvent;
import java.awt.ActiveEvent;
import java.awt.EventQueue;
import java.awt.GraphicsEnvironment;
import java.awt.SecondaryLoop;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.PaintEvent;
import java.awt.event.WindowEvent;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Swing's event dispatch thread as a host. {@link Swing#run} and {@link Swing#attach} make one; it
 * is public for programs that make their {@link EventLoop} themselves.
 *
 * <p>A wake-up is an event in AWT's queue, a timer a thread that posts one, {@link #run} a {@link
 * SecondaryLoop}. Two things keep AWT from pulling the thread from under its tasks. A second after
 * the last window is gone it ends the event dispatch thread, and starts another for the next event:
 * {@link #anchor} counts as a window. And an interrupt ends whatever main loop the thread is in,
 * the outermost with the thread itself: what interrupts a turn is kept until the run is over.
 */
public final class SwingHost implements Host {
  private static final System.Logger LOG = System.getLogger("dev.lariat.swing");
  private static final long LOOK_NANOS = 1_000_000;

  /** To ask for it takes a lock. */
  private final Toolkit toolkit;

  /** Null before the start, and after the end. */
  private @Nullable Guest guest;

  private @Nullable Alarm alarm;

  /** A window that is never shown. */
  private @Nullable Window anchor;

  private @Nullable SecondaryLoop mainLoop;
  private boolean quit;
  private boolean interrupted;

  /** When {@link #isPaintDue} looked; a race of two threads makes it look once more, at worst. */
  private long lastLook = System.nanoTime() - LOOK_NANOS;

  /** A turn has come past {@link GuardQueue}: another queue hides it. */
  private boolean hidden;

  private @Nullable Windows windows;

  /**
   * Makes a host.
   *
   * <p><i>Thread</i>: any.
   *
   * @throws IllegalStateException if this JVM has no display
   */
  public SwingHost() {
    if (GraphicsEnvironment.isHeadless()) {
      throw new IllegalStateException(
          "Swing has no display here: this JVM is headless. Set the environment variable DISPLAY,"
              + " and leave out -Djava.awt.headless=true; where no window is needed, use"
              + " Asyncio.run(...).");
    }
    toolkit = Toolkit.getDefaultToolkit();
  }

  // -- the main loop -----------------------------------------------------------------------------

  @Override
  public void start(Guest newGuest) {
    guest = newGuest;
    alarm = new Alarm("Lariat timer for Swing", newGuest::alarm);
    anchor = new Window(null);
    anchor.addNotify();
    GuardQueue.join(this);
  }

  @Override
  public boolean isHostThread() {
    return EventQueue.isDispatchThread();
  }

  @Override
  public void wake() {
    EventQueue queue = systemQueue();
    queue.postEvent(new Turn(isPaintDue(queue) ? PaintEvent.UPDATE : AWTEvent.RESERVED_ID_MAX + 1));
  }

  /** Whether drawing has to come before the next turn; looks only now and then, as that is slow. */
  private boolean isPaintDue(EventQueue queue) {
    long now = System.nanoTime();
    if (now - lastLook < LOOK_NANOS) {
      return false;
    }
    lastLook = now;
    return queue.peekEvent(PaintEvent.PAINT) != null || queue.peekEvent(PaintEvent.UPDATE) != null;
  }

  @Override
  public void wakeAt(long nanoTime) {
    Objects.requireNonNull(alarm).set(nanoTime);
  }

  @Override
  public void run() {
    quit = false;
    SecondaryLoop loop = systemQueue().createSecondaryLoop();
    mainLoop = loop;
    try {
      while (!quit) {
        loop.enter();
        keepInterrupt();
      }
    } finally {
      mainLoop = null;
      if (interrupted) {
        interrupted = false;
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void quit() {
    quit = true;
    Objects.requireNonNull(mainLoop).exit();
  }

  @Override
  public void close() {
    if (guest != null) {
      guest = null;
      GuardQueue.leave(this);
      Objects.requireNonNull(alarm).close();
      Objects.requireNonNull(anchor).dispose();
    }
  }

  private EventQueue systemQueue() {
    return toolkit.getSystemEventQueue(); // another after each push and pop
  }

  private void keepInterrupt() {
    if (Thread.interrupted()) {
      interrupted = true;
    }
  }

  // -- turns -------------------------------------------------------------------------------------

  /**
   * The answer to {@link #wake}. AWT's queue goes by the id: paint events come after all others,
   * and so would never come while there is always a turn to take. A turn that has to let one pass
   * has an id of theirs.
   */
  private final class Turn extends AWTEvent implements ActiveEvent {
    private static final long serialVersionUID = 1L;

    /** It came through {@link Swing#dispatch}. */
    private boolean guarded;

    private Turn(int id) {
      super(SwingHost.this, id);
    }

    @Override
    public void dispatch() {
      Guest open = guest;
      if (open == null) {
        return; // a wake-up that came too late
      }
      if (!guarded && !hidden) {
        hidden = true;
        warnHidden();
      }
      open.turn();
      keepInterrupt();
    }
  }

  private void warnHidden() {
    LOG.log(
        Level.WARNING,
        "The application''s event queue, {0}, hides Lariat''s: that a window is closed goes"
            + " unnoticed, and each await is slower. Have its dispatchEvent(event) call"
            + " Swing.dispatch(event, () -> super.dispatchEvent(event)).",
        systemQueue().getClass().getName());
  }

  // -- all other events --------------------------------------------------------------------------

  @Override
  public boolean watchWindows(WindowWatcher watcher) {
    windows = new Windows(watcher);
    return true;
  }

  @Override
  public @Nullable String nestedLoop() {
    return hidden ? "pumpEventsForFilter" : null;
  }

  /** Whether a frame whose default is to exit was closed: then the process is to end. */
  boolean isToExit() {
    return windows != null && windows.isToExit();
  }

  /** Dispatches an event of AWT. */
  void dispatch(AWTEvent event, Runnable dispatcher) {
    if (event instanceof Turn turn) {
      turn.guarded = true;
      if (turn.getSource() == this) {
        dispatcher.run(); // a turn sees for itself what it interrupts
        return;
      }
    }
    Windows watching = windows;
    Objects.requireNonNull(guest)
        .dispatch(
            watching != null && event instanceof WindowEvent windowEvent
                ? () -> watching.dispatch(windowEvent, dispatcher)
                : dispatcher);
  }

  @Override
  public String toString() {
    return "Swing's event dispatch thread";
  }
}
