package dev.lariat.event;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Task;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A handler of events that deals with each in a task of its own, and so may await.
 *
 * <pre>{@code
 * TaskHandler<ActionEvent> search = TaskHandler.of(WhileRunning.RESTART, event -> {
 *   label.setText(fetch(box.getText()));
 * });
 * box.addActionListener(search::accept);
 * }</pre>
 *
 * <p>An exception goes to the loop's exception handler, at once; a cancellation is silent.
 *
 * <p><i>Thread</i>: the loop's. The loop is the running one of the thread on which the event comes.
 *
 * @param <E> the type of the events, not null
 */
public final class TaskHandler<E> implements Consumer<E> {
  /**
   * What deals with an event.
   *
   * @param <E> the type of the events
   */
  @FunctionalInterface
  public interface Body<E> {
    /**
     * Deals with an event, in a task.
     *
     * @param event the event
     * @throws Exception what the loop's exception handler is to be told
     */
    void handle(E event) throws Exception;
  }

  private final WhileRunning policy;
  private final Body<? super E> body;
  private final Set<Task<?>> running = new LinkedHashSet<>();

  /** What waits until nothing runs: all events with QUEUE, the newest with RESTART. */
  private final Queue<E> waiting = new ArrayDeque<>();

  private TaskHandler(WhileRunning policy, Body<? super E> body) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.body = Objects.requireNonNull(body, "body");
  }

  /**
   * Makes a handler.
   *
   * @param <E> the type of the events
   * @param policy what to do with an event that comes while another is dealt with
   * @param body deals with an event
   * @return a new handler
   */
  public static <E> TaskHandler<E> of(WhileRunning policy, Body<? super E> body) {
    return new TaskHandler<>(policy, body);
  }

  /**
   * Deals with an event, by the policy.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param event the event
   * @throws IllegalStateException if no loop is running in this thread
   */
  @Override
  public void accept(E event) {
    Objects.requireNonNull(event, "event");
    if (running.isEmpty() || policy == WhileRunning.OVERLAP) {
      start(Asyncio.getRunningLoop(), event);
    } else if (policy == WhileRunning.QUEUE) {
      waiting.add(event);
    } else if (policy == WhileRunning.RESTART) {
      if (waiting.isEmpty()) { // or it is cancelled already, and may be tidying up
        running.forEach(Task::cancel);
      }
      waiting.clear();
      waiting.add(event);
    }
  }

  private void start(EventLoop loop, E event) {
    Task<Void> task = loop.createTask(() -> body.handle(event));
    running.add(task);
    task.addDoneCallback(this::ended);
  }

  private void ended(dev.lariat.Future<?> future) {
    Task<?> task = (Task<?>) future;
    running.remove(task);
    Throwable error = task.cancelled() ? null : task.exception();
    if (error != null) {
      task.getLoop()
          .callExceptionHandler(
              new ExceptionContext("Exception in an event handler", error, null, task, null, null));
    }
    E next = running.isEmpty() ? waiting.poll() : null;
    if (next != null) {
      start(task.getLoop(), next);
    }
  }

  /** {@return whether an event is being dealt with} */
  public boolean isRunning() {
    return !running.isEmpty();
  }

  /**
   * Cancels what runs, and drops what waits.
   *
   * <p><i>Suspends</i>: never; what runs is thrown a {@link CancelledError}, and ends later.
   */
  public void cancel() {
    waiting.clear();
    running.forEach(Task::cancel);
  }
}
