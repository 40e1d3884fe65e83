package dev.lariat.qt;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.TimeoutException;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import io.qt.core.QEvent;
import io.qt.core.QObject;
import io.qt.gui.QScreen;
import io.qt.widgets.QWidget;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Qt Widgets know no frames: what asks to be painted is painted at once. So frames are counted by
 * the clock, at the rate of the screen, and then a pixel asks to be painted.
 */
final class Frames {
  private static final double USUAL_RATE = 60;

  /** What has not been painted by then is hidden: it is scrolled away, say. */
  private static final Duration HIDDEN = Duration.ofMillis(100);

  private Frames() {}

  static Duration next(QWidget widget) {
    EventLoop loop = Asyncio.getRunningLoop();
    long period = period(widget.screen());
    Asyncio.sleep(Duration.ofNanos(period - loop.time().toNanos() % period));
    if (!widget.isDisposed() && widget.isVisible()) {
      awaitPaint(widget);
    }
    return loop.time();
  }

  private static long period(@Nullable QScreen screen) {
    double rate = screen == null ? 0 : screen.refreshRate();
    return (long) (1e9 / (rate >= 1 ? rate : USUAL_RATE));
  }

  private static void awaitPaint(QWidget widget) {
    EventSource<QEvent.Type> paints = listener -> new Paints(widget, listener);
    widget.update(0, 0, 1, 1);
    try {
      Asyncio.waitFor(paints::next, HIDDEN);
    } catch (TimeoutException hidden) {
      // as good as invisible
    }
  }

  /** Sees the paint events of a widget, which has painted when the task goes on. */
  private static final class Paints extends QObject implements Registration {
    private final Consumer<? super QEvent.Type> listener;

    Paints(QWidget widget, Consumer<? super QEvent.Type> listener) {
      super(widget);
      this.listener = listener;
      widget.installEventFilter(this);
    }

    @Override
    public boolean eventFilter(QObject watched, QEvent event) {
      if (event.type() == QEvent.Type.Paint) {
        listener.accept(QEvent.Type.Paint);
      }
      return false;
    }

    @Override
    public void close() {
      if (!isDisposed()) { // or the widget is gone
        dispose();
      }
    }
  }
}
