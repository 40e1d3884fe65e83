package dev.lariat.gio;

import dev.lariat.event.EventSource;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.gnome.gobject.GObject;
import org.gnome.gobject.ParamSpec;
import org.javagi.gobject.SignalConnection;

/**
 * Signals and properties of GObjects, to be awaited once or iterated over.
 *
 * <pre>{@code
 * EventSource<Integer> answers = Signals.of(answer -> dialog.onResponse(answer::accept));
 * int answer = answers.next();
 *
 * EventSource<Button> clicks = Signals.of(click -> button.onClicked(() -> click.accept(button)));
 * for (Button click : clicks.events(Backpressure.DROP)) { ... }
 *
 * Signals.property(window, "is-active", window::isActive, active -> active);
 * }</pre>
 *
 * <p>The handler is disconnected when the event has come, when the task is cancelled, and when the
 * channel of {@code events} is closed.
 */
public final class Signals {
  /**
   * Connects a handler.
   *
   * @param <T> the type of the events
   */
  @FunctionalInterface
  public interface Connect<T> {
    /**
     * Connects a handler.
     *
     * @param handler what to call with each event
     * @return the connection
     */
    SignalConnection<?> connect(Consumer<? super T> handler);
  }

  private Signals() {}

  /**
   * A signal, as a source of events.
   *
   * @param <T> the type of the events, not null: the signal's argument, or whatever the handler
   *     makes of its arguments
   * @param connect connects a handler to the signal
   * @return the source; nothing is connected until somebody listens
   */
  public static <T> EventSource<T> of(Connect<T> connect) {
    return listener -> {
      SignalConnection<?> connection = connect.connect(listener);
      return () -> {
        if (connection.isConnected()) {
          connection.disconnect();
        }
      };
    };
  }

  /**
   * The changes of a property: the signal {@code notify}.
   *
   * @param object whose property
   * @param property its name, {@code "is-active"} say
   * @return the source
   */
  public static EventSource<ParamSpec> changes(GObject object, String property) {
    return of(change -> object.onNotify(property, change::accept));
  }

  /**
   * Waits until a property has a value.
   *
   * <p><i>Suspends</i>: unless it has. <i>Cancellable</i>: yes.
   *
   * @param <T> the type of the property
   * @param object whose property
   * @param property its name
   * @param get reads it
   * @param wanted which values to wait for
   * @return the value
   */
  public static <T> T property(
      GObject object, String property, Supplier<T> get, Predicate<? super T> wanted) {
    T value = get.get();
    return wanted.test(value)
        ? value
        : changes(object, property).map(_ -> get.get()).filter(wanted).next();
  }
}
