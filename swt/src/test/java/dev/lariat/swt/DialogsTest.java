package dev.lariat.swt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.modal;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.ColorDialog;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.FontDialog;
import org.eclipse.swt.widgets.MessageBox;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Synchronizer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All on the real clock: a user closes the dialogs, by real keys. */
@DisplayName("SWT's dialogs, with tasks that go on")
class DialogsTest {
  /** Every kind of dialog, opened until it is closed. */
  private enum Kind {
    MESSAGE(parent -> new MessageBox(parent, SWT.OK | SWT.CANCEL).open()),
    FILE(parent -> new FileDialog(parent, SWT.OPEN).open()),
    DIRECTORY(parent -> new DirectoryDialog(parent).open()),
    COLOR(parent -> new ColorDialog(parent).open()),
    FONT(parent -> new FontDialog(parent).open()),
    SHELL(parent -> runUntilDisposed(dialog(parent)));

    final Consumer<Shell> open;

    Kind(Consumer<Shell> open) {
      this.open = open;
    }
  }

  private static Shell dialog(Shell parent) {
    Shell dialog = new Shell(parent, SWT.DIALOG_TRIM | SWT.APPLICATION_MODAL);
    dialog.setLayout(new FillLayout());
    dialog.setSize(200, 100);
    return dialog;
  }

  /** The loop that everybody writes. */
  private static void runUntilDisposed(Shell dialog) {
    dialog.open();
    while (!dialog.isDisposed()) {
      if (!dialog.getDisplay().readAndDispatch()) {
        dialog.getDisplay().sleep();
      }
    }
  }

  /** A window, and a task that counts while it lives. */
  private static final class Ticking {
    final Shell shell = new Shell();
    final Task<Void> ticker;
    int ticks;

    Ticking() {
      shell.setSize(300, 200);
      shell.open();
      ticker =
          createTask(() -> {
            while (true) {
              sleep(Duration.ofMillis(5));
              ticks++;
            }
          });
    }

    void awaitTicks(int more) {
      int until = ticks + more;
      while (ticks < until) {
        sleep(Duration.ofMillis(5));
      }
    }
  }

  private static void withTicking(Consumer<Ticking> body) throws Throwable {
    DisplayThread.realTime(() -> {
      Ticking ticking = new Ticking();
      ticking.awaitTicks(2);
      body.accept(ticking);
      ticking.awaitTicks(2); // the task that was beneath the dialog can await again
      ticking.ticker.cancel();
      assertThatThrownBy(ticking.ticker::await).isInstanceOf(CancelledError.class);
    });
  }

  /** Does something until it has an effect, which it has not before a window has the focus. */
  private static void until(BooleanSupplier effect, Runnable deed) {
    for (int i = 0; !effect.getAsBoolean(); i++) {
      if (i % 500 == 0) { // it may take its time: a second time is not to come too early
        deed.run();
      }
      sleep(Duration.ofMillis(10));
    }
  }

  /** Closes whatever dialog is on top, as a user does. */
  private static void pressEscape(Display display) {
    try {
      toThread(() -> DisplayThread.input("key", "Escape"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void click(Point at) {
    try {
      toThread(() -> DisplayThread.input("mousemove", "" + at.x, "" + at.y, "click", "1"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Task<Void> closeAfterTicks(Ticking ticking, int ticks, boolean[] open) {
    return createTask(() -> {
      ticking.awaitTicks(ticks);
      while (open[0]) { // the dialog may not have the keyboard yet
        pressEscape(ticking.shell.getDisplay());
        ticking.awaitTicks(10);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "real time: while a dialog is open in modal(), tasks tick; a plain callback cannot await")
  void inModal(Kind kind) throws Throwable {
    withTicking(ticking -> {
      int before = ticking.ticks;
      boolean[] open = {true};
      List<String> errors = new ArrayList<>();
      Task<Void> closer = closeAfterTicks(ticking, 20, open);
      ticking.shell.getDisplay().asyncExec(() -> awaitAsCallback(errors));
      ticking.shell.getDisplay().timerExec(30, () -> awaitAsCallback(errors));
      modal(() -> kind.open.accept(ticking.shell));
      open[0] = false;
      closer.await();
      assertThat(ticking.ticks).isGreaterThanOrEqualTo(before + 20);
      assertThat(errors).hasSize(2).allMatch(message -> message.contains("createTask"));
    });
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("real time: the same without modal()")
  void withoutModal(Kind kind) throws Throwable {
    withTicking(ticking -> {
      int before = ticking.ticks;
      boolean[] open = {true};
      List<String> errors = new ArrayList<>();
      Task<Void> closer = closeAfterTicks(ticking, 20, open);
      ticking.shell.getDisplay().asyncExec(() -> awaitAsCallback(errors));
      ticking.shell.getDisplay().timerExec(30, () -> awaitAsCallback(errors));
      kind.open.accept(ticking.shell);
      open[0] = false;
      closer.await();
      assertThat(ticking.ticks).isGreaterThanOrEqualTo(before + 20);
      assertThat(errors).hasSize(2).allMatch(message -> message.contains("createTask"));
    });
  }

  private static void awaitAsCallback(List<String> errors) {
    try {
      sleep(Duration.ofMillis(1));
      errors.add("no error");
    } catch (IllegalStateException error) {
      errors.add(error.getMessage());
    }
  }

  @Test
  @DisplayName(
      "real time: a listener in a dialog without modal() cannot await, and may make a task")
  void listenerInDialog() throws Throwable {
    withTicking(ticking -> {
      Shell dialog = dialog(ticking.shell);
      Button button = new Button(dialog, SWT.PUSH);
      List<String> errors = new ArrayList<>();
      Task<?> opener = currentTask();
      button.addListener(
          SWT.Selection,
          _ -> {
            awaitAsCallback(errors);
            createTask(() -> {
              assertThat(currentTask()).isNotSameAs(opener);
              sleep(Duration.ofMillis(1));
              dialog.dispose();
            });
          });
      Task<Void> clicker =
          createTask(() -> {
            ticking.awaitTicks(10);
            Point at = button.toDisplay(20, 20);
            until(() -> !errors.isEmpty(), () -> click(at));
          });
      runUntilDisposed(dialog);
      clicker.await();
      assertThat(errors).hasSize(1).allMatch(message -> message.contains("createTask"));
      assertThat(currentTask()).isSameAs(opener);
    });
  }

  @Test
  @DisplayName("real time: a listener that the dialog's own code calls cannot await either")
  void sentInDialog() throws Throwable {
    withTicking(ticking -> {
      Shell dialog = dialog(ticking.shell);
      Button button = new Button(dialog, SWT.PUSH);
      List<String> errors = new ArrayList<>();
      button.addListener(SWT.Selection, _ -> awaitAsCallback(errors));
      dialog
          .getDisplay()
          .asyncExec(() -> {
            button.notifyListeners(SWT.Selection, new Event());
            dialog.dispose();
          });
      runUntilDisposed(dialog);
      assertThat(errors).hasSize(1).allMatch(message -> message.contains("createTask"));
    });
  }

  @Test
  @DisplayName("real time: a cancellation dismisses a shell")
  void cancelledShell() throws Throwable {
    withTicking(ticking -> {
      Shell dialog = dialog(ticking.shell);
      assertThatThrownBy(() ->
              timeout(
                  Duration.ofMillis(100),
                  () -> modal(() -> runUntilDisposed(dialog), dialog::close)))
          .isInstanceOf(TimeoutException.class);
      assertThat(dialog.isDisposed()).isTrue();
    });
  }

  @Test
  @DisplayName("real time: a cancellation dismisses a native dialog by disposing of its parent")
  void cancelledMessageBox() throws Throwable {
    withTicking(ticking -> {
      Shell parent = new Shell(ticking.shell);
      parent.open();
      MessageBox box = new MessageBox(parent, SWT.OK | SWT.CANCEL);
      assertThatThrownBy(
              () -> timeout(Duration.ofMillis(100), () -> modal(box::open, parent::dispose)))
          .isInstanceOf(TimeoutException.class);
    });
  }

  @Test
  @DisplayName(
      "real time: two shells closed in the wrong order: both end, the first one's task last")
  void shellsInWrongOrder() throws Throwable {
    withTicking(ticking -> {
      List<String> order = new ArrayList<>();
      Shell first = dialog(ticking.shell);
      Shell second = dialog(ticking.shell);
      Task<Void> inFirst =
          createTask(() -> {
            modal(() -> runUntilDisposed(first));
            order.add("first");
          });
      Task<Void> inSecond =
          createTask(() -> {
            modal(() -> runUntilDisposed(second));
            order.add("second");
          });
      Task<Void> closer =
          createTask(() -> {
            ticking.awaitTicks(10);
            first.dispose();
            ticking.awaitTicks(10);
            order.add("closing the second");
            second.dispose();
          });
      inFirst.await();
      inSecond.await();
      closer.await();
      assertThat(order).containsExactly("closing the second", "second", "first");
    });
  }

  @Test
  @DisplayName(
      "real time: a native dialog on top of another: tasks tick in both, and in the first again")
  void nativeOnNative() throws Throwable {
    withTicking(ticking -> {
      List<String> order = new ArrayList<>();
      Display display = ticking.shell.getDisplay();
      Task<Void> inFirst =
          createTask(() -> {
            modal(() -> new MessageBox(ticking.shell, SWT.OK | SWT.CANCEL).open());
            order.add("first");
          });
      Task<Void> inSecond =
          createTask(() -> {
            ticking.awaitTicks(10); // and so inside the first
            Task<Void> closer =
                createTask(() -> {
                  ticking.awaitTicks(10);
                  until(() -> order.contains("second"), () -> pressEscape(display));
                });
            modal(() -> new MessageBox(ticking.shell, SWT.OK | SWT.CANCEL).open());
            order.add("second");
            closer.await();
            ticking.awaitTicks(10);
            order.add("ticked");
            until(() -> order.contains("first"), () -> pressEscape(display));
          });
      inFirst.await();
      inSecond.await();
      assertThat(order).containsExactly("second", "ticked", "first");
    });
  }

  @Test
  @Timeout(30)
  @DisplayName(
      "real time: beneath a native dialog no post of a slow thread is slept over (LOOP-11)")
  void slowPost() throws Throwable {
    DisplayThread.realTime(() -> {
      Shell shell = new Shell();
      shell.open();
      EventLoop loop = getRunningLoop();
      Display display = shell.getDisplay();
      display.setSynchronizer(new SlowSynchronizer(display));
      Thread.ofVirtual()
          .start(() -> {
            LockSupport.parkNanos(300_000_000); // the dialog is open by then, and all is quiet
            loop.callSoonThreadsafe(shell::dispose);
          });
      modal(() -> new MessageBox(shell, SWT.OK | SWT.CANCEL).open());
      display.setSynchronizer(new Synchronizer(display));
    });
  }

  /** SWT asks GTK to look for what it has not been given yet. */
  private static final class SlowSynchronizer extends Synchronizer {
    private final Thread fast = Thread.currentThread();

    SlowSynchronizer(Display display) {
      super(display);
    }

    @Override
    protected void asyncExec(Runnable message) {
      if (Thread.currentThread() != fast) {
        LockSupport.parkNanos(100_000_000);
      }
      super.asyncExec(message);
    }
  }
}
