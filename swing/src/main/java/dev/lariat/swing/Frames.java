package dev.lariat.swing;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import java.awt.DisplayMode;
import java.awt.EventQueue;
import java.awt.GraphicsDevice;
import java.awt.GraphicsEnvironment;
import java.awt.Toolkit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a screen. AWT does not tell of them, so they are counted by the clock. A screen is
 * asked for its rate once in a while only: that takes half a millisecond.
 */
final class Frames {
  private static final int USUAL_RATE = 60;
  private static final long ASK_AGAIN_NANOS = 2_000_000_000;

  /** On the event dispatch thread. */
  private static @Nullable Frames last;

  private final GraphicsDevice device;
  private final long asked;
  private final long period;

  private Frames(GraphicsDevice device, long now) {
    this.device = device;
    asked = now;
    int rate = device.getDisplayMode().getRefreshRate();
    period = 1_000_000_000L / (rate == DisplayMode.REFRESH_RATE_UNKNOWN ? USUAL_RATE : rate);
  }

  static GraphicsDevice defaultDevice() {
    return GraphicsEnvironment.getLocalGraphicsEnvironment().getDefaultScreenDevice();
  }

  private static long period(GraphicsDevice device) {
    Frames known = last;
    long now = System.nanoTime();
    if (known == null || known.device != device || now - known.asked > ASK_AGAIN_NANOS) {
      known = new Frames(device, now);
      last = known;
    }
    return known.period;
  }

  /**
   * Waits for the next frame, and then until AWT has handled what it had to do by then, repaints
   * above all.
   */
  static Duration await(GraphicsDevice device) {
    EventLoop loop = Asyncio.getRunningLoop();
    long period = period(device);
    Asyncio.sleep(Duration.ofNanos(period - loop.time().toNanos() % period));
    return loop.runInExecutor(
            EventQueue::invokeLater,
            () -> {
              Toolkit.getDefaultToolkit().sync();
              return loop.time();
            })
        .await();
  }
}
