package dev.lariat.qt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import io.qt.core.QObject;
import io.qt.gui.QPaintEvent;
import io.qt.widgets.QWidget;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real time: the frames are those of a screen. */
@Timeout(60)
@Tag("qtjambi")
@DisplayName("awaitFrame on Qt")
class FramesTest {
  private static final class Canvas extends QWidget {
    private int paints;

    @Override
    protected void paintEvent(QPaintEvent event) {
      paints++;
    }
  }

  private static void task(Consumer<Canvas> body) throws Throwable {
    QtThread.withWidgets(() -> {
      Canvas canvas = new Canvas();
      QtSignals.show(canvas);
      QtThread.task(new QtHost(), () -> body.accept(canvas));
    });
  }

  @Test
  @DisplayName("what was to be painted has been by then; one frame comes after the other")
  void painted() throws Throwable {
    task(canvas -> {
      Duration before = QtSignals.awaitFrame(canvas);
      for (int i = 0; i < 5; i++) {
        int paints = canvas.paints;
        canvas.update();
        Duration next = QtSignals.awaitFrame(canvas);
        assertThat(canvas.paints).isGreaterThan(paints);
        assertThat(next).isGreaterThan(before);
        before = next;
      }
    });
  }

  @Test
  @DisplayName("a widget that is hidden has frames too, and one that is disposed of meanwhile")
  void hidden() throws Throwable {
    task(canvas -> {
      QWidget hidden = new QWidget(canvas);
      Duration first = QtSignals.awaitFrame(hidden);
      Task<Duration> next = createTask(() -> QtSignals.awaitFrame(hidden));
      sleep(Duration.ZERO);
      hidden.dispose();
      assertThat(next.await()).isGreaterThan(first);
    });
  }

  @Test
  @DisplayName("cancelled, it leaves nothing behind at the widget")
  void cancelled() throws Throwable {
    task(canvas -> {
      QWidget outside = new QWidget(canvas); // visible, and never painted
      outside.setGeometry(-100, -100, 10, 10);
      outside.show();
      Task<Duration> frame = createTask(() -> QtSignals.awaitFrame(outside));
      while (outside.findChildren(QObject.class).isEmpty()) {
        sleep(Duration.ofMillis(1));
      }
      frame.cancel();
      assertThatThrownBy(frame::await).isInstanceOf(CancelledError.class);
      assertThat(outside.findChildren(QObject.class)).isEmpty();
    });
  }
}
