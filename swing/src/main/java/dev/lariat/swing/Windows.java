package dev.lariat.swing;

import dev.lariat.host.WindowWatcher;
import java.awt.Dialog;
import java.awt.Window;
import java.awt.event.WindowEvent;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import javax.swing.JFrame;
import javax.swing.UIManager;
import javax.swing.WindowConstants;

/**
 * Tells of the last window of an application, by the events of all windows.
 *
 * <p>A window is gone when it is disposed of, or when its user closes it and so hides it, which is
 * a {@link JFrame}'s default; a program that hides it may mean to show it again. Popups do not
 * count, and neither do modal dialogs: whoever opened one goes on when it is closed.
 *
 * <p>A frame that is to exit when it is closed would end the process in the midst of all tasks. So
 * it is disposed of instead, the application ends as for its last window, and then the process.
 */
final class Windows {
  private final WindowWatcher watcher;

  /** All that count and were ever shown: one that was not is none that can be gone. */
  private final Set<Window> shown = Collections.newSetFromMap(new WeakHashMap<>());

  private boolean toExit;

  Windows(WindowWatcher watcher) {
    this.watcher = watcher;
    visible().forEach(shown::add);
  }

  boolean isToExit() {
    return toExit;
  }

  private static Stream<Window> visible() {
    return Stream.of(Window.getWindows()).filter(window -> window.isVisible() && counts(window));
  }

  private static boolean counts(Window window) {
    return window.getType() != Window.Type.POPUP
        && !(window instanceof Dialog dialog && dialog.isModal());
  }

  void dispatch(WindowEvent event, Runnable dispatcher) {
    Window window = event.getWindow();
    switch (event.getID()) {
      case WindowEvent.WINDOW_OPENED -> {
        if (counts(window)) {
          shown.add(window);
        }
        dispatcher.run();
      }
      case WindowEvent.WINDOW_CLOSING -> close(window, dispatcher);
      case WindowEvent.WINDOW_CLOSED -> {
        dispatcher.run();
        noteGone(window);
      }
      default -> dispatcher.run();
    }
  }

  private void close(Window window, Runnable dispatcher) {
    JFrame exiting =
        window instanceof JFrame frame
                && frame.getDefaultCloseOperation() == WindowConstants.EXIT_ON_CLOSE
            ? frame
            : null;
    boolean isLast = counts(window) && visible().allMatch(other -> other == window);
    if ((isLast || exiting != null) && !watcher.mayClose()) {
      UIManager.getLookAndFeel().provideErrorFeedback(window);
      return;
    }
    if (exiting == null) {
      dispatcher.run();
    } else {
      disposeInsteadOfExit(exiting, dispatcher);
    }
    if (!window.isVisible()) {
      noteGone(window);
    }
  }

  private void disposeInsteadOfExit(JFrame frame, Runnable dispatcher) {
    frame.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
    try {
      dispatcher.run();
    } finally {
      if (frame.getDefaultCloseOperation() == WindowConstants.DISPOSE_ON_CLOSE) {
        frame.setDefaultCloseOperation(WindowConstants.EXIT_ON_CLOSE);
        if (!frame.isDisplayable()) {
          toExit = true;
          watcher.lastClosed();
        }
      }
    }
  }

  private void noteGone(Window window) {
    if (shown.contains(window) && visible().findAny().isEmpty()) {
      watcher.lastClosed();
    }
  }
}
