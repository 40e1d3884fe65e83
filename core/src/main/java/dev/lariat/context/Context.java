package dev.lariat.context;

import dev.lariat.internal.Failures;
import dev.lariat.internal.Unchecked;
import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.context.ContextValues;
import dev.lariat.internal.context.ThreadContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The values of all {@link ContextVar}s at one place of a program. Each task runs in a context of
 * its own, a copy of its creator's. Models {@code contextvars.Context}.
 *
 * <p><i>Thread</i>: a context must not be used by two threads at once.
 */
public final class Context {
  private final ContextCell cell;

  /** Makes an empty context. */
  public Context() {
    this(new ContextCell());
  }

  private Context(ContextCell cell) {
    this.cell = cell;
  }

  /**
   * Copies the current context, in constant time. Models {@code contextvars.copy_context}.
   *
   * @return the copy
   */
  public static Context copyContext() {
    return new Context(ThreadContext.current().cell.copy());
  }

  /**
   * Copies this context.
   *
   * @return a context with the same values; later changes of one do not show in the other
   */
  public Context copy() {
    return new Context(cell.copy());
  }

  /**
   * Runs {@code body} with this as the current context; what it sets stays in this context. Models
   * {@code Context.run}.
   *
   * <p><i>Suspends</i>: if the body does. <i>Cancellable</i>: as the body is. <i>Thread</i>: any.
   *
   * @param <T> the type of the value
   * @param body what to run
   * @return the value of {@code body}
   * @throws IllegalStateException if this context is being run already
   */
  public <T extends @Nullable Object> T run(Callable<? extends T> body) {
    if (!cell.enter()) {
      throw new IllegalStateException("Cannot enter this context: it is already entered");
    }
    ThreadContext thread = ThreadContext.current();
    ContextCell outer = thread.cell;
    thread.cell = cell;
    try {
      return body.call();
    } catch (Exception e) {
      throw Failures.<RuntimeException>sneak(e);
    } finally {
      cell.leave();
      ThreadContext.current().cell = outer;
    }
  }

  /**
   * Runs {@code body}, as {@link #run(Callable)} does.
   *
   * @param body what to run
   * @throws IllegalStateException if this context is being run already
   */
  public void run(Runnable body) {
    run(() -> {
      body.run();
      return null;
    });
  }

  /**
   * The value of {@code variable} in this context.
   *
   * @param <T> the type of the value
   * @param variable the variable
   * @return the value
   * @throws NoSuchElementException if it has none here; defaults do not count
   */
  public <T extends @Nullable Object> T get(ContextVar<T> variable) {
    Object value = cell.get(variable);
    if (value == ContextValues.UNBOUND) {
      throw new NoSuchElementException(variable + " has no value in this context");
    }
    return Unchecked.cast(value);
  }

  /**
   * Tells whether {@code variable} has a value in this context.
   *
   * @param variable the variable
   * @return true if it was set here or in the context this was copied from
   */
  public boolean contains(ContextVar<?> variable) {
    return cell.get(variable) != ContextValues.UNBOUND;
  }

  /**
   * The variables and their values.
   *
   * @return a snapshot
   */
  public Map<ContextVar<?>, @Nullable Object> toMap() {
    Map<ContextVar<?>, @Nullable Object> map = new LinkedHashMap<>();
    @Nullable Object[] pairs = cell.values().pairs();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((ContextVar<?>) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** {@return whether {@code other} is the same context, not merely one with equal values} */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Context that && that.cell == cell;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(cell);
  }

  @Override
  public String toString() {
    return "Context" + toMap();
  }

  // Lends this class's secrets to the kernel, which deals in cells.
  static {
    dev.lariat.internal.context.ContextAccess.install(Context::new, context -> context.cell);
  }
}
