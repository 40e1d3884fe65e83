package dev.lariat.glib;

/**
 * A pause after a turn that took long. GLib runs sources strictly by priority, so a loop at the
 * default priority that always has something to do would keep GTK from drawing for ever. The pause
 * is over when nothing is left to draw, which a source at a priority below drawing tells, or after
 * {@link #NANOS}.
 */
final class DrawingPause {
  static final long NANOS = 8_000_000;

  private static final long LONG_TURN_NANOS = 2_000_000;
  private static final int BELOW_REDRAW = GLibPriority.REDRAW + 10;

  private final Source afterDrawing;
  private boolean on;

  /**
   * Makes one.
   *
   * @param over called when all is drawn
   */
  DrawingPause(long context, Runnable over) {
    afterDrawing = Source.timed(context, BELOW_REDRAW, over);
  }

  /** Whether a turn of a source at {@code priority} is to be followed by a pause. */
  static boolean isDue(long turnNanos, int priority) {
    return turnNanos > LONG_TURN_NANOS && priority < BELOW_REDRAW;
  }

  boolean isOn() {
    return on;
  }

  void set(boolean newOn) {
    if (on != newOn) {
      on = newOn;
      afterDrawing.setReadyTime(on ? Source.NOW : Source.NEVER);
    }
  }

  void close() {
    on = false;
    afterDrawing.destroy();
  }
}
