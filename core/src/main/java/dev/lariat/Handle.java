package dev.lariat;

import dev.lariat.context.Context;
import dev.lariat.internal.context.ContextAccess;
import dev.lariat.internal.context.ContextCell;
import org.jspecify.annotations.Nullable;

/** A callback that a loop will run. Models {@code asyncio.Handle}. */
public class Handle {
  /** Null once cancelled, so that a cancelled handle keeps nothing alive. */
  private @Nullable Runnable callback;

  final ContextCell context;

  /** In debug mode, where the handle was made. */
  @Nullable Throwable source;

  Handle(Runnable callback, ContextCell context) {
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
    callback = null;
  }

  /** {@return whether this was cancelled} */
  public boolean cancelled() {
    return callback == null;
  }

  /** {@return the context the callback runs in} */
  public Context getContext() {
    return ContextAccess.context(context);
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
    String text = getClass().getSimpleName() + "[" + (run == null ? "cancelled" : run) + "]";
    return source == null ? text : text + " created at " + source.getStackTrace()[0];
  }
}
