package dev.lariat.qt;

import dev.lariat.event.Registration;
import dev.lariat.host.WindowWatcher;
import io.qt.core.QCoreApplication;
import io.qt.core.QEvent;
import io.qt.core.QObject;
import io.qt.core.Qt.WidgetAttribute;
import io.qt.widgets.QApplication;
import io.qt.widgets.QWidget;

/**
 * Asks before the last window is closed, by a filter for all events of QtJambi's application: that
 * costs a call of Java for each, so it is there only where it is asked for.
 */
final class LastWindowGuard extends QObject implements Registration {
  private final WindowWatcher watcher;

  LastWindowGuard(WindowWatcher watcher) {
    this.watcher = watcher;
    QCoreApplication.instance().installEventFilter(this);
  }

  @Override
  public boolean eventFilter(QObject watched, QEvent event) {
    if (event.type() == QEvent.Type.Close
        && watched instanceof QWidget widget
        && isWindow(widget)
        && !hasOther(widget)
        && !watcher.mayClose()) {
      event.ignore();
      return true;
    }
    return false;
  }

  private static boolean hasOther(QWidget window) {
    return QApplication.topLevelWidgets().stream()
        .anyMatch(
            other -> other != null && other != window && other.isVisible() && isWindow(other));
  }

  /** As Qt knows the last window. */
  private static boolean isWindow(QWidget widget) {
    return widget.parentWidget() == null && widget.testAttribute(WidgetAttribute.WA_QuitOnClose);
  }

  @Override
  public void close() {
    dispose();
  }
}
