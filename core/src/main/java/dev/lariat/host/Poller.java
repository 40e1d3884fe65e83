package dev.lariat.host;

import dev.lariat.event.Registration;
import org.jspecify.annotations.Nullable;

/**
 * What an own event loop waits on: the counterpart of asyncio's selector. The default one parks the
 * thread; one that watches sockets runs their callbacks from {@link #poll}.
 *
 * <p>All methods but {@link #wakeup}, {@link #workStarted} and {@link #workFinished} are called by
 * the loop's thread only.
 */
public interface Poller extends AutoCloseable {
  /**
   * The clock of the loop.
   *
   * @return nanoseconds since an arbitrary origin, never decreasing
   */
  default long nanoTime() {
    return System.nanoTime();
  }

  /**
   * Waits for events or a wake-up, and handles the events. May return early for no reason.
   *
   * @param nanos how long to wait at most; 0 does not wait, a negative value waits without limit
   */
  void poll(long nanos);

  /**
   * Makes the {@link #poll} under way, or else the next one, return at once. Any thread, and also
   * after {@link #close}, when it does nothing.
   */
  void wakeup();

  /** {@return whether the clock is a virtual one, which stands while there is work under way} */
  default boolean isVirtual() {
    return false;
  }

  /** Tells that another thread began work whose end will wake the loop. Any thread. */
  default void workStarted() {}

  /** Tells that such work has ended, after its wake-up. Any thread. */
  default void workFinished() {}

  /**
   * Whether networking may put a poller of its own in the place of this one. So it is with the one
   * that a loop has unless it is given another.
   *
   * @return false, unless a poller says otherwise
   */
  default boolean isReplaceable() {
    return false;
  }

  /**
   * Has events handled that this poller knows nothing of: {@code events} is run by every {@link
   * #poll}, and there will be one soon after {@code descriptor} can be read. So networking joins a
   * loop that is a guest, whose poller is not to be replaced.
   *
   * @param descriptor a file descriptor of this process; as long as there are events to handle, and
   *     no longer, it can be read. Open until the registration is closed
   * @param events handles events, without waiting for any, and calls none of the user's code
   * @return what ends this; null if this poller watches no descriptors, or not before the loop runs
   * @throws IllegalStateException if one is watched already
   */
  default @Nullable Registration watch(int descriptor, Runnable events) {
    return null;
  }

  /**
   * Has {@code received} called on the loop's thread whenever the process gets a signal.
   *
   * @param name the signal's name without SIG, as {@code "TERM"}
   * @param received what to call: it schedules callbacks, and runs none
   * @return what ends this; null if the JVM is to be asked for the signal
   */
  default @Nullable Registration watchSignal(String name, Runnable received) {
    return null;
  }

  /** Frees what the poller holds. Called once, when the loop closes or has another poller. */
  @Override
  default void close() {}
}
