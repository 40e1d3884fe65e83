package dev.lariat.event;

import dev.lariat.Asyncio;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.queue.Channel;
import dev.lariat.queue.Overflow;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where events come from: a button, a property, a window. It says how to listen; awaiting and
 * iterating come with it.
 *
 * <pre>{@code
 * EventSource<ActionEvent> clicks = listener -> {
 *   button.addActionListener(listener::accept);
 *   ...
 * };
 * clicks.next();                                   // waits for a click
 * for (ActionEvent click : clicks.events(Backpressure.DROP)) { ... }
 * }</pre>
 *
 * <p>A task is resumed by its loop, never from inside the toolkit's call of the listener: it may do
 * with the source of the event what it likes, and dispose of it.
 *
 * <p><i>Thread</i>: the loop's, which is the toolkit's.
 *
 * @param <T> the type of the events, not null
 */
@FunctionalInterface
public interface EventSource<T> {
  /**
   * Adds a listener.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param listener is given each event
   * @return what removes it
   */
  Registration listen(Consumer<? super T> listener);

  /**
   * Waits for the next event.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes. The listener is removed in any case.
   *
   * @return the event
   */
  default T next() {
    Future<T> event = Asyncio.getRunningLoop().createFuture();
    try (Registration _ =
        listen(value -> {
          if (!event.done()) {
            event.setResult(value);
          }
        })) {
      return event.await();
    }
  }

  /**
   * The events from now on, for the current task to iterate over.
   *
   * <p><i>Suspends</i>: never. The listener is removed when the channel is closed, or the task
   * ends.
   *
   * @param backpressure which events are kept while nobody waits for them
   * @return a new channel; it is closed by its user, and has no end of its own
   * @throws IllegalStateException outside a task
   */
  default Channel<T> events(Backpressure backpressure) {
    Task<?> task = Asyncio.currentTask();
    if (task == null) {
      throw new IllegalStateException(
          "Events are for a task to iterate over, and this is a plain callback."
              + " Start a task in it with createTask(...), or use listen(...).");
    }
    Channel<T> channel =
        backpressure == Backpressure.BUFFER
            ? new Channel<>()
            : new Channel<>(1, Overflow.DROP_OLDEST);
    Registration registration =
        listen(event -> {
          if (backpressure != Backpressure.DROP || channel.isAwaited()) {
            channel.trySend(event);
          }
        });
    Consumer<Object> taskEnds = _ -> channel.close();
    channel.onClose(() -> {
      registration.close();
      task.removeDoneCallback(taskEnds);
    });
    task.addDoneCallback(taskEnds);
    return channel;
  }

  /**
   * Those events that {@code wanted} accepts.
   *
   * @param wanted which
   * @return a source that listens to this one
   */
  default EventSource<T> filter(Predicate<? super T> wanted) {
    Objects.requireNonNull(wanted, "wanted");
    return listener ->
        listen(event -> {
          if (wanted.test(event)) {
            listener.accept(event);
          }
        });
  }

  /**
   * These events, each made into something else.
   *
   * @param <R> into what
   * @param function makes it, and may return null for an event to leave out
   * @return a source that listens to this one
   */
  default <R> EventSource<R> map(Function<? super T, ? extends @Nullable R> function) {
    Objects.requireNonNull(function, "function");
    return listener ->
        listen(event -> {
          R mapped = function.apply(event);
          if (mapped != null) {
            listener.accept(mapped);
          }
        });
  }

  /**
   * The events of this source and of another, whichever comes.
   *
   * @param other the other source
   * @return a source that listens to both
   */
  default EventSource<T> or(EventSource<? extends T> other) {
    Objects.requireNonNull(other, "other");
    return listener -> {
      Registration mine = listen(listener);
      Registration others = other.listen(listener);
      return () -> {
        mine.close();
        others.close();
      };
    };
  }
}
