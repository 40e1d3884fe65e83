package dev.lariat.swing;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.modal;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.swing.Swing.showModal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import java.awt.Dialog;
import java.awt.Dialog.ModalityType;
import java.awt.EventQueue;
import java.awt.FileDialog;
import java.awt.Frame;
import java.awt.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.swing.JColorChooser;
import javax.swing.JDesktopPane;
import javax.swing.JDialog;
import javax.swing.JFileChooser;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JProgressBar;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Real modal dialogs, opened by a task; on the real clock. */
@DisplayName("Modal dialogs")
class DialogsTest {
  /** A dialog of some kind: shown until it is closed, and closed. */
  private record Kind(String name, Action show, Runnable close) {}

  private static final Duration TICK = Duration.ofMillis(2);

  private static JDialog newDialog(Frame owner, ModalityType type) {
    JDialog dialog = new JDialog(owner, "a dialog", type);
    dialog.add(new JLabel("text"));
    dialog.pack();
    return dialog;
  }

  private static void disposeDialogs() {
    Stream.of(Window.getWindows())
        .filter(window -> window instanceof Dialog && window.isVisible())
        .forEach(Window::dispose);
  }

  private static List<Kind> kinds(JFrame frame) {
    List<Kind> kinds = new ArrayList<>();
    for (ModalityType type :
        List.of(
            ModalityType.DOCUMENT_MODAL,
            ModalityType.APPLICATION_MODAL,
            ModalityType.TOOLKIT_MODAL)) {
      JDialog dialog = newDialog(frame, type);
      kinds.add(new Kind("JDialog, " + type, () -> dialog.setVisible(true), dialog::dispose));
    }
    kinds.add(
        new Kind(
            "JOptionPane.showMessageDialog",
            () -> JOptionPane.showMessageDialog(frame, "message"),
            DialogsTest::disposeDialogs));
    kinds.add(
        new Kind(
            "JOptionPane.showInputDialog, without a parent",
            () -> assertThat(JOptionPane.showInputDialog("input")).isNull(),
            DialogsTest::disposeDialogs));
    JFileChooser chooser = new JFileChooser();
    kinds.add(
        new Kind(
            "JFileChooser",
            () -> assertThat(chooser.showOpenDialog(frame)).isEqualTo(JFileChooser.CANCEL_OPTION),
            chooser::cancelSelection));
    kinds.add(
        new Kind(
            "JColorChooser",
            () -> JColorChooser.showDialog(frame, "colour", null),
            DialogsTest::disposeDialogs));
    kinds.add(
        new Kind(
            "JOptionPane.showInternalMessageDialog",
            () -> JOptionPane.showInternalMessageDialog(frame.getContentPane(), "message"),
            () -> {
              JDesktopPane desktop = (JDesktopPane) frame.getContentPane();
              JOptionPane pane =
                  (JOptionPane) desktop.getAllFrames()[0].getContentPane().getComponent(0);
              pane.setValue(JOptionPane.CLOSED_OPTION);
            }));
    FileDialog fileDialog = new FileDialog(frame);
    kinds.add(new Kind("AWT's FileDialog", () -> fileDialog.setVisible(true), fileDialog::dispose));
    return kinds;
  }

  private static JFrame newFrame() {
    JFrame frame = new JFrame("dialogs");
    frame.setContentPane(new JDesktopPane());
    frame.setSize(600, 500);
    frame.setVisible(true);
    return frame;
  }

  private Stream<DynamicTest> eachKind(Function<Kind, Action> test) throws Throwable {
    List<String> names = new ArrayList<>();
    Edt.run(() -> {
      JFrame frame = new JFrame();
      kinds(frame).forEach(kind -> names.add(kind.name));
      Stream.of(Window.getWindows()).forEach(Window::dispose);
    });
    return Stream.iterate(0, i -> i + 1)
        .limit(names.size())
        .map(i ->
            DynamicTest.dynamicTest(
                names.get(i),
                () -> Edt.runRealLoop(() -> test.apply(kinds(newFrame()).get(i)).run())));
  }

  // -- each kind ---------------------------------------------------------------------------------

  @TestFactory
  @DisplayName("opened without modal(): other tasks go on, an await in a plain callback fails")
  Stream<DynamicTest> plain() throws Throwable {
    return eachKind(kind -> () -> othersGoOn(kind, kind.show));
  }

  @TestFactory
  @DisplayName("opened inside modal(): the same")
  Stream<DynamicTest> insideModal() throws Throwable {
    return eachKind(kind -> () -> othersGoOn(kind, () -> modal(kind.show::run)));
  }

  private static void othersGoOn(Kind kind, Action show) throws Exception {
    int[] ticks = new int[1];
    List<String> refused = new ArrayList<>();
    Task<Void> closer =
        createTask(() -> {
          while (ticks[0] < 30) {
            ticks[0]++;
            sleep(TICK);
          }
          EventQueue.invokeLater(() -> {
            try {
              sleep(TICK);
            } catch (IllegalStateException e) {
              refused.add(e.getMessage());
            }
          });
          sleep(TICK);
          kind.close.run();
        });
    show.run();
    assertThat(ticks[0]).isEqualTo(30); // all while it was open
    assertThat(refused).singleElement().asString().contains("createTask");
    sleep(TICK); // the task is what it was
    closer.await();
  }

  @TestFactory
  @DisplayName("a cancellation of the task dismisses it: a timeout")
  Stream<DynamicTest> timeouts() throws Throwable {
    return eachKind(kind ->
        () -> {
          assertThatThrownBy(
                  () -> timeout(Duration.ofMillis(60), () -> modal(kind.show::run, kind.close)))
              .isInstanceOf(TimeoutException.class);
          sleep(TICK);
        });
  }

  // -- two of them -------------------------------------------------------------------------------

  @Test
  @DisplayName("two on top of each other, closed in the wrong order: the first task waits")
  void wrongOrder() throws Throwable {
    Edt.runRealLoop(() -> {
      List<String> order = new ArrayList<>();
      JDialog first = newDialog(null, ModalityType.APPLICATION_MODAL);
      JDialog second = newDialog(null, ModalityType.APPLICATION_MODAL);
      Task<Void> one =
          createTask(() -> {
            showModal(first);
            order.add("one");
            sleep(TICK);
          });
      sleep(TICK);
      Task<Void> two =
          createTask(() -> {
            showModal(second);
            order.add("two");
            sleep(TICK);
          });
      Task<Void> closer =
          createTask(() -> {
            sleep(Duration.ofMillis(20));
            first.dispose();
            order.add("the first was closed");
            sleep(Duration.ofMillis(20));
            second.dispose();
          });
      one.await();
      two.await();
      closer.await();
      assertThat(order).containsExactly("the first was closed", "two", "one");
    });
  }

  @Test
  @DisplayName("an application that is told to quit ends once its dialog has been dismissed")
  void quitUnderDialog() throws Throwable {
    Edt.needDisplay();
    List<String> order = new ArrayList<>();
    Swing.run(() -> {
      JDialog dialog = newDialog(null, ModalityType.APPLICATION_MODAL);
      createTask(() -> {
        sleep(Duration.ofMillis(20));
        dev.lariat.host.HostApplication.current().quit();
      });
      try {
        showModal(dialog);
      } finally {
        order.add("visible=" + dialog.isVisible());
        dialog.dispose();
      }
    });
    assertThat(order).containsExactly("visible=false");
  }

  // -- showModal ---------------------------------------------------------------------------------

  @Test
  @DisplayName("showModal(pane): the answer; null when closed; gone when cancelled")
  void optionPanes() throws Throwable {
    Edt.runRealLoop(() -> {
      JFrame frame = newFrame();
      JOptionPane pane =
          new JOptionPane("Sure?", JOptionPane.QUESTION_MESSAGE, JOptionPane.YES_NO_OPTION);
      createTask(() -> {
        sleep(TICK);
        pane.setValue(JOptionPane.YES_OPTION);
      });
      assertThat(showModal(pane, frame, "Delete")).isEqualTo(JOptionPane.YES_OPTION);

      JOptionPane closed = new JOptionPane("Sure?");
      createTask(() -> {
        sleep(TICK);
        SwingUtilities.getWindowAncestor(closed).dispose();
      });
      assertThat(showModal(closed, null, "Delete")).isNull();

      JOptionPane late = new JOptionPane("Sure?");
      Window[] dialog = new Window[1];
      createTask(() -> dialog[0] = SwingUtilities.getWindowAncestor(late));
      assertThatThrownBy(
              () -> timeout(Duration.ofMillis(50), () -> showModal(late, frame, "Delete")))
          .isInstanceOf(TimeoutException.class);
      assertThat(dialog[0].isDisplayable()).isFalse();
    });
  }

  @Test
  @DisplayName("showModal(dialog): it can be shown again; one that is not modal is refused")
  void dialogs() throws Throwable {
    Edt.runRealLoop(() -> {
      JDialog dialog = newDialog(null, ModalityType.APPLICATION_MODAL);
      JProgressBar bar = new JProgressBar();
      dialog.add(bar);
      for (int i = 1; i <= 2; i++) {
        int round = i;
        createTask(() -> {
          sleep(TICK);
          bar.setValue(round);
          dialog.setVisible(false);
        });
        showModal(dialog);
        assertThat(bar.getValue()).isEqualTo(i);
      }
      assertThatThrownBy(() -> showModal(newDialog(null, ModalityType.MODELESS)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not modal");
    });
  }
}
