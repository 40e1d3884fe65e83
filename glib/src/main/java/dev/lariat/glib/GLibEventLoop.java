package dev.lariat.glib;

import dev.lariat.Action;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.signal.Signals;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that is a guest on a GLib main context, with what GLib has to offer beyond any
 * other: priorities, and signals. Models {@code gi.events.GLibEventLoop} of PyGObject.
 *
 * <p>{@link #runForever} and its like run a main loop of their own, inside the one that runs
 * already, if there is one; {@link #attach} joins that of an application:
 *
 * <pre>{@code
 * Asyncio.run(main, GLibEventLoop::new);                // a program without windows
 *
 * try (GLibEventLoop loop = new GLibEventLoop()) {      // a GTK application
 *   loop.attach();
 *   application.run(args);
 * }
 * }</pre>
 */
public class GLibEventLoop extends EventLoop {
  private final GLibHost host;

  /** Makes a loop on the default main context: that of GTK applications. */
  public GLibEventLoop() {
    this(new GLibHost());
  }

  /**
   * Makes a loop on a main context.
   *
   * @param host the context; closed with the loop
   */
  public GLibEventLoop(GLibHost host) {
    super(host);
    this.host = host;
  }

  /** {@return the context} */
  public final GLibHost getHost() {
    return host;
  }

  /**
   * Makes a task that runs at a priority of its own, as {@link #setPriority} has it.
   *
   * @param <T> the type of the value
   * @param priority see {@link GLibPriority}
   * @param coroutine the body
   * @return the task
   */
  public final <T extends @Nullable Object> Task<T> createTask(
      int priority, Coroutine<T> coroutine) {
    Task<T> task = createTask(coroutine);
    setPriority(task, priority);
    return task;
  }

  /**
   * Makes a task without a value that runs at a priority of its own.
   *
   * @param priority see {@link GLibPriority}
   * @param coroutine the body
   * @return the task
   */
  public final Task<Void> createTask(int priority, Action coroutine) {
    return createTask(priority, coroutine.toCoroutine());
  }

  /**
   * Has a task take its steps at a priority of its own: each waits until no source of a higher
   * priority has anything to do. So background work at {@link GLibPriority#DEFAULT_IDLE} stops
   * neither input nor drawing, if its steps are short. Models PyGObject's {@code
   * GLibTask.set_priority}.
   *
   * <p>Tasks that this task creates from now on have its priority too, unless set otherwise: those
   * of a task group, of {@code gather}, and so on. Work that is not to stop the drawing is to stop
   * it by none of its parts. Callbacks, of {@code callSoon} say, run at the loop's priority.
   *
   * @param task a task of this loop
   * @param priority see {@link GLibPriority}; the loop's own or one above it is the loop's own
   * @throws IllegalArgumentException if {@code task} belongs to another loop
   * @throws IllegalStateException if this loop has never run
   */
  public final void setPriority(Task<?> task, int priority) {
    if (task.getLoop() != this) {
      throw new IllegalArgumentException(task + " belongs to another loop");
    }
    task.setPace(priority <= host.getPriority() ? null : host.pace(priority));
  }

  /**
   * Has {@code handler} run, as a callback of this loop, whenever the process gets a signal, in
   * place of the handler that was set before. Models {@code loop.add_signal_handler}; it is {@link
   * Signals#addSignalHandler}, which has GLib watch HUP, INT, TERM, USR1 and WINCH on this loop.
   *
   * @param signal its name
   * @param handler runs in a copy of the current context
   * @throws IllegalArgumentException if there is no such signal here
   * @throws IllegalStateException if it cannot be handled, or the loop is closed
   */
  public final void addSignalHandler(String signal, Runnable handler) {
    Signals.addSignalHandler(this, signal, handler);
  }

  /**
   * Leaves a signal to who had it before, as closing the loop does. Models {@code
   * loop.remove_signal_handler}; it is {@link Signals#removeSignalHandler}.
   *
   * @param signal its name
   * @return false if there was no handler
   */
  public final boolean removeSignalHandler(String signal) {
    return Signals.removeSignalHandler(this, signal);
  }
}
