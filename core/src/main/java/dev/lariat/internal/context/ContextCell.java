package dev.lariat.internal.context;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of one context: a mutable reference to an immutable array of variable, value pairs.
 * Copying a context copies the reference. Reading and writing scan the array: programs have a
 * handful of context variables.
 */
public final class ContextCell {
  /** Stands for "not bound", which a null value is not. */
  public static final Object UNBOUND = new Object();

  private static final @Nullable Object[] EMPTY = {};

  private @Nullable Object[] pairs;

  /** Those that a run is inside of. Rare, so not worth a field of every context. */
  private static final Set<ContextCell> ENTERED = ConcurrentHashMap.newKeySet();

  public ContextCell() {
    this(EMPTY);
  }

  private ContextCell(@Nullable Object[] pairs) {
    this.pairs = pairs;
  }

  public ContextCell copy() {
    return new ContextCell(pairs);
  }

  /** The value of {@code variable}, or {@link #UNBOUND}. */
  public @Nullable Object get(Object variable) {
    @Nullable Object[] pairs = this.pairs;
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i] == variable) {
        return pairs[i + 1];
      }
    }
    return UNBOUND;
  }

  /** Binds {@code variable}, or unbinds it if {@code value} is {@link #UNBOUND}. */
  public void set(Object variable, @Nullable Object value) {
    int at = 0;
    while (at < pairs.length && pairs[at] != variable) {
      at += 2;
    }
    if (value == UNBOUND) {
      pairs = at == pairs.length ? pairs : without(at);
      return;
    }
    @Nullable Object[] changed = Arrays.copyOf(pairs, Math.max(pairs.length, at + 2));
    changed[at] = variable;
    changed[at + 1] = value;
    pairs = changed;
  }

  private @Nullable Object[] without(int at) {
    @Nullable Object[] fewer = Arrays.copyOf(pairs, pairs.length - 2);
    System.arraycopy(pairs, at + 2, fewer, at, fewer.length - at);
    return fewer;
  }

  /** The bound pairs, a snapshot that must not be changed. */
  public @Nullable Object[] pairs() {
    return pairs;
  }

  /** Marks the context as entered by a {@code run}; false if it already was. */
  public boolean enter() {
    return ENTERED.add(this);
  }

  public void leave() {
    ENTERED.remove(this);
  }
}
