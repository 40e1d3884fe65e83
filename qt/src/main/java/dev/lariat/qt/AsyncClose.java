package dev.lariat.qt;

import dev.lariat.Coroutine;
import dev.lariat.event.Registration;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import io.qt.core.QEvent;
import io.qt.core.QObject;
import io.qt.widgets.QWidget;

/** Ignores the close events of a window, until a task has said that it may close. */
final class AsyncClose extends QObject implements Registration {
  private final QWidget window;
  private final TaskHandler<QWidget> closing;
  private boolean mayClose;

  AsyncClose(QWidget window, Coroutine<Boolean> question) {
    super(window);
    this.window = window;
    closing = TaskHandler.of(WhileRunning.IGNORE, _ -> ask(question));
    window.installEventFilter(this);
  }

  private void ask(Coroutine<Boolean> question) throws Exception {
    if (question.run() && !window.isDisposed()) {
      mayClose = true;
      try {
        window.close();
      } finally {
        mayClose = false; // it may be shown again
      }
    }
  }

  @Override
  public boolean eventFilter(QObject watched, QEvent event) {
    if (event.type() != QEvent.Type.Close || mayClose) {
      return false;
    }
    event.ignore();
    closing.accept(window);
    return true;
  }

  @Override
  public void close() {
    if (!isDisposed()) {
      dispose();
    }
  }
}
