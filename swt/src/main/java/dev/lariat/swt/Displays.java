package dev.lariat.swt;

import org.eclipse.swt.SWT;
import org.eclipse.swt.SWTError;
import org.eclipse.swt.widgets.Display;

/** The display of a thread, or why it has none. */
final class Displays {
  private Displays() {}

  static Display make() {
    try {
      return new Display();
    } catch (SWTError error) {
      if (error.code != SWT.ERROR_NOT_IMPLEMENTED) {
        throw error;
      }
      throw new IllegalStateException(
          "SWT has one display here, and another thread has made it. Call this on that thread,"
              + " by Display.getDefault().asyncExec(...) say; or dispose of that display first.",
          error);
    }
  }

  static Display current() {
    Display display = Display.getCurrent();
    if (display == null) {
      throw new IllegalStateException(
          "This thread has no display. Make one with new Display() first,"
              + " or use Swt.run(...), which does that and runs the main loop too.");
    }
    return display;
  }
}
