package dev.lariat.qt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.host.Host;
import dev.lariat.testkit.Needs;
import io.qt.core.QCoreApplication;
import io.qt.core.QEvent;
import io.qt.core.QObject;
import io.qt.widgets.QApplication;
import io.qt.widgets.QWidget;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.function.Executable;

/** Qt for tests: one thread for all of them, as Qt's application object belongs to one. */
final class QtThread {
  /** Those of a host alone. */
  static final QtOptions OPTIONS = QtOptions.DEFAULT.withQuitQapp(false);

  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("qt").factory());

  private QtThread() {}

  /** Skips the test where there is no Qt, which on CI is a failure. */
  static void needsQt() {
    Needs.check(
        QtCore.problem() == null,
        "There is no Qt 6 here. Install it with tools/system-packages qt.");
  }

  /**
   * Skips the test where QtJambi does not go with the Qt that there is; on CI that is a failure.
   */
  static void needsJambi() throws Throwable {
    onThread(QtThread::loadJambi);
  }

  private static void loadJambi() {
    try {
      JambiQt.load();
    } catch (LinkageError refused) {
      Needs.check(false, "This QtJambi does not go with this Qt: " + refused);
    }
  }

  /** Runs {@code test} where there is no application object yet, and no QtJambi is asked. */
  static void withoutApplication(Executable test) throws Throwable {
    onThread(() -> {
      if (QtCore.application() != 0) {
        JambiQt.load().deleteApplication();
      }
      try {
        test.execute();
      } finally {
        if (QtCore.application() != 0) {
          new NativeQt().deleteApplication();
        }
      }
    });
  }

  /** Runs {@code test} in a QtJambi application that has windows. */
  static void withWidgets(Executable test) throws Throwable {
    onThread(() -> {
      loadJambi();
      if (QtCore.application() == 0) {
        QApplication.initialize(new String[0]);
      }
      try {
        test.execute();
      } finally {
        if (QtCore.application() != 0) {
          QApplication.topLevelWidgets().stream()
              .filter(Objects::nonNull)
              .forEach(QWidget::dispose);
        }
      }
    });
  }

  /** Runs {@code body} as a task in an application that has windows. Nothing may be reported. */
  static void task(Host host, Action body) {
    List<ExceptionContext> reports = new ArrayList<>();
    try (EventLoop loop = new EventLoop(host)) {
      loop.setExceptionHandler((_, report) -> reports.add(report));
      loop.runUntilComplete(body);
    }
    assertEquals(List.of(), reports, "what the loop's exception handler was told");
  }

  /** Has Qt call {@code event}, as QtJambi's own means go. */
  static void post(Runnable event) {
    QCoreApplication.postEvent(new Posted(event), new QEvent(QEvent.Type.User));
  }

  private static final class Posted extends QObject {
    private final Runnable event;

    Posted(Runnable event) {
      this.event = event;
    }

    @Override
    public boolean event(QEvent posted) {
      if (posted.type() != QEvent.Type.User) {
        return super.event(posted);
      }
      disposeLater();
      event.run();
      return true;
    }
  }

  private static void onThread(Executable test) throws Throwable {
    needsQt();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    THREAD.execute(() -> {
      try {
        test.execute();
        end.complete(null);
      } catch (Throwable error) {
        end.complete(error);
      }
    });
    Throwable error = end.get();
    if (error != null) {
      throw error;
    }
  }
}
