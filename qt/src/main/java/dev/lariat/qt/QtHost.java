package dev.lariat.qt;

import dev.lariat.event.Registration;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.LastWindow;
import dev.lariat.host.Watch;
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
  private final Qt qt;
  private final QtOptions options;
  private final Thread thread = Thread.currentThread();
  private Qt.@Nullable Receiver receiver;
  private @Nullable Guest guest;
  private @Nullable MainLoop mainLoop;
  private @Nullable WindowWatcher windows;

  /** What to do when Qt quits, where the main loop is somebody else's. */
  private Runnable onQuit = () -> {};

  private @Nullable Registration guard;

  /** How many turns are under way, each but the first in a nested main loop. */
  private int turns;

  /** Qt quits, and {@link #onQuit} has to wait until no turn is under way. */
  private boolean quitWaits;

  /** In {@link #onQuit}. */
  private boolean quitting;

  /**
   * Makes a host for one loop, which lives on this thread: the one that made the application
   * object, or will make it.
   *
   * @throws IllegalStateException if there is neither Qt 6 nor QtJambi; the message says what to
   *     install
   */
  public QtHost() {
    this(Qt.find(), QtOptions.DEFAULT.withQuitQapp(false));
  }

  QtHost(Qt qt, QtOptions options) {
    this.qt = qt;
    this.options = options;
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
    receiver = qt.newReceiver(QtHost::report);
    mainLoop = new MainLoop(qt, receiver, windows != null, !options.quitQapp());
    receiver.onWake(this::turn);
    receiver.onTimeout(newGuest::alarm);
    receiver.onAboutToQuit(this::aboutToQuit);
    if (windows != null && options.lastWindow() == LastWindow.REFUSE) {
      guard = new LastWindowGuard(windows);
    }
  }

  private MainLoop mainLoop() {
    return Objects.requireNonNull(mainLoop, "start comes first");
  }

  /** Nobody has logged it: it is no callback of the loop's. */
  static void report(Throwable error) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
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
    if (!mainLoop().mayTurn()) {
      return;
    }
    turns++;
    try {
      Objects.requireNonNull(guest).turn();
    } finally {
      turns--;
    }
    if (quitWaits && turns == 0) {
      handleQuit();
    }
  }

  /** Rounded up, for Qt counts milliseconds. If it is early all the same, the guest asks again. */
  @Override
  public void wakeAt(long nanoTime) {
    long millis = Math.ceilDiv(Math.max(0, nanoTime - nanoTime()), 1_000_000);
    receiver().startTimer((int) Math.min(millis, Integer.MAX_VALUE));
  }

  // -- the main loop -----------------------------------------------------------------------------

  @Override
  public void run() {
    mainLoop().run(quitting);
  }

  @Override
  public void quit() {
    mainLoop().quit();
  }

  /** In Qt 6.4 when the main loop has ended; in newer ones, 6.8 say, inside the call of quit(). */
  private void aboutToQuit() {
    if (!mainLoop().isQuitting()) {
      if (windows != null) {
        windows.lastClosed();
      }
      quitWaits = true;
      if (turns == 0) {
        handleQuit();
      }
    }
  }

  private void handleQuit() {
    quitWaits = false;
    quitting = true;
    try {
      onQuit.run();
    } finally {
      quitting = false;
    }
  }

  // -- windows, descriptors, and the end ---------------------------------------------------------

  @Override
  public boolean watchWindows(WindowWatcher watcher) {
    windows = watcher;
    return true;
  }

  @Override
  public @Nullable Watch watch(int descriptor, Runnable readable) {
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

  /** Shuts the application down, if the options say so; has Qt's main loop quit, if it runs. */
  void finish() {
    if (options.quitQapp() && receiver != null && qt.hasApplication()) { // or it has not begun
      if (qt.loopLevel() == 0) {
        qt.deleteApplication();
      } else if (!quitting) {
        qt.quit();
      }
    }
  }

  @Override
  public String toString() {
    return "Qt";
  }
}
