package dev.lariat.examples.finder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real time: the Finder runs as a user would run it, and is driven by real keys and clicks. */
@Timeout(60)
@DisplayName("The Finder on SWT")
class SwtFinderTest {
  private static final String MISSING =
      "SWT has no display here. Install one with tools/system-packages swt,"
          + " and run the tests by ./lariat test, or under tools/with-display.";

  @TempDir Path root;
  private Thread finder;
  private Display display;

  @BeforeEach
  void files() throws IOException {
    if (System.getenv("DISPLAY") == null && System.getenv("CI") != null) {
      fail(MISSING);
    }
    assumeTrue(System.getenv("DISPLAY") != null, MISSING);
    for (String name : List.of("alpha", "beta/deep", "gamma")) {
      Path folder = Files.createDirectories(root.resolve(name));
      Files.createFile(folder.resolve("report.txt"));
      Files.createFile(folder.resolve("notes.txt"));
    }
  }

  /** Runs the Finder on a display of the test's, which so can look into it. */
  private void start(String... arguments) throws InterruptedException {
    CountDownLatch made = new CountDownLatch(1);
    finder =
        new Thread(() -> {
          display = new Display();
          made.countDown();
          try {
            SwtFinder.main(arguments);
          } finally {
            display.dispose();
          }
        });
    finder.start();
    made.await();
  }

  private void awaitWindow() throws InterruptedException {
    until(() -> ask(shell -> shell != null && shell.isVisible()));
  }

  @AfterEach
  void end() throws InterruptedException {
    if (finder != null && finder.isAlive()) { // the test has failed
      display.asyncExec(display::dispose);
      finder.join();
    }
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(10);
    }
  }

  /** Asks the window, on its thread. */
  private <T> T ask(Function<Shell, T> question) {
    return display.syncCall(
        () -> question.apply(display.getShells().length == 0 ? null : display.getShells()[0]));
  }

  private static <C extends Control> List<C> all(Composite in, Class<C> type) {
    List<C> found = new ArrayList<>();
    for (Control child : in.getChildren()) {
      if (type.isInstance(child)) {
        found.add(type.cast(child));
      } else if (child instanceof Composite inner) {
        found.addAll(all(inner, type));
      }
    }
    return found;
  }

  private int rows() {
    return ask(shell -> all(shell, Table.class).getFirst().getItemCount());
  }

  private String status() {
    return ask(shell -> all(shell, Label.class).getLast().getText());
  }

  private boolean isEnabled(String button) {
    return ask(shell -> button(shell, button).isEnabled());
  }

  private static Button button(Shell shell, String text) {
    return all(shell, Button.class).stream()
        .filter(button -> button.getText().equals(text))
        .findFirst()
        .orElseThrow();
  }

  private void click(Function<Shell, Control> what) {
    Point at = ask(shell -> what.apply(shell).toDisplay(15, 15));
    input("mousemove", "" + at.x, "" + at.y, "click", "1");
  }

  private static void input(String... arguments) {
    List<String> command = new ArrayList<>(List.of("xdotool"));
    command.addAll(Arrays.asList(arguments));
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("xdotool: " + e, e);
    }
  }

  private void close() throws InterruptedException {
    display.syncExec(() -> display.getShells()[0].close());
    finder.join();
  }

  @Test
  @DisplayName("finds what is typed, and with each further key what that makes of it")
  void typing() throws Exception {
    start(root.toString());
    awaitWindow();
    click(shell -> all(shell, Text.class).getFirst());
    input("type", "--delay", "20", "t"); // all files, and beta
    until(() -> status().equals("7 files found"));
    input("type", "--delay", "20", "ext");
    until(() -> status().equals("0 files found"));
    input("key", "BackSpace", "BackSpace", "BackSpace", "BackSpace");
    until(() -> status().isEmpty());
    input("type", "--delay", "20", "repo");
    until(() -> status().equals("3 files found"));
    assertThat(rows()).isEqualTo(3);
    assertThat(isEnabled("Cancel")).isFalse();
    List<String> names =
        ask(shell ->
            Arrays.stream(all(shell, Table.class).getFirst().getItems())
                .map(item -> item.getText(0) + " in " + item.getText(1))
                .sorted()
                .toList());
    assertThat(names)
        .containsExactly("report.txt in alpha", "report.txt in beta/deep", "report.txt in gamma");
    close();
  }

  @Test
  @DisplayName("a long search goes on under the dialog \"About\", and is cancelled by a click")
  void aboutAndCancel() throws Exception {
    start("/");
    awaitWindow();
    click(shell -> all(shell, Text.class).getFirst());
    input("type", "e");
    until(() -> rows() > 0);
    click(shell -> button(shell, "About"));
    Thread.sleep(300); // the dialog opens
    int under = rows();
    until(() -> rows() > under + 100);
    assertThat(isEnabled("Cancel")).isTrue();
    input("key", "Escape");
    Thread.sleep(300); // the dialog closes
    while (isEnabled("Cancel")) {
      click(shell -> button(shell, "Cancel"));
      Thread.sleep(50);
    }
    assertThat(status()).startsWith("Cancelled: ");
    close();
  }

  @Test
  @DisplayName("closed in the midst of a search, it ends at once")
  void closedWhileSearching() throws Exception {
    start("/", "--search", "e");
    awaitWindow();
    until(() -> rows() > 0);
    close();
  }

  @Test
  @DisplayName("--screenshot writes a picture of the window, and ends")
  void screenshot() throws Exception {
    Path picture = root.resolve("finder.png");
    start(root.toString(), "--search", "report", "--screenshot", picture.toString());
    finder.join();
    BufferedImage image = ImageIO.read(picture.toFile());
    assertThat(image.getWidth()).isGreaterThan(600);
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(colours).hasSizeGreaterThan(20);
  }
}
