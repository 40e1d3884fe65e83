package dev.lariat.internal.context;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A context: a place that holds its values of the moment. Copying it copies one reference. */
public final class ContextCell implements ContextSource {
  /** Those that a run is inside of. Rare, so not worth a field of every context. */
  private static final Set<ContextCell> ENTERED = ConcurrentHashMap.newKeySet();

  private ContextValues values;

  public ContextCell() {
    this(ContextValues.EMPTY);
  }

  ContextCell(ContextValues values) {
    this.values = values;
  }

  @Override
  public ContextCell toCell() {
    return this;
  }

  public ContextCell copy() {
    return new ContextCell(values);
  }

  /** The values as they are now. */
  public ContextValues values() {
    return values;
  }

  /** The value of {@code variable}, or {@link ContextValues#UNBOUND}. */
  public @Nullable Object get(Object variable) {
    return values.get(variable);
  }

  /** Binds {@code variable}, or unbinds it if {@code value} is {@link ContextValues#UNBOUND}. */
  public void set(Object variable, @Nullable Object value) {
    values = values.with(variable, value);
  }

  /** Marks the context as entered by a {@code run}; false if it already was. */
  public boolean enter() {
    return ENTERED.add(this);
  }

  public void leave() {
    ENTERED.remove(this);
  }
}
