package dev.lariat.qt;

import dev.lariat.host.Watch;
import io.qt.core.QCoreApplication;
import io.qt.core.QEvent;
import io.qt.core.QEventLoop;
import io.qt.core.QMetaObject;
import io.qt.core.QObject;
import io.qt.core.QThread;
import io.qt.core.QTimer;
import io.qt.core.Qt.TimerType;
import io.qt.widgets.QApplication;
import io.qt.widgets.QWidget;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Qt by way of QtJambi, for where the functions of the library have other names: on Windows. */
final class JambiQt implements Qt {
  private static final QEvent.Type WAKE = QEvent.Type.User;

  private JambiQt() {}

  /**
   * {@return a new one}
   *
   * @throws LinkageError if there is no QtJambi, or its native part cannot be loaded
   */
  static JambiQt load() {
    Objects.requireNonNull(QCoreApplication.staticMetaObject);
    return new JambiQt();
  }

  @Override
  public boolean hasApplication() {
    return QCoreApplication.instance() != null;
  }

  @Override
  public boolean onApplicationThread() {
    return QCoreApplication.instance().thread() == QThread.currentThread();
  }

  @Override
  public void newApplication() {
    QCoreApplication.initialize(new String[0]);
  }

  /** Windows go first, with what waits to be deleted: after the application they crash Qt. */
  @Override
  public void deleteApplication() {
    if (QCoreApplication.instance() instanceof QApplication) {
      for (QWidget window : QApplication.topLevelWidgets()) {
        if (window != null) { // or the garbage collector has seen to it already
          window.dispose();
        }
      }
    }
    QCoreApplication.sendPostedEvents(null, QEvent.Type.DeferredDispose);
    QCoreApplication.shutdown();
  }

  @Override
  public void exec() {
    int _ = QCoreApplication.exec();
  }

  @Override
  public void exit() {
    QCoreApplication.exit();
  }

  @Override
  public void quit() {
    QCoreApplication.quit();
  }

  @Override
  public void blockSignals(boolean block) {
    QCoreApplication.instance().blockSignals(block);
  }

  @Override
  public int loopLevel() {
    return QThread.currentThread().loopLevel();
  }

  @Override
  public NestedLoop newLoop() {
    QEventLoop loop = new QEventLoop();
    return new NestedLoop() {
      @Override
      public void exec() {
        int _ = loop.exec();
      }

      @Override
      public void handleEvents() {
        boolean _ = loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents);
      }

      @Override
      public void exit() {
        loop.exit();
      }

      @Override
      public void close() {
        loop.dispose();
      }
    };
  }

  @Override
  public Receiver newReceiver(Consumer<Throwable> uncaught) {
    return new JambiReceiver(uncaught);
  }

  private static final class JambiReceiver implements Receiver {
    private final QObject object =
        new QObject() {
          @Override
          public boolean event(QEvent event) {
            if (event.type() == WAKE) {
              JambiReceiver.this.run(onWake);
              return true;
            }
            return super.event(event);
          }
        };
    private final QTimer timer = new QTimer(object);
    private final Consumer<Throwable> uncaught;
    private Runnable onWake = () -> {};
    private Runnable disconnect = () -> {};

    /** Guarded by this: {@link #wake} on another thread must not meet an object that is gone. */
    private boolean closed;

    JambiReceiver(Consumer<Throwable> uncaught) {
      this.uncaught = uncaught;
      timer.setSingleShot(true);
      timer.setTimerType(TimerType.PreciseTimer);
    }

    /** QtJambi reports what is thrown into it, but its callers would not know whose it is. */
    private void run(Runnable action) {
      if (!closed) {
        try {
          action.run();
        } catch (Throwable error) {
          uncaught.accept(error);
        }
      }
    }

    @Override
    public void onWake(Runnable action) {
      onWake = action;
    }

    @Override
    public void onTimeout(Runnable action) {
      timer.timeout.connect(() -> run(action));
    }

    @Override
    public void onAboutToQuit(Runnable action) {
      QCoreApplication application = QCoreApplication.instance();
      QMetaObject.Connection connection = application.aboutToQuit.connect(() -> run(action));
      disconnect = () -> application.aboutToQuit.disconnect(connection);
    }

    @Override
    public void onExec(Runnable action) {
      QTimer.singleShot(0, () -> run(action));
    }

    /** A QSocketNotifier of Windows knows sockets only. */
    @Override
    public @Nullable Watch onReadable(int descriptor, Runnable action) {
      return null;
    }

    @Override
    public synchronized void wake() {
      if (!closed) {
        QCoreApplication.postEvent(object, new QEvent(WAKE));
      }
    }

    @Override
    public void startTimer(int millis) {
      timer.start(millis);
    }

    @Override
    public synchronized void close() {
      closed = true;
      disconnect.run();
      object.disposeLater();
    }
  }
}
