package dev.lariat.qt;

import io.qt.core.QEvent;
import io.qt.core.QObject;
import io.qt.widgets.QWidget;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Keeps a window while it is open. QtJambi deletes an object when the garbage collector has found
 * that nothing in Java refers to it, be it a window on the screen; and with the last one Qt quits.
 */
final class KeptWindow extends QObject {
  private static final Set<KeptWindow> KEPT = Collections.newSetFromMap(new IdentityHashMap<>());

  @SuppressWarnings("UnusedVariable") // it refers to it
  private final QWidget window;

  private KeptWindow(QWidget window) {
    super(window);
    this.window = window;
    window.installEventFilter(this);
  }

  /** Keeps a window from its next show to each hide. */
  static void keep(QWidget window) {
    if (window.findChildren(KeptWindow.class).isEmpty()) {
      KEPT.add(new KeptWindow(window));
    }
  }

  /** The window may be half deleted, and cannot be asked anything. */
  @Override
  public boolean eventFilter(QObject watched, QEvent event) {
    if (event.type() == QEvent.Type.Show) {
      KEPT.add(this);
    } else if (event.type() == QEvent.Type.Hide && !event.spontaneous()) { // as by minimizing it
      KEPT.remove(this);
    }
    return false;
  }

  /** {@return how many are open} */
  static int count() {
    KEPT.removeIf(QObject::isDisposed); // with their windows
    return KEPT.size();
  }
}
