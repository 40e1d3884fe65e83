package dev.lariat.gio.internal;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.glib.GLibHost;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gnome.gio.AsyncReadyCallback;
import org.gnome.gio.AsyncResult;
import org.gnome.gio.Cancellable;
import org.gnome.gobject.GObject;
import org.javagi.base.GErrorException;
import org.javagi.base.Proxy;
import org.javagi.base.TransferOwnership;
import org.jspecify.annotations.Nullable;

/**
 * One operation, and its callback: java-gi is given this, and asks it for a function pointer.
 *
 * <p>GIO promises to call back exactly once, whatever happens, and so a task waits for that even
 * when it is cancelled: what the operation works on is the task's, and goes away with it. The
 * finish runs in the callback, since the result is valid during that only.
 *
 * <p>java-gi frees what it allocated for an operation when this object is garbage. The function
 * pointer must not be among that: it would be freed, and one made, at every operation, and it
 * leaks. So those are ours, and used again: see {@link ReadyStub}.
 *
 * @param <T> the type of the outcome
 */
public final class Operation<T extends @Nullable Object> implements AsyncReadyCallback {
  /** Begins an operation. */
  @FunctionalInterface
  public interface Begin {
    /**
     * Begins it.
     *
     * @param cancellable what cancels it
     * @param callback what to call at the end
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
     * Gives the outcome.
     *
     * @param result the result that the callback was given
     * @return the outcome
     * @throws GErrorException if the operation failed
     */
    T finish(AsyncResult result) throws GErrorException;
  }

  private final EventLoop loop = Asyncio.getRunningLoop();
  private final Pending pending = Pending.of(loop);
  private final Finish<T> finish;
  private @Nullable Future<@Nullable Void> wakeUp;
  private @Nullable Runnable atEnd;
  private @Nullable NativeMemory data;
  private boolean ended;
  private boolean counted;
  private @Nullable T outcome;
  private @Nullable Throwable error;

  private Operation(Finish<T> finish) {
    this.finish = finish;
  }

  /**
   * Runs an operation to its end.
   *
   * @param <T> the type of the outcome
   * @param given what cancels it beside the task; null for nothing
   * @param begin begins it
   * @param finish finishes it
   * @return the outcome
   * @throws GErrorException what the operation failed with
   */
  public static <T extends @Nullable Object> T await(
      @Nullable Cancellable given, Begin begin, Finish<T> finish) throws GErrorException {
    if (Asyncio.currentTask() == null) {
      throw new IllegalStateException(
          "Only a task can await an operation: in a callback, start one with"
              + " Asyncio.createTask(() -> ...).");
    }
    if (GLibHost.current() == null) {
      throw new IllegalStateException(
          "This event loop is not on GLib's main context, so no operation would ever come back:"
              + " use Asyncio.run(main, GLibEventLoop::new).");
    }
    if (given != null) {
      return new Operation<>(finish).run(given, begin);
    }
    Cancellable own = Cancellables.take();
    Operation<T> operation = new Operation<>(finish);
    T outcome = operation.run(own, begin);
    Cancellables.giveBack(own); // not after an error: it may have been cancelled, or still in use
    return outcome;
  }

  /**
   * As {@link #await}, of an operation that cannot fail.
   *
   * @param <T> the type of the outcome
   * @param given what cancels it beside the task; null for nothing
   * @param begin begins it
   * @param finish finishes it
   * @return the outcome
   */
  public static <T extends @Nullable Object> T awaitQuietly(
      @Nullable Cancellable given, Begin begin, Finish<T> finish) {
    try {
      return await(given, begin, finish);
    } catch (GErrorException e) {
      throw new AssertionError("an operation that cannot fail did", e);
    }
  }

  /**
   * The elements of a native list. Once one is an object of Java, that object owns it; but java-gi
   * would free it with the list as well. So the list is told to free itself only.
   *
   * @param <E> the type of the elements
   * @param list the list
   * @return its elements; none if there is no list
   */
  public static <E> List<E> copyOf(org.gnome.glib.@Nullable List<E> list) {
    if (list == null) {
      return List.of();
    }
    List<E> copy = List.copyOf(list);
    if (!copy.isEmpty() && copy.getFirst() instanceof Proxy) {
      list.setOwnership(TransferOwnership.CONTAINER);
    }
    return copy;
  }

  private T run(Cancellable cancellable, Begin begin) throws GErrorException {
    begin.begin(cancellable, this);
    if (!ended) {
      pending.begun();
      counted = true;
    }
    CancelledError cancelled = null;
    while (!ended) {
      wakeUp = loop.createFuture();
      try {
        wakeUp.await();
      } catch (CancelledError requested) {
        cancelled = requested;
        cancellable.cancel();
      } catch (Throwable cannotWait) { // a native frame is in the way, or the loop closes
        cancellable.cancel();
        throw cannotWait;
      }
    }
    if (cancelled != null) {
      if (error != null) {
        cancelled.addSuppressed(error);
      }
      throw cancelled;
    }
    return switch (error) {
      case null -> value();
      case GErrorException failed -> throw failed;
      case RuntimeException failed -> throw failed;
      case Error failed -> throw failed;
      default ->
          throw new IllegalStateException("the finish threw what it does not declare", error);
    };
  }

  @SuppressWarnings("NullAway") // null only if T is
  private T value() {
    return outcome;
  }

  // -- what begins an operation ------------------------------------------------------------------

  /** Memory that lives until the operation has ended. */
  NativeMemory data() {
    if (data == null) {
      data = new NativeMemory();
    }
    return data;
  }

  /** Has {@code action} run when the operation has ended, before its data is freed. */
  void atEnd(Runnable action) {
    atEnd = action;
  }

  // -- what ends it ------------------------------------------------------------------------------

  @Override
  public MemorySegment toCallback(Arena arena) {
    return toCallback();
  }

  MemorySegment toCallback() {
    return ReadyStub.take(this).pointer;
  }

  /** For those who call the interface; GIO does not. */
  @Override
  public void run(@Nullable GObject source, AsyncResult result, @Nullable MemorySegment unused) {
    end(result);
  }

  /** The callback. */
  void end(AsyncResult result) {
    try {
      outcome = finish.finish(result);
    } catch (Throwable failed) {
      error = failed;
    }
    ended = true;
    if (counted) { // else it has ended, or failed, before it had begun
      pending.ended();
    }
    if (atEnd != null) {
      atEnd.run();
    }
    if (data != null) {
      data.close();
    }
    if (wakeUp != null && !wakeUp.done() && !loop.isClosed()) {
      wakeUp.setResult(null);
    }
  }
}
