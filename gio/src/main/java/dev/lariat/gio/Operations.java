package dev.lariat.gio;

import dev.lariat.gio.internal.Operation;
import org.gnome.gio.AsyncReadyCallback;
import org.gnome.gio.AsyncResult;
import org.gnome.gio.Cancellable;
import org.javagi.base.GErrorException;
import org.jspecify.annotations.Nullable;

/**
 * Awaits any operation that is made of a begin, which takes a callback, and a finish: for libraries
 * that have no class of their own here.
 *
 * <pre>{@code
 * DBusConnection bus =
 *     Operations.await(
 *         (cancellable, callback) -> Gio.busGet(BusType.SESSION, cancellable, callback),
 *         Gio::busGetFinish);
 * }</pre>
 */
public final class Operations {
  private Operations() {}

  /** Begins an operation. */
  @FunctionalInterface
  public interface Begin {
    /**
     * Begins it.
     *
     * @param cancellable what cancels it; to be passed on
     * @param callback what to call at the end; to be passed on
     * @throws GErrorException if that fails at once
     */
    void begin(Cancellable cancellable, AsyncReadyCallback callback) throws GErrorException;
  }

  /**
   * Finishes an operation.
   *
   * @param <T> the type of the outcome
   */
  @FunctionalInterface
  public interface Finish<T extends @Nullable Object> {
    /**
     * Gives the outcome. Called by GIO's callback, outside any task.
     *
     * @param result what the callback was given; good until this returns
     * @return the outcome
     * @throws GErrorException if the operation failed
     */
    T finish(AsyncResult result) throws GErrorException;
  }

  /**
   * Runs an operation to its end. When the task is cancelled meanwhile, so is the operation; the
   * task waits for it to end, and only then gets its CancelledError, to which the operation's own
   * error is added as a suppressed one. Models PyGObject's awaitable {@code Gio.Async}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the operation is cancelled, and has ended.
   *
   * @param <T> the type of the outcome
   * @param begin begins it
   * @param finish finishes it
   * @return the outcome
   * @throws GErrorException what the operation failed with
   * @throws IllegalStateException outside a task, or if the loop is not on this thread's main
   *     context of GLib
   */
  public static <T extends @Nullable Object> T await(Begin begin, Finish<T> finish)
      throws GErrorException {
    return await(new Cancellable(), begin, finish);
  }

  /**
   * Runs an operation to its end, with a cancellable of one's own; which is cancelled with the task
   * too. Who cancels it otherwise gives the task a GErrorException.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the operation is cancelled, and has ended.
   *
   * @param <T> the type of the outcome
   * @param cancellable what cancels it
   * @param begin begins it
   * @param finish finishes it
   * @return the outcome
   * @throws GErrorException what the operation failed with
   */
  public static <T extends @Nullable Object> T await(
      Cancellable cancellable, Begin begin, Finish<T> finish) throws GErrorException {
    return Operation.await(cancellable, begin::begin, finish::finish);
  }
}
