package dev.lariat;

/**
 * In debug mode, a callback that knows where it was scheduled, and what it was once it is
 * cancelled.
 */
record TracedCallback(Runnable callback, Throwable source, boolean cancelled) implements Runnable {
  TracedCallback(Runnable callback, Throwable source) {
    this(callback, source, false);
  }

  TracedCallback cancel() {
    return new TracedCallback(callback, source, true);
  }

  @Override
  public void run() {
    if (!cancelled) {
      callback.run();
    }
  }

  @Override
  public String toString() {
    return (cancelled ? "cancelled " : "") + callback + Diagnostics.createdAt(source);
  }
}
