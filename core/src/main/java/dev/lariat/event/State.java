package dev.lariat.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that changes: tasks wait for what it becomes, and properties of a toolkit are bound to
 * it. As an event source it tells of each new value.
 *
 * <pre>{@code
 * State<Boolean> busy = new State<>(false);
 * busy.await(value -> !value);
 * }</pre>
 *
 * <p><i>Thread</i>: the loop's.
 *
 * @param <T> the type of the value, not null
 */
public final class State<T> implements EventSource<T> {
  private T value;

  /** Never changed, but replaced: a listener may add and remove others. */
  private List<Consumer<? super T>> listeners = List.of();

  /**
   * Makes a state.
   *
   * @param value the first value
   */
  public State(T value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** {@return the value now} */
  public T get() {
    return value;
  }

  /**
   * Changes the value, and tells all who listen; does nothing if it is equal to the one before.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param newValue the value
   */
  public void set(T newValue) {
    Objects.requireNonNull(newValue, "newValue");
    if (!newValue.equals(value)) {
      value = newValue;
      listeners.forEach(listener -> listener.accept(newValue));
    }
  }

  @Override
  public Registration listen(Consumer<? super T> listener) {
    Consumer<T> own = listener::accept; // one that is added twice is removed once a time
    List<Consumer<? super T>> more = new ArrayList<>(listeners);
    more.add(own);
    listeners = more;
    return () -> {
      List<Consumer<? super T>> fewer = new ArrayList<>(listeners);
      fewer.remove(own);
      listeners = fewer;
    };
  }

  /**
   * Waits until the value is one that {@code wanted} accepts.
   *
   * <p><i>Suspends</i>: unless it is one now. <i>Cancellable</i>: yes.
   *
   * @param wanted which
   * @return the value
   */
  public T await(Predicate<? super T> wanted) {
    return wanted.test(value) ? value : filter(wanted).next();
  }

  /**
   * Binds a property of a toolkit to this, both ways: it takes this value now, and from then on
   * each takes the other's whenever that changes.
   *
   * @param getter reads the property
   * @param setter writes it
   * @param changes tells when it may have changed
   * @return what unbinds it
   */
  public Registration bind(
      Supplier<? extends @Nullable T> getter, Consumer<? super T> setter, EventSource<?> changes) {
    Consumer<T> toProperty =
        newValue -> {
          if (!newValue.equals(getter.get())) {
            setter.accept(newValue);
          }
        };
    toProperty.accept(value);
    Registration mine = listen(toProperty);
    Registration others =
        changes.listen(_ -> {
          T changed = getter.get();
          if (changed != null) {
            set(changed);
          }
        });
    return () -> {
      mine.close();
      others.close();
    };
  }

  @Override
  public String toString() {
    return "State[" + value + "]";
  }
}
