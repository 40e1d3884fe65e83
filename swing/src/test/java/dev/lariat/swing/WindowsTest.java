package dev.lariat.swing;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.event.Registration;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import dev.lariat.host.LastWindow;
import java.awt.Dialog.ModalityType;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.WindowEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JWindow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real windows, on the real clock. */
@DisplayName("The last window")
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WindowsTest {
  private static final Duration A_WHILE = Duration.ofMillis(30);

  private final List<String> order = new ArrayList<>();

  @BeforeEach
  void needDisplay() {
    Edt.needDisplay();
  }

  @AfterEach
  void disposeOfAll() throws Throwable {
    Edt.run(() -> Stream.of(Window.getWindows()).forEach(Window::dispose));
  }

  private static JFrame show(String title) {
    JFrame frame = new JFrame(title);
    frame.setSize(150, 100);
    frame.setVisible(true);
    return frame;
  }

  /** Closes a window as its user does. */
  private static void close(Window window) {
    Toolkit.getDefaultToolkit()
        .getSystemEventQueue()
        .postEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSING));
  }

  /** A task that goes on for a while, and says how it ended. */
  private void startWork(Duration duration) {
    createTask(() -> {
      try {
        sleep(duration);
        order.add("work done");
      } finally {
        order.add("work ended");
      }
    });
  }

  private static ApplicationOptions with(LastWindow policy) {
    return ApplicationOptions.DEFAULT.withLastWindow(policy);
  }

  private void run(ApplicationOptions options, Action main) {
    Swing.run(options, main);
    order.add("end");
  }

  // -- the policies ------------------------------------------------------------------------------

  @Test
  @DisplayName("CANCEL: closing the last window cancels the tasks, and waits for their end")
  void cancel() {
    run(
        with(LastWindow.CANCEL),
        () -> {
          JFrame first = show("first");
          JFrame second = show("second");
          startWork(Duration.ofHours(1));
          createTask(() -> {
            close(first);
            sleep(A_WHILE);
            order.add("one left");
            close(second);
          });
        });
    assertThat(order).containsExactly("one left", "work ended", "end");
  }

  @Test
  @DisplayName("WAIT: the application goes on without a window until the tasks are done")
  void waitForTasks() {
    run(
        with(LastWindow.WAIT),
        () -> {
          JFrame frame = show("the only one");
          startWork(A_WHILE);
          createTask(() -> close(frame));
        });
    assertThat(order).containsExactly("work done", "work ended", "end");
  }

  @Test
  @DisplayName("REFUSE: the last window stays open while there are tasks; others can be closed")
  void refuse() {
    run(
        with(LastWindow.REFUSE),
        () -> {
          JFrame first = show("first");
          JFrame second = show("second");
          second.setDefaultCloseOperation(JFrame.DISPOSE_ON_CLOSE);
          HostApplication application = HostApplication.current();
          Registration hold = application.hold();
          close(second);
          sleep(A_WHILE);
          order.add("second " + second.isVisible());
          close(first);
          sleep(A_WHILE);
          order.add("held " + first.isVisible());
          hold.close();
          startWork(A_WHILE.multipliedBy(2));
          close(first);
          sleep(A_WHILE);
          order.add("busy " + first.isVisible());
          sleep(A_WHILE.multipliedBy(2));
          close(first);
          try {
            sleep(Duration.ofHours(1));
          } finally {
            order.add("idle " + first.isVisible());
          }
        });
    assertThat(order)
        .containsExactly(
            "second false",
            "held true",
            "busy true",
            "work done",
            "work ended",
            "idle false",
            "end");
  }

  @Test
  @DisplayName("a hold keeps the application from ending without a window")
  void hold() {
    run(
        with(LastWindow.CANCEL),
        () -> {
          JFrame frame = show("the only one");
          HostApplication.current()
              .createHoldingTask(() -> {
                close(frame);
                sleep(A_WHILE);
                order.add("held");
                return null;
              });
        });
    assertThat(order).containsExactly("held", "end");
  }

  // -- what counts as closing the last window ----------------------------------------------------

  @Test
  @DisplayName("a window is gone when it is disposed of, not when the program hides it")
  void disposedOf() {
    run(
        ApplicationOptions.DEFAULT,
        () -> {
          JFrame frame = show("the only one");
          JFrame never = new JFrame("never shown");
          never.pack();
          createTask(() -> {
            never.dispose();
            sleep(A_WHILE);
            order.add("one that was never shown is disposed of");
            frame.setVisible(false);
            sleep(A_WHILE);
            order.add("hidden");
            frame.setVisible(true);
            sleep(A_WHILE);
            order.add("shown again");
            frame.dispose();
          });
        });
    assertThat(order)
        .containsExactly("one that was never shown is disposed of", "hidden", "shown again", "end");
  }

  @Test
  @DisplayName("one window may give way to another in one go, and a close may be vetoed")
  void swapAndVeto() {
    run(
        ApplicationOptions.DEFAULT,
        () -> {
          JFrame login = show("login");
          JFrame main = new JFrame("main");
          main.setDefaultCloseOperation(JFrame.DO_NOTHING_ON_CLOSE);
          createTask(() -> {
            login.dispose();
            main.setVisible(true);
            sleep(A_WHILE);
            order.add("swapped");
            close(main);
            sleep(A_WHILE);
            order.add("vetoed");
            main.dispose();
          });
        });
    assertThat(order).containsExactly("swapped", "vetoed", "end");
  }

  @Test
  @DisplayName("modal dialogs and popups are no last windows, other dialogs are")
  void dialogs() {
    run(
        ApplicationOptions.DEFAULT,
        () -> {
          JDialog modal = new JDialog(null, "modal", ModalityType.APPLICATION_MODAL);
          createTask(() -> {
            sleep(A_WHILE);
            close(modal);
            modal.dispose();
          });
          modal.setVisible(true);
          sleep(A_WHILE);
          order.add("after the modal dialog");
          JWindow popup = new JWindow();
          popup.setType(Window.Type.POPUP);
          popup.setVisible(true);
          sleep(A_WHILE);
          JDialog dialog = new JDialog();
          dialog.setVisible(true);
          sleep(A_WHILE);
          order.add("other dialog");
          close(dialog);
          try {
            sleep(Duration.ofHours(1));
          } finally {
            order.add("popup " + popup.isVisible());
          }
        });
    assertThat(order)
        .containsExactly("after the modal dialog", "other dialog", "popup true", "end");
  }

  @Test
  @DisplayName("attached: windows that were open before count as well")
  void attached() throws Throwable {
    JFrame[] frame = new JFrame[1];
    Edt.run(() -> frame[0] = show("before"));
    EventLoop loop = Swing.attach();
    assertThat(loop.isRunning()).isTrue();
    Edt.run(() -> {
      startWork(Duration.ofHours(1));
      createTask(() -> frame[0].dispose());
    });
    while (!loop.isClosed()) {
      Edt.run(() -> {});
    }
    assertThat(order).containsExactly("work ended");
  }

  // -- EXIT_ON_CLOSE -----------------------------------------------------------------------------

  @Test
  @DisplayName("EXIT_ON_CLOSE: the tasks end in good order, and then the process")
  void exitOnClose() throws Exception {
    for (String program : List.of("exit on close", "exit on close, attached")) {
      assertThat(ChildPrograms.run(program))
          .isEqualTo(new ChildPrograms.Outcome(0, "task ended in good order"));
    }
  }

  @Test
  @DisplayName("EXIT_ON_CLOSE and REFUSE: not while there are tasks, even if it is not the last")
  void exitRefused() {
    run(
        with(LastWindow.REFUSE),
        () -> {
          show("another");
          JFrame frame = show("exits");
          frame.setDefaultCloseOperation(JFrame.EXIT_ON_CLOSE);
          startWork(Duration.ofHours(1));
          close(frame);
          sleep(A_WHILE);
          order.add("open " + frame.isVisible());
          HostApplication.current().quit();
        });
    assertThat(order).containsExactly("open true", "work ended", "end");
  }
}
