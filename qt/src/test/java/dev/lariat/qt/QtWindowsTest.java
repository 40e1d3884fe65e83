package dev.lariat.qt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.modal;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.ExceptionContext;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.event.Registration;
import dev.lariat.host.LastWindow;
import io.qt.widgets.QApplication;
import io.qt.widgets.QDialog;
import io.qt.widgets.QInputDialog;
import io.qt.widgets.QMessageBox;
import io.qt.widgets.QWidget;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dialogs and windows of QtJambi. Real time: the main loops are Qt's. */
@Timeout(60)
@Tag("qtjambi")
class QtWindowsTest {
  private static final QtOptions KEEPING = QtOptions.DEFAULT.withQuitQapp(false);

  private final List<String> order = new ArrayList<>();

  private static Duration ms(int milliseconds) {
    return Duration.ofMillis(milliseconds);
  }

  /** Runs {@code body} as a task, in an application with a window. */
  private static void task(Action body) throws Throwable {
    QtThread.withWidgets(() -> {
      QtSignals.show(new QWidget());
      QtThread.task(new QtHost(), body);
    });
  }

  /** Ticks each millisecond, until it is cancelled. */
  private static Task<Void> ticker(int[] ticks) {
    return createTask(() -> {
      while (true) {
        sleep(ms(1));
        ticks[0]++;
      }
    });
  }

  private static void awaitTicks(int[] ticks, int count) {
    int end = ticks[0] + count;
    while (ticks[0] < end) {
      sleep(ms(1));
    }
  }

  // -- dialogs -----------------------------------------------------------------------------------

  @Test
  @DisplayName("QDialog.exec() inside a task: the others go on, and then this one does")
  void exec() throws Throwable {
    task(() -> {
      int[] ticks = {0};
      Task<Void> ticker = ticker(ticks);
      QDialog dialog = new QDialog();
      createTask(() -> {
        awaitTicks(ticks, 10);
        dialog.done(7);
      });
      assertThat(dialog.exec()).isEqualTo(7);
      assertThat(ticks[0]).isGreaterThanOrEqualTo(10);
      sleep(ms(1));
      ticker.cancel();
    });
  }

  @Test
  @DisplayName("each kind of dialog: message box, input, with modal() and the others going on")
  void kinds() throws Throwable {
    task(() -> {
      int[] ticks = {0};
      Task<Void> ticker = ticker(ticks);
      createTask(() -> {
        awaitTicks(ticks, 10);
        ((QMessageBox) QApplication.activeModalWidget()).accept();
        awaitTicks(ticks, 10);
        QInputDialog input = (QInputDialog) QApplication.activeModalWidget();
        input.setTextValue("typed");
        input.accept();
      });
      modal(() -> QMessageBox.information(null, "Title", "Text"));
      String text = modal(() -> QInputDialog.getText(null, "Title", "Label"));
      assertThat(text).isEqualTo("typed");
      assertThat(ticks[0]).isGreaterThanOrEqualTo(20);
      ticker.cancel();
    });
  }

  @Test
  @DisplayName("a plain slot of the dialog cannot await, which would suspend the task beneath")
  void slotsOfDialogs() throws Throwable {
    task(() -> {
      QDialog dialog = new QDialog();
      QtThread.post(() -> {
        assertThatIllegalStateException().isThrownBy(() -> sleep(ms(1)));
        order.add("refused");
        dialog.accept();
      });
      modal(dialog::exec);
      sleep(ms(1));
      assertThat(order).containsExactly("refused");
    });
  }

  @Test
  @DisplayName("a timeout dismisses a modal dialog")
  void dismissed() throws Throwable {
    task(() -> {
      QDialog dialog = new QDialog();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> timeout(ms(10), () -> modal(dialog::exec, dialog::reject)));
      assertThat(dialog.isVisible()).isFalse();
    });
  }

  @Test
  @DisplayName(
      "two dialogs closed in the wrong order: exec() ends last in, first out, awaited ones do not")
  void wrongOrder() throws Throwable {
    task(() -> {
      for (boolean nested : new boolean[] {true, false}) {
        QDialog first = new QDialog();
        QDialog second = new QDialog();
        Task<Void> one = createTask(() -> show(nested, first, "first"));
        sleep(ms(5));
        Task<Void> two = createTask(() -> show(nested, second, "second"));
        sleep(ms(5));
        first.accept();
        sleep(ms(5));
        second.accept();
        one.await();
        two.await();
      }
      assertThat(order).containsExactly("second", "first", "first", "second");
    });
  }

  private void show(boolean nested, QDialog dialog, String name) {
    int result = nested ? modal(dialog::exec) : QtSignals.openAndAwait(dialog);
    assertThat(result).isEqualTo(1);
    order.add(name);
  }

  @Test
  @DisplayName("a cancellation rejects an awaited dialog")
  void awaitedDialogCancelled() throws Throwable {
    task(() -> {
      QDialog dialog = new QDialog();
      dialog.rejected.connect(() -> order.add("rejected"));
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> timeout(ms(10), () -> QtSignals.openAndAwait(dialog)));
      assertThat(order).containsExactly("rejected");
      assertThat(dialog.isVisible()).isFalse();
    });
  }

  // -- the last window ---------------------------------------------------------------------------

  @Test
  @DisplayName("LastWindow.CANCEL: closing the last window cancels the tasks, which tidy up")
  void lastWindowCancels() throws Throwable {
    QtThread.withWidgets(() -> {
      QtAsyncio.run(
          KEEPING,
          () -> {
            QWidget window = new QWidget();
            QtSignals.show(window);
            getRunningLoop().callLater(ms(10), window::close);
            try {
              sleep(Duration.ofHours(1));
            } catch (CancelledError error) {
              sleep(ms(1));
              order.add("tidied up");
              throw error;
            }
          });
      assertThat(order).containsExactly("tidied up");
      assertThat(QApplication.instance()).isNotNull();
    });
  }

  @Test
  @DisplayName("LastWindow.WAIT: the tasks go on without a window until they are done")
  void lastWindowWaits() throws Throwable {
    QtThread.withWidgets(() -> {
      QtAsyncio.run(
          KEEPING.withLastWindow(LastWindow.WAIT),
          () -> {
            QWidget window = new QWidget();
            QtSignals.show(window);
            createTask(() -> {
              sleep(ms(50));
              order.add("done, window visible=" + window.isVisible());
            });
            getRunningLoop().callLater(ms(10), window::close);
          });
      assertThat(order).containsExactly("done, window visible=false");
    });
  }

  @Test
  @DisplayName("LastWindow.REFUSE: the window stays while there are tasks; others may be closed")
  void lastWindowRefuses() throws Throwable {
    QtThread.withWidgets(() -> {
      QtAsyncio.run(
          KEEPING.withLastWindow(LastWindow.REFUSE),
          () -> {
            QWidget window = new QWidget();
            QtSignals.show(window);
            QWidget other = new QWidget();
            QtSignals.show(other);
            createTask(() -> sleep(ms(30)))
                .addDoneCallback(_ -> {
                  order.add("task done");
                  getRunningLoop().callSoon(() -> order.add("closed: " + window.close()));
                });
            getRunningLoop()
                .callLater(
                    ms(5),
                    () -> order.add("other closed: " + other.close() + ", " + window.close()));
          });
      assertThat(order).containsExactly("other closed: true, false", "task done", "closed: true");
    });
  }

  @Test
  @DisplayName("quitQapp shuts an application of QtJambi down, and the next run has another")
  void twice() throws Throwable {
    for (int i = 0; i < 2; i++) {
      QtThread.withWidgets(() -> {
        QtAsyncio.run(() -> {
          QWidget window = new QWidget();
          QtSignals.show(window);
          getRunningLoop().callLater(ms(5), window::close);
        });
        assertThat(QApplication.instance()).isNull();
      });
    }
  }

  @Test
  @DisplayName("a window that is shown here is kept while it is open, and no longer")
  void kept() throws Throwable {
    task(() -> {
      int before = KeptWindow.count();
      WeakReference<QWidget> window = open("kept");
      for (int i = 0; i < 3; i++) {
        System.gc();
        sleep(ms(10));
      }
      assertThat(window.get()).isNotNull();
      assertThat(window.get().isVisible()).isTrue();
      assertThat(KeptWindow.count()).isEqualTo(before + 1);
      window.get().close();
      assertThat(KeptWindow.count()).isEqualTo(before);
      open("disposed of").get().dispose();
      assertThat(KeptWindow.count()).isEqualTo(before);
    });
  }

  private static WeakReference<QWidget> open(String title) {
    QWidget window = new QWidget();
    window.setWindowTitle(title);
    QtSignals.show(window);
    return new WeakReference<>(window);
  }

  // -- asyncClose --------------------------------------------------------------------------------

  @Test
  @DisplayName("QT-3 asyncClose: the window stays open while a task tidies up, and then closes")
  void asyncClose() throws Throwable {
    task(() -> {
      QWidget window = new QWidget();
      Registration _ =
          QtSignals.asyncClose(
              window,
              () -> {
                order.add("begin");
                sleep(ms(10));
                order.add("end, visible=" + window.isVisible());
              });
      QtSignals.show(window);
      assertThat(window.close()).isFalse();
      sleep(ms(2));
      assertThat(window.close()).isFalse(); // a second time, meanwhile
      sleep(ms(30));
      assertThat(window.isVisible()).isFalse();
      assertThat(order).containsExactly("begin", "end, visible=true");
    });
  }

  @Test
  @DisplayName("asyncClose: false leaves the window open, and so does a failure, which is reported")
  void asyncCloseRefused() throws Throwable {
    task(() -> {
      List<ExceptionContext> reports = new ArrayList<>();
      getRunningLoop().setExceptionHandler((_, report) -> reports.add(report));
      QWidget window = new QWidget();
      Registration asking = QtSignals.asyncClose(window, () -> false);
      QtSignals.show(window);
      window.close();
      sleep(ms(5));
      assertThat(window.isVisible()).isTrue();
      asking.close();

      Action failing =
          () -> {
            throw new IllegalStateException("cannot save");
          };
      Registration saving = QtSignals.asyncClose(window, failing);
      window.close();
      sleep(ms(5));
      assertThat(window.isVisible()).isTrue();
      assertThat(reports)
          .extracting(r -> r.exception().getMessage())
          .containsExactly("cannot save");
      saving.close();
      assertThat(window.close()).isTrue();
    });
  }

  @Test
  @DisplayName("asyncClose of the last window: Qt quits when it has closed, after the task")
  void asyncCloseOfLastWindow() throws Throwable {
    QtThread.withWidgets(() -> {
      QtAsyncio.run(
          KEEPING,
          () -> {
            QWidget window = new QWidget();
            QtSignals.asyncClose(
                window,
                () -> {
                  sleep(ms(10));
                  order.add("saved");
                });
            QtSignals.show(window);
            getRunningLoop().callLater(ms(5), window::close);
          });
      assertThat(order).containsExactly("saved");
    });
  }
}
