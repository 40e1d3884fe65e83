package dev.lariat.context;

import dev.lariat.internal.Unchecked;
import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.context.ContextValues;
import dev.lariat.internal.context.ThreadContext;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A variable with a value per {@link Context}, and so per task. Keep it in a static final field.
 * Models {@code contextvars.ContextVar}.
 *
 * <p><i>Suspends</i>: never. <i>Thread</i>: any; each thread has a current context.
 *
 * @param <T> the type of the value
 */
public final class ContextVar<T extends @Nullable Object> {
  private final String name;
  private final @Nullable Object defaultValue;

  private ContextVar(String name, @Nullable Object defaultValue) {
    this.name = Objects.requireNonNull(name, "name");
    this.defaultValue = defaultValue;
  }

  /**
   * Makes a variable without a default.
   *
   * @param <T> the type of the value
   * @param name for messages
   * @return the variable
   */
  public static <T extends @Nullable Object> ContextVar<T> of(String name) {
    return new ContextVar<>(name, ContextValues.UNBOUND);
  }

  /**
   * Makes a variable with a default.
   *
   * @param <T> the type of the value
   * @param name for messages
   * @param defaultValue what {@link #get()} gives where nothing was set
   * @return the variable
   */
  public static <T extends @Nullable Object> ContextVar<T> withDefault(
      String name, T defaultValue) {
    return new ContextVar<>(name, defaultValue);
  }

  /** {@return the name} */
  public String name() {
    return name;
  }

  /**
   * The value in the current context, else the default.
   *
   * @return the value
   * @throws NoSuchElementException if there is neither
   */
  public T get() {
    Object value = ThreadContext.current().cell.get(this);
    if (value == ContextValues.UNBOUND) {
      value = defaultValue;
      if (value == ContextValues.UNBOUND) {
        throw new NoSuchElementException(this + " has no value here and no default; set it first");
      }
    }
    return Unchecked.cast(value);
  }

  /**
   * The value in the current context, else {@code fallback}; the variable's own default does not
   * count.
   *
   * @param fallback what to give where nothing was set
   * @return the value
   */
  public T get(T fallback) {
    Object value = ThreadContext.current().cell.get(this);
    return value == ContextValues.UNBOUND ? fallback : Unchecked.cast(value);
  }

  /**
   * Sets the value in the current context.
   *
   * @param value the new value
   * @return what {@link #reset} needs to undo this
   */
  public Token<T> set(T value) {
    ContextCell cell = ThreadContext.current().cell;
    Token<T> token = new Token<>(this, cell, cell.get(this));
    cell.set(this, value);
    return token;
  }

  /**
   * Puts back what was there before a {@link #set}.
   *
   * @param token what that set returned
   * @throws IllegalStateException if the token was used before
   * @throws IllegalArgumentException if the token is of another variable or another context
   */
  public void reset(Token<T> token) {
    if (token.variable != this) {
      throw new IllegalArgumentException(
          "The token was made by " + token.variable + ", not by " + this);
    }
    ContextCell cell = ThreadContext.current().cell;
    if (token.cell != cell) {
      throw new IllegalArgumentException("The token of " + this + " was made in another context");
    }
    if (token.used) {
      throw new IllegalStateException("The token of " + this + " has already been used once");
    }
    token.used = true;
    cell.set(this, token.old);
  }

  @Override
  public String toString() {
    return "ContextVar(" + name + ")";
  }

  /**
   * Undoes one {@link ContextVar#set}. Models {@code contextvars.Token}.
   *
   * @param <T> the type of the variable's value
   */
  public static final class Token<T extends @Nullable Object> implements AutoCloseable {
    final ContextVar<T> variable;
    final ContextCell cell;
    final @Nullable Object old;
    boolean used;

    Token(ContextVar<T> variable, ContextCell cell, @Nullable Object old) {
      this.variable = variable;
      this.cell = cell;
      this.old = old;
    }

    /** {@return the variable that was set} */
    public ContextVar<T> variable() {
      return variable;
    }

    /** Resets the variable, so that a try-with-resources statement bounds the setting. */
    @Override
    public void close() {
      variable.reset(this);
    }
  }
}
