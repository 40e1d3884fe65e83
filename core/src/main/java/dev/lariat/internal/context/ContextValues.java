package dev.lariat.internal.context;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of a context at one moment: an immutable array of variable, value pairs. Reading and
 * writing scan the array, for programs have a handful of context variables.
 */
public final class ContextValues implements ContextSource {
  /** Stands for "not bound", which a null value is not. */
  public static final Object UNBOUND = new Object();

  static final ContextValues EMPTY = new ContextValues(new Object[0]);

  private final @Nullable Object[] pairs;

  private ContextValues(@Nullable Object[] pairs) {
    this.pairs = pairs;
  }

  @Override
  public ContextCell toCell() {
    return new ContextCell(this);
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

  /** These values with another one; {@link #UNBOUND} takes the variable out. */
  ContextValues with(Object variable, @Nullable Object value) {
    int at = 0;
    while (at < pairs.length && pairs[at] != variable) {
      at += 2;
    }
    if (value == UNBOUND) {
      return at == pairs.length ? this : without(at);
    }
    @Nullable Object[] changed = Arrays.copyOf(pairs, Math.max(pairs.length, at + 2));
    changed[at] = variable;
    changed[at + 1] = value;
    return new ContextValues(changed);
  }

  private ContextValues without(int at) {
    @Nullable Object[] fewer = Arrays.copyOf(pairs, pairs.length - 2);
    System.arraycopy(pairs, at + 2, fewer, at, fewer.length - at);
    return new ContextValues(fewer);
  }

  /** The pairs, which must not be changed. */
  public @Nullable Object[] pairs() {
    return pairs;
  }
}
