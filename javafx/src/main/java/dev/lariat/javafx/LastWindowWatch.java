package dev.lariat.javafx;

import dev.lariat.event.Registration;
import dev.lariat.host.WindowWatcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.application.Platform;
import javafx.collections.ListChangeListener;
import javafx.event.EventHandler;
import javafx.stage.PopupWindow;
import javafx.stage.Window;
import javafx.stage.WindowEvent;

/**
 * Tells when the last window is closed; menus and tooltips are none. JavaFX itself would exit then,
 * before any task has ended, so its implicit exit is off meanwhile.
 */
final class LastWindowWatch implements Registration {
  private final WindowWatcher watcher;
  private final boolean implicitExit = Platform.isImplicitExit();
  private final ListChangeListener<Window> listChanged = this::listChanged;
  private final EventHandler<WindowEvent> closeRequested = this::closeRequested;

  /** Those with a handler of ours. */
  private final Set<Window> watched = new HashSet<>();

  private boolean closed;

  LastWindowWatch(WindowWatcher watcher) {
    this.watcher = watcher;
    Platform.setImplicitExit(false);
    Window.getWindows().addListener(listChanged);
    showing().forEach(this::watch);
  }

  private static List<Window> showing() {
    return Window.getWindows().stream().filter(window -> !(window instanceof PopupWindow)).toList();
  }

  private void watch(Window window) {
    if (watched.add(window)) {
      window.addEventHandler(WindowEvent.WINDOW_CLOSE_REQUEST, closeRequested);
    }
  }

  private void unwatch(Window window) {
    if (watched.remove(window)) {
      window.removeEventHandler(WindowEvent.WINDOW_CLOSE_REQUEST, closeRequested);
    }
  }

  private void listChanged(ListChangeListener.Change<? extends Window> change) {
    boolean hadAny = !watched.isEmpty();
    while (change.next()) {
      change.getRemoved().forEach(this::unwatch);
    }
    showing().forEach(this::watch);
    if (hadAny && watched.isEmpty()) {
      Platform.runLater(this::lookAgain); // what closed the last one may be about to show another
    }
  }

  private void lookAgain() {
    if (!closed && watched.isEmpty()) {
      watcher.lastClosed();
    }
  }

  private void closeRequested(WindowEvent event) {
    if (showing().size() == 1 && !watcher.mayClose()) {
      event.consume();
    }
  }

  @Override
  public void close() {
    closed = true;
    Window.getWindows().removeListener(listChanged);
    List.copyOf(watched).forEach(this::unwatch);
    Platform.setImplicitExit(implicitExit);
  }
}
