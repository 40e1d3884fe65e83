package dev.lariat.swt;

import dev.lariat.Asyncio;
import dev.lariat.TimeoutException;
import java.time.Duration;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.jspecify.annotations.Nullable;

/**
 * SWT tells of no frames. But it paints as often as there are any, and a pixel that wants to be
 * painted anew makes one come.
 */
final class Frames {
  private static final Duration FRAME = Duration.ofNanos(1_000_000_000 / 60);

  /** What has not been painted by then is hidden: behind others, or scrolled away. */
  private static final Duration HIDDEN = Duration.ofMillis(100);

  private Frames() {}

  static Duration next(@Nullable Control control) {
    if (control == null || !control.isVisible()) {
      Asyncio.sleep(FRAME);
    } else {
      awaitPaint(control);
    }
    return Asyncio.getRunningLoop().time();
  }

  private static void awaitPaint(Control control) {
    control.redraw(0, 0, 1, 1, false);
    try {
      Asyncio.waitFor(() -> Swt.awaitEvent(control, SWT.Paint), HIDDEN);
    } catch (TimeoutException hidden) {
      // as good as invisible
    }
  }

  /** The window that is looked at, if there is one. */
  static @Nullable Shell window(Display display) {
    Shell active = display.getActiveShell();
    if (active != null && active.isVisible()) {
      return active;
    }
    for (Shell shell : display.getShells()) {
      if (shell.isVisible() && !shell.getMinimized()) {
        return shell;
      }
    }
    return null;
  }
}
