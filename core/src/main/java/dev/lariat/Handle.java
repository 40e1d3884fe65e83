package dev.lariat;

import dev.lariat.context.Context;
import dev.lariat.internal.context.ContextAccess;
import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.context.ContextSource;
import org.jspecify.annotations.Nullable;

/** A callback that a loop will run. Models {@code asyncio.Handle}. */
public class Handle {
  /** Null once cancelled, so that a cancelled handle keeps nothing alive. */
  private @Nullable Runnable callback;

  /** The context to run in, or what it begins with. */
  private ContextSource context;

  Handle(Runnable callback, ContextSource context) {
    this.callback = callback;
    this.context = context;
  }

  /**
   * Cancels the callback, if it has not run; a second call does nothing.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: the loop's, but any for a handle of {@code
   * callSoonThreadsafe}.
   */
  public void cancel() {
    callback = callback instanceof TracedCallback traced ? traced.cancel() : null;
  }

  /** {@return whether this was cancelled} */
  public boolean cancelled() {
    Runnable left = callback;
    return left == null || (left instanceof TracedCallback traced && traced.cancelled());
  }

  /** {@return the context the callback runs in} */
  public Context getContext() {
    return ContextAccess.context(cell());
  }

  /** The context to run in; kept, so that {@link #getContext} shows what the callback sets. */
  final ContextCell cell() {
    ContextCell cell = context.toCell();
    context = cell;
    return cell;
  }

  final @Nullable Throwable source() {
    return callback instanceof TracedCallback traced ? traced.source() : null;
  }

  void run() {
    Runnable run = callback;
    if (run != null) {
      run.run();
    }
  }

  @Override
  public String toString() {
    Runnable run = callback;
    return getClass().getSimpleName() + "[" + (run == null ? "cancelled" : run) + "]";
  }
}
