package dev.lariat.swt;

import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.WindowWatcher;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.swt.SWT;
import org.eclipse.swt.SWTException;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Listener;
import org.jspecify.annotations.Nullable;

/**
 * SWT's display thread as the host of an event loop. Most applications need only {@link Swt}.
 *
 * <pre>{@code
 * EventLoop loop = new EventLoop(new SwtHost(display));
 * }</pre>
 *
 * <p>An exception of a listener leaves {@link #run}, as it leaves every main loop of SWT, unless
 * the application has set a handler with {@code Display.setRuntimeExceptionHandler}. If the display
 * is disposed of while the loop runs, {@link #run} goes on without it, so that tasks come to their
 * end.
 */
public final class SwtHost implements Host {
  /*
   * A turn is an asyncExec. SWT holds the monitor of its own record of it meanwhile, and a task that
   * suspends would take that along ("current thread is not owner", when SWT leaves it), if the loop
   * did not flush the lock stack as a turn begins. It does, and nobody else wants that monitor. To
   * hop from there through timerExec(0) avoids it too, but takes twice the time of an asyncExec
   * (this: 1.1 times); and since on GTK such timers come before drawing, busy tasks would keep the
   * window from being drawn. An asyncExec comes when there is nothing else to do.
   *
   * A timer is a timerExec: on GTK 0.1 ms late, plus what is rounded up to a millisecond. A thread
   * of our own that waits and then wakes this one was later.
   *
   * SWT's main loop is plain Java: no native frame keeps a task from suspending beneath it. If SWT
   * has told of an event (PreEvent) and not of its end, there may be one on the stack.
   */
  private static final int[] TOLD = {
    SWT.PreEvent, SWT.PostEvent, SWT.PreExternalEventDispatch, SWT.PostExternalEventDispatch
  };

  private final Display display;
  private final Thread thread;
  private final Listener listener = this::told;
  private final Runnable turn = this::turn;
  private final Runnable alarm = () -> guest().alarm();
  private final NativeLoops nativeLoops;
  private @Nullable Guest guest;
  private @Nullable SwtWindows windows;
  private boolean quit;

  /** How many turns are under way, each but the first in a nested main loop. */
  private int turns;

  /** How many events of SWT are under way since the innermost turn began. */
  private int events;

  private @Nullable Runnable afterTurn;

  /** A turn has been asked for, and has not come. */
  private volatile boolean waking;

  /**
   * Makes a host for one loop.
   *
   * @param display the display; stays the caller's to dispose of
   * @throws SWTException if it is disposed
   */
  public SwtHost(Display display) {
    this.display = display;
    thread = display.getThread();
    nativeLoops =
        new NativeLoops(
            display,
            () -> {
              if (waking) {
                turn();
              }
            });
  }

  @Override
  public void start(Guest newGuest) {
    guest = newGuest;
    for (int type : TOLD) {
      display.addListener(type, listener);
    }
  }

  private Guest guest() {
    return Objects.requireNonNull(guest, "start comes first");
  }

  @Override
  public boolean isHostThread() {
    return Thread.currentThread() == thread;
  }

  // -- wake-ups ----------------------------------------------------------------------------------

  @Override
  public void wake() {
    waking = true;
    try {
      display.asyncExec(turn);
    } catch (SWTException error) {
      if (error.code != SWT.ERROR_DEVICE_DISPOSED) {
        throw error;
      }
      LockSupport.unpark(thread); // it may wait without a display, in run
    }
  }

  private void turn() {
    waking = false;
    int outerEvents = events;
    events = 0;
    turns++;
    try {
      guest().turn();
    } finally {
      turns--;
      events = outerEvents;
    }
    if (turns == 0 && afterTurn != null) {
      afterTurn.run();
      afterTurn = null;
    }
  }

  /** Runs an action now, or else when the turn that is under way is over. */
  void outsideTurns(Runnable action) {
    if (turns == 0) {
      action.run();
    } else {
      afterTurn = action;
    }
  }

  @Override
  public void wakeAt(long nanoTime) {
    if (!display.isDisposed()) {
      long millis = Math.ceilDiv(nanoTime - nanoTime(), 1_000_000);
      display.timerExec(Math.clamp(millis, 0, Integer.MAX_VALUE), alarm);
    }
  }

  // -- events ------------------------------------------------------------------------------------

  private void told(Event event) {
    switch (event.type) {
      case SWT.PreEvent -> events++;
      case SWT.PostEvent -> events = Math.max(0, events - 1); // it may have begun before the host
      case SWT.PreExternalEventDispatch -> nativeLoops.begins(turns > 0 || events > 0);
      default -> nativeLoops.ends();
    }
  }

  @Override
  public @Nullable String nestedLoop() {
    return events > 0 ? "readAndDispatch" : null;
  }

  // -- the main loop -----------------------------------------------------------------------------

  @Override
  public void run() {
    quit = false;
    while (!quit && !display.isDisposed()) {
      if (!display.readAndDispatch() && !quit) {
        display.sleep();
      }
    }
    waking = true; // a turn that the display was asked for went with it
    while (!quit) {
      long left = guest().nextDeadline() - nanoTime();
      if (waking || left <= 0) {
        turn();
      } else {
        LockSupport.parkNanos(this, left);
      }
    }
  }

  @Override
  public void quit() {
    quit = true;
  }

  @Override
  public void uncaught(Throwable error) {
    try {
      switch (error) {
        case Error serious -> display.getErrorHandler().accept(serious);
        case RuntimeException unchecked -> display.getRuntimeExceptionHandler().accept(unchecked);
        default -> display.getRuntimeExceptionHandler().accept(new CompletionException(error));
      }
    } catch (Throwable rethrown) { // by SWT's own handlers: the application has set none
      Host.super.uncaught(error);
    }
  }

  // -- windows, and the end ----------------------------------------------------------------------

  @Override
  public boolean watchWindows(WindowWatcher watcher) {
    windows = new SwtWindows(display, watcher);
    return true;
  }

  @Override
  public void close() {
    if (!display.isDisposed()) {
      display.timerExec(-1, alarm);
      nativeLoops.stopHelp();
      for (int type : TOLD) {
        display.removeListener(type, listener);
      }
      if (windows != null) {
        windows.close();
      }
    }
  }

  @Override
  public String toString() {
    return "SWT";
  }
}
