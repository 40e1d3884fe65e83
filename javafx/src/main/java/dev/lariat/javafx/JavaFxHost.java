package dev.lariat.javafx;

import dev.lariat.host.Alarm;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.WindowWatcher;
import java.util.Locale;
import java.util.Objects;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The JavaFX application thread as the host of an event loop.
 *
 * <p>It is woken by {@code Platform.runLater}, by the thread of an {@link Alarm} when a timer is
 * due: JavaFX's own timers are those of its animation, and late. {@link #run} is a nested event
 * loop, for JavaFX has no other way to run its main loop on a thread that already does; so it needs
 * {@code Platform.canStartNestedEventLoop()}. A loop that is attached needs none.
 *
 * <p>When JavaFX exits, it drops what {@code runLater} was given without a word, and its thread
 * ends. {@link #run} then returns at once. A loop that is attached should be closed before; if it
 * is not, its tasks are reported as lost once the thread is gone.
 */
public final class JavaFxHost implements Host {
  /** On these platforms a nested event loop is plain Java; on the others it is native. */
  private static final boolean PLAIN_JAVA = isPlainJava(System.getProperty("glass.platform"));

  private @Nullable Guest guest;
  private @Nullable Runnable turn;
  private @Nullable Alarm alarm;
  private @Nullable Thread endWatch;
  private @Nullable LastWindowWatch windows;

  /** The key of the nested event loop; null while none runs. */
  private @Nullable Object running;

  private boolean quitting;

  /** Makes a host. Any thread; JavaFX need not have been started. */
  public JavaFxHost() {}

  private static boolean isPlainJava(@Nullable String glassPlatform) {
    String name = glassPlatform == null ? "" : glassPlatform.toLowerCase(Locale.ROOT);
    return name.equals("headless") || name.equals("monocle");
  }

  @Override
  public void start(Guest newGuest) {
    guest = newGuest;
    turn = newGuest::turn;
    alarm = new Alarm("lariat javafx alarm", newGuest::alarm);
    Thread fxThread = Thread.currentThread();
    endWatch = Thread.ofVirtual().name("lariat javafx end").start(() -> awaitEnd(fxThread));
  }

  /** Nothing in JavaFX's API tells of its exit, so its thread is watched. */
  private void awaitEnd(Thread fxThread) {
    try {
      fxThread.join();
      Objects.requireNonNull(guest).hostEnded();
    } catch (InterruptedException e) {
      // closed before
    }
  }

  @Override
  public boolean isHostThread() {
    return Platform.isFxApplicationThread();
  }

  @Override
  public void wake() {
    Platform.runLater(turn);
  }

  @Override
  public void wakeAt(long nanoTime) {
    Objects.requireNonNull(alarm).set(nanoTime);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException in an animation or layout pulse, where JavaFX can run no nested
   *     event loop; or if JavaFX exits
   */
  @Override
  public void run() {
    if (!Platform.canStartNestedEventLoop()) {
      throw new IllegalStateException(
          "JavaFX cannot run a nested event loop here: an animation or a layout is under way, or"
              + " there are too many of them. Call this in Platform.runLater(...), or attach the"
              + " event loop instead of running it.");
    }
    quitting = false;
    running = new Object();
    try {
      Platform.enterNestedEventLoop(running);
    } finally {
      running = null;
    }
    if (!quitting) {
      throw new IllegalStateException(
          "JavaFX exits (Platform.exit was called), and the event loop on it cannot go on."
              + " To end in good order, end the main coroutine, or quit the application.");
    }
  }

  @Override
  public void quit() {
    if (!quitting) { // the turn that ends a run may be one of several, nested
      quitting = true;
      Platform.exitNestedEventLoop(running, null);
    }
  }

  @Override
  public boolean watchWindows(WindowWatcher watcher) {
    windows = new LastWindowWatch(watcher);
    return true;
  }

  @Override
  public @Nullable String nestedLoop() {
    return PLAIN_JAVA && Platform.isNestedLoopRunning() ? "enterNestedEventLoop" : null;
  }

  @Override
  public void close() {
    if (alarm != null && endWatch != null) {
      alarm.close();
      endWatch.interrupt();
    }
    if (windows != null) {
      windows.close();
    }
  }

  @Override
  public String toString() {
    return "the JavaFX application thread";
  }
}
