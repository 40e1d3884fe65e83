package dev.lariat.host;

import dev.lariat.EventLoop;
import dev.lariat.event.Registration;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's main loop, on which an {@link EventLoop} is a guest: that of a toolkit. A host
 * posts and times; order, timers and tasks are the guest's. One host serves one loop.
 *
 * <p>All methods but {@link #wake}, {@link #isHostThread}, {@link #nanoTime}, {@link #workStarted}
 * and {@link #workFinished} are called on the host's thread only.
 */
public interface Host extends AutoCloseable {
  /**
   * Hands over the guest, whose {@link Guest#turn} the other methods are about. Called once, when
   * the loop first runs, before anything but {@link #isHostThread} and {@link #nanoTime}; again
   * when it next runs, if this fails.
   *
   * @param guest the loop
   */
  void start(Guest guest);

  /** {@return whether this is the thread that the main loop runs on} Any thread. */
  boolean isHostThread();

  /**
   * Has {@link Guest#turn} called on the host's thread, soon, also from inside a nested main loop
   * such as a modal dialog's. Not called again until that turn has begun. Any thread: another one's
   * call may come while this is being closed, or later, and then does nothing.
   */
  void wake();

  /**
   * Has {@link Guest#alarm} called at a time. A later call replaces an earlier one that has not
   * fired.
   *
   * @param nanoTime when, by {@link #nanoTime}
   */
  void wakeAt(long nanoTime);

  /**
   * Runs the main loop until {@link #quit}; inside the one that runs already, if there is one. Can
   * be called again after it has returned.
   */
  void run();

  /** Ends {@link #run}; from inside it, and without waiting. */
  void quit();

  /**
   * The clock of the loop.
   *
   * @return nanoseconds since an arbitrary origin, never decreasing
   */
  default long nanoTime() {
    return System.nanoTime();
  }

  /**
   * Tells the toolkit of an error that nobody awaits and that no exception handler of the loop
   * took; it has been logged. By default: the thread's uncaught exception handler, if the
   * application has set one.
   *
   * @param error the error
   */
  default void uncaught(Throwable error) {
    Thread thread = Thread.currentThread();
    if (!(thread.getUncaughtExceptionHandler() instanceof ThreadGroup)
        || Thread.getDefaultUncaughtExceptionHandler() != null) {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
    }
  }

  /**
   * Tells {@code windows} of the toolkit's windows from now on.
   *
   * @param windows whom to ask and to tell
   * @return false if this host has no windows to tell of
   */
  default boolean watchWindows(WindowWatcher windows) {
    return false;
  }

  /**
   * Has {@code readable} called on the host's thread whenever {@code descriptor} can be read, and
   * again and again while it can: also from inside a nested main loop. What the sockets of the loop
   * are watched by.
   *
   * @param descriptor a file descriptor of this process, open until the watch is closed
   * @param readable what to call; it asks for a turn, and takes none
   * @return the watch, to be closed before the host is; null if this host can watch no descriptors
   */
  default @Nullable Watch watch(int descriptor, Runnable readable) {
    return null;
  }

  /**
   * Has {@code received} called on the host's thread whenever the process gets a signal, if the
   * toolkit has a way of its own for that.
   *
   * @param name the signal's name without SIG, as {@code "TERM"}
   * @param received what to call; it asks for a turn, and takes none
   * @return what ends this; null if the JVM is to be asked for the signal
   */
  default @Nullable Registration watchSignal(String name, Runnable received) {
    return null;
  }

  /**
   * The method that runs a nested main loop, where one may be running and is plain Java. Then no
   * native frame makes an await on top of it fail, and the loop looks for this method on the stack.
   * Asked before each await.
   *
   * @return the name of the method; null where nested main loops are native
   */
  default @Nullable String nestedLoop() {
    return null;
  }

  /** {@return whether the clock is a virtual one, which stands while there is work under way} */
  default boolean isVirtual() {
    return false;
  }

  /** Tells that another thread began work whose end will wake the loop. Any thread. */
  default void workStarted() {}

  /** Tells that such work has ended, after its wake-up. Any thread. */
  default void workFinished() {}

  /** Frees what the host holds; {@link Guest#turn} is not called any more. Called once. */
  @Override
  default void close() {}
}
