package dev.lariat.qt;

import dev.lariat.event.Registration;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.WindowWatcher;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Qt's main loop as the host of an event loop, in any process with a Qt 6: with QtJambi, with
 * another binding, or with none. Most applications need only {@link QtAsyncio}.
 *
 * <pre>{@code
 * EventLoop loop = new EventLoop(new QtHost());
 * }</pre>
 *
 * <p>If there is no application object when the loop first runs, it makes a {@code
 * QCoreApplication}. Whoever has windows makes a {@code QApplication} before.
 *
 * <p>{@code QCoreApplication.quit()}, and so the closing of the last window, ends {@link #run}.
 */
public final class QtHost implements Host {
  /*
   * The main loop is QCoreApplication::exec, without which Qt's quit() does nothing and the last
   * window is not noticed. But exit() ends it together with all nested ones, modal dialogs too. So
   * a QEventLoop runs inside it, which ends alone, after those inside. Turns wait until that runs:
   * or a dialog that a task opens would get in between.
   */
  private final Qt qt;
  private final Thread thread = Thread.currentThread();
  private Qt.@Nullable Receiver receiver;
  private @Nullable Guest guest;
  private @Nullable WindowWatcher windows;

  /** What to do when Qt quits, where the main loop is somebody else's. */
  private Runnable onQuit = () -> {};

  /** Whether the end of a run is that of the application, which Qt tells of. */
  private boolean quitsApplication;

  /** Whether the application's windows ask before the last one is closed. */
  private boolean guardsLastWindow;

  private @Nullable Registration guard;

  /** {@link #run} has been called. */
  private boolean hasRun;

  /** The innermost {@link #run}. */
  private @Nullable Run run;

  /** A run has asked for its main loop, and is not in it yet. */
  private boolean entering;

  /** A turn has been asked for meanwhile. */
  private boolean turnWaits;

  /** The main loop has ended, which Qt tells us of. */
  private boolean inAboutToQuit;

  /**
   * Makes a host for one loop, which lives on this thread: the one that made the application
   * object, or will make it.
   *
   * @throws IllegalStateException if there is neither Qt 6 nor QtJambi; the message says what to
   *     install
   */
  public QtHost() {
    this(Qt.find());
  }

  QtHost(Qt qt) {
    this.qt = qt;
  }

  /** From now on the end of a run is that of the application. */
  void quitApplication() {
    quitsApplication = true;
  }

  /** From now on {@link WindowWatcher#mayClose} is asked, where QtJambi knows the windows. */
  void guardLastWindow() {
    guardsLastWindow = true;
  }

  /** Has {@code action} run when Qt quits, where the main loop is somebody else's. */
  void onQuit(Runnable action) {
    onQuit = action;
  }

  @Override
  public void start(Guest newGuest) {
    if (!qt.hasApplication()) {
      qt.newApplication();
    } else if (!qt.onApplicationThread()) {
      throw new IllegalStateException(
          "Qt's application object was made on another thread, and its main loop runs there only;"
              + " this is "
              + thread
              + ". Make it and run the loop on the same thread.");
    }
    guest = newGuest;
    receiver = qt.newReceiver(this::uncaught);
    receiver.onWake(this::turn);
    receiver.onTimeout(newGuest::alarm);
    receiver.onAboutToQuit(this::aboutToQuit);
    if (guardsLastWindow && windows != null) {
      guard = new LastWindowGuard(windows);
    }
  }

  private Qt.Receiver receiver() {
    return Objects.requireNonNull(receiver, "start comes first");
  }

  @Override
  public boolean isHostThread() {
    return Thread.currentThread() == thread;
  }

  // -- wake-ups ----------------------------------------------------------------------------------

  @Override
  public void wake() {
    receiver().wake();
  }

  private void turn() {
    if (entering) {
      turnWaits = true;
    } else {
      Objects.requireNonNull(guest).turn();
    }
  }

  /** Rounded up, for Qt counts milliseconds. If it is early all the same, the guest asks again. */
  @Override
  public void wakeAt(long nanoTime) {
    long nanos = Math.max(0, nanoTime - nanoTime());
    long millis = nanos / 1_000_000 + (nanos % 1_000_000 > 0 ? 1 : 0);
    receiver().startTimer((int) Math.min(millis, Integer.MAX_VALUE));
  }

  // -- the main loop -----------------------------------------------------------------------------

  /** One call of {@link QtHost#run}. */
  private final class Run {
    private boolean quit;
    private Qt.@Nullable NestedLoop loop;

    void start() {
      if (qt.loopLevel() > 0 || inAboutToQuit) {
        nest();
        return;
      }
      entering = true;
      receiver().onExec(this::enter);
      qt.exec();
      qt.blockSignals(false);
      if (!quit && windows != null) {
        nest(); // Qt has quit; the tasks are to come to their end
      }
    }

    private void enter() {
      entering = false;
      if (turnWaits) {
        turnWaits = false;
        wake();
      }
      nest();
      if (quit) {
        qt.blockSignals(!quitsApplication);
        qt.exit();
      }
    }

    private void nest() {
      try (Qt.NestedLoop nested = qt.newLoop()) {
        loop = nested;
        nested.exec();
      } finally {
        loop = null;
      }
    }

    void quit() {
      quit = true;
      if (loop != null) {
        loop.exit();
      }
    }
  }

  @Override
  public void run() {
    hasRun = true;
    Run outer = run;
    run = new Run();
    try {
      run.start();
    } finally {
      run = outer;
    }
  }

  @Override
  public void quit() {
    Objects.requireNonNull(run, "run comes first").quit();
  }

  private void aboutToQuit() {
    if (run != null && run.quit) {
      return;
    }
    inAboutToQuit = true;
    try {
      if (windows != null) {
        windows.lastClosed();
      }
      onQuit.run();
    } finally {
      inAboutToQuit = false;
    }
  }

  // -- windows, descriptors, and the end ---------------------------------------------------------

  @Override
  public boolean watchWindows(WindowWatcher watcher) {
    windows = watcher;
    return true;
  }

  @Override
  public boolean watch(int descriptor, Runnable readable) {
    return receiver().onReadable(descriptor, readable);
  }

  @Override
  public void close() {
    if (receiver != null) {
      receiver.close();
    }
    if (guard != null) {
      guard.close();
    }
  }

  /** Has Qt quit, if its main loop runs. */
  void quitQt() {
    qt.quit();
  }

  /** Deletes the application object after a run; inside Qt's main loop, has that quit. */
  void shutDownApplication() {
    if (hasRun && qt.hasApplication()) {
      if (qt.loopLevel() > 0) {
        qt.quit();
      } else {
        qt.deleteApplication();
      }
    }
  }

  @Override
  public String toString() {
    return "Qt";
  }
}
