package dev.lariat.swt;

import dev.lariat.event.Registration;
import dev.lariat.host.WindowWatcher;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Widget;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the last window. A window is a shell without a parent, be it visible or not: one that is
 * hidden may come back, from the tray say.
 */
final class SwtWindows implements Listener, Registration {
  private final Display display;
  private final WindowWatcher watcher;

  SwtWindows(Display display, WindowWatcher watcher) {
    this.display = display;
    this.watcher = watcher;
    display.addFilter(SWT.Close, this);
    display.addFilter(SWT.Dispose, this);
  }

  @Override
  public void close() {
    display.removeFilter(SWT.Close, this);
    display.removeFilter(SWT.Dispose, this);
  }

  @Override
  public void handleEvent(Event event) {
    if (isLast(event.widget)) {
      if (event.type == SWT.Dispose) {
        watcher.lastClosed();
      } else if (!watcher.mayClose()) {
        event.doit = false;
      }
    }
  }

  /** Null is the display, and with it all there is. */
  private boolean isLast(@Nullable Widget widget) {
    return widget == null || (isWindow(widget) && !hasOther(widget));
  }

  private boolean hasOther(Widget window) {
    for (Shell shell : display.getShells()) {
      if (shell != window && isWindow(shell)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWindow(Widget widget) {
    return widget instanceof Shell shell && shell.getParent() == null;
  }
}
