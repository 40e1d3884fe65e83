package dev.lariat.examples.finder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.Component;
import java.awt.Container;
import java.awt.EventQueue;
import java.awt.GraphicsEnvironment;
import java.awt.Point;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.awt.event.WindowEvent;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JTable;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real time: the Finder runs as a user would run it, and is driven by real keys and clicks. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayName("The Finder on Swing")
class SwingFinderTest {
  @TempDir Path root;
  private Thread finder;
  private Robot robot;

  @BeforeEach
  void files() throws Exception {
    assumeFalse(
        GraphicsEnvironment.isHeadless() && System.getenv("CI") == null,
        "Swing has no display here. Install one with tools/system-packages swing,"
            + " and run the tests by ./lariat test, or under tools/with-display.");
    for (String name : List.of("alpha", "beta/deep", "gamma")) {
      Path folder = Files.createDirectories(root.resolve(name));
      Files.createFile(folder.resolve("report.txt"));
      Files.createFile(folder.resolve("notes.txt"));
    }
    robot = new Robot();
    robot.setAutoDelay(10);
  }

  private void start(String... arguments) throws Exception {
    finder = new Thread(() -> SwingFinder.main(arguments), "finder");
    finder.start();
    until(() -> find(Window.class, Window::isShowing) != null);
    robot.waitForIdle();
  }

  @AfterEach
  void end() throws Exception {
    if (finder != null && finder.isAlive()) {
      Toolkit.getDefaultToolkit()
          .getSystemEventQueue()
          .postEvent(new WindowEvent(frame(), WindowEvent.WINDOW_CLOSING));
      finder.join(TimeUnit.SECONDS.toMillis(20));
    }
  }

  // -- looking -----------------------------------------------------------------------------------

  private static <T> T ask(Callable<T> question) throws Exception {
    FutureTask<T> task = new FutureTask<>(question);
    EventQueue.invokeLater(task);
    return task.get();
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    while (!ask(condition)) {
      Thread.sleep(10);
    }
  }

  private static Stream<Component> all(Component root) {
    return Stream.concat(
        Stream.of(root),
        root instanceof Container container
            ? Stream.of(container.getComponents()).flatMap(SwingFinderTest::all)
            : Stream.of());
  }

  private static <C extends Component> C find(Class<C> type, Predicate<C> wanted) {
    return Stream.of(Window.getWindows())
        .filter(Window::isShowing)
        .flatMap(SwingFinderTest::all)
        .filter(type::isInstance)
        .map(type::cast)
        .filter(wanted)
        .findFirst()
        .orElse(null);
  }

  private static JFrame frame() throws Exception {
    return ask(() -> find(JFrame.class, frame -> frame.getTitle().equals("Finder")));
  }

  private static JButton button(String text) {
    return find(JButton.class, button -> text.equals(button.getText()));
  }

  private static int rows() throws Exception {
    return ask(() -> find(JTable.class, _ -> true).getRowCount());
  }

  private static boolean says(String status) {
    return find(JLabel.class, label -> status.equals(label.getText())) != null;
  }

  // -- touching ----------------------------------------------------------------------------------

  private void click(Callable<Component> what) throws Exception {
    Point at =
        ask(() -> {
          Component component = what.call();
          Point corner = component.getLocationOnScreen();
          corner.translate(15, component.getHeight() / 2);
          return corner;
        });
    robot.mouseMove(at.x, at.y);
    robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
    robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
    robot.waitForIdle();
  }

  private void type(String text) {
    for (char c : text.toCharArray()) {
      int key = KeyEvent.getExtendedKeyCodeForChar(c);
      robot.keyPress(key);
      robot.keyRelease(key);
    }
  }

  private void typeIntoBox(String text) throws Exception {
    click(() -> find(JTextField.class, _ -> true));
    type(text);
  }

  // -- tests -------------------------------------------------------------------------------------

  @Test
  @DisplayName("results stream in as one types, the next key narrows them, an empty box has none")
  void searches() throws Exception {
    start(root.toString());
    typeIntoBox("t");
    until(() -> says("7 files found"));
    assertThat(rows()).isEqualTo(7);
    type("es");
    until(() -> says("3 files found"));
    assertThat(ask(() -> find(JTable.class, _ -> true).getValueAt(0, 0).toString()))
        .isEqualTo("notes.txt");
    assertThat(ask(() -> button("Cancel").isEnabled())).isFalse();
    for (int i = 0; i < 3; i++) {
      robot.keyPress(KeyEvent.VK_BACK_SPACE);
      robot.keyRelease(KeyEvent.VK_BACK_SPACE);
    }
    until(() -> find(JTable.class, _ -> true).getRowCount() == 0);
  }

  /** So many folders that a search takes a while. */
  private void makeManyFolders() throws Exception {
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 60; j++) {
        Files.createDirectories(root.resolve("many" + i).resolve("some" + j));
      }
    }
  }

  @Test
  @DisplayName("About is modal, and the search goes on beneath; Cancel ends it")
  void dialogAndCancel() throws Exception {
    makeManyFolders();
    start(root.toString());
    typeIntoBox("some");
    until(() -> button("Cancel").isEnabled());
    click(() -> button("About"));
    until(() -> find(JDialog.class, JDialog::isModal) != null);
    until(() -> says("3,600 files found"));
    assertThat(ask(() -> find(JDialog.class, JDialog::isModal))).isNotNull();
    click(() -> button("OK"));
    until(() -> find(JDialog.class, JDialog::isModal) == null);

    typeIntoBox("e"); // "esome" or "somee": nothing, but it has to look everywhere
    until(() -> button("Cancel").isEnabled());
    click(() -> button("Cancel"));
    until(() -> says("Cancelled: 0 files found"));
    assertThat(ask(() -> button("Cancel").isEnabled())).isFalse();
  }

  @Test
  @DisplayName("folders that cannot be read are in the pane of errors")
  void errors() throws Exception {
    Path gone = Files.createDirectory(root.resolve("gone"));
    start(gone.toString());
    Files.delete(gone);
    typeIntoBox("x");
    until(() -> find(JTextArea.class, pane -> !pane.getText().isEmpty()) != null);
    assertThat(ask(() -> find(JTextArea.class, _ -> true).getText()))
        .isEqualTo(gone + ": NoSuchFileException\n");
  }

  @Test
  @DisplayName("closing the window ends the program, in the midst of a search")
  void closing() throws Exception {
    makeManyFolders();
    start(root.toString());
    typeIntoBox("some");
    until(() -> button("Cancel").isEnabled());
    end();
    assertThat(finder.isAlive()).isFalse();
  }

  @Test
  @DisplayName("--screenshot: types, waits for the results, writes a picture that shows something")
  void screenshot() throws Exception {
    Path picture = root.resolve("picture.png");
    finder = Thread.currentThread();
    SwingFinder.main(
        new String[] {root.toString(), "--search", "notes", "--screenshot", picture.toString()});
    finder = null;
    BufferedImage image = ImageIO.read(picture.toFile());
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(image.getWidth()).isGreaterThan(500);
    assertThat(colours).hasSizeGreaterThan(20);
  }
}
