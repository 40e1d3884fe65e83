package dev.lariat.benchmarks.hosts;

import dev.lariat.host.Host;
import dev.lariat.qt.QtHost;
import dev.lariat.qt.QtSignals;
import io.qt.core.QCoreApplication;
import io.qt.core.QEvent;
import io.qt.core.QObject;
import io.qt.core.QTimer;
import io.qt.gui.QColor;
import io.qt.gui.QPaintEvent;
import io.qt.gui.QPainter;
import io.qt.widgets.QApplication;
import io.qt.widgets.QWidget;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Qt by QtJambi, whose posts are events; the single shots of a QTimer are measured beside them. */
final class QtToolkit implements Toolkit {
  private final Posts posts;

  QtToolkit() {
    QApplication.initialize(new String[0]);
    QApplication.setQuitOnLastWindowClosed(false);
    posts = new Posts();
  }

  private static final class Posts extends QObject {
    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();

    @Override
    public boolean event(QEvent event) {
      if (event.type() != QEvent.Type.User) {
        return super.event(event);
      }
      events.remove().run();
      return true;
    }
  }

  @Override
  public Host newHost() {
    return new QtHost();
  }

  @Override
  public void post(Runnable event) {
    posts.events.add(event);
    QCoreApplication.postEvent(posts, new QEvent(QEvent.Type.User));
  }

  @Override
  public Map<String, Consumer<Runnable>> otherPosts() {
    return Map.of("single_shot", event -> QTimer.singleShot(0, event::run));
  }

  @Override
  public void run(Runnable body) {
    body.run();
  }

  /** Qt draws on demand, so a timer demands it every 16 ms. */
  @Override
  public void animate(BooleanSupplier frame) {
    QWidget canvas =
        new QWidget() {
          private int x;

          @Override
          protected void paintEvent(QPaintEvent event) {
            QPainter painter = new QPainter(this);
            painter.fillRect(x = (x + 3) % 400, 20, 60, 60, new QColor(128, 128, 0));
            painter.end();
            if (!frame.getAsBoolean()) {
              post(this::dispose);
            }
          }
        };
    canvas.resize(400, 200);
    QTimer timer = new QTimer(canvas);
    timer.timeout.connect(() -> canvas.update());
    QtSignals.show(canvas);
    timer.start(16);
  }
}
