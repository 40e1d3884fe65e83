package dev.lariat.examples.finder;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.robot.Robot;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real time: the Finder runs as a user would run it, and is driven by keys and clicks, which
 * JavaFX's robot gives to its headless platform.
 */
@Timeout(120)
@DisplayName("The Finder on JavaFX")
class JavaFxFinderTest {
  @TempDir Path root;
  private Thread finder;

  @BeforeAll
  static void keepJavaFx() {
    if (System.getProperty("glass.platform") == null) {
      System.setProperty("glass.platform", "Headless");
    }
    Platform.setImplicitExit(false);
  }

  @BeforeEach
  void files() throws IOException {
    for (String name : List.of("alpha", "beta/deep", "gamma")) {
      Path folder = Files.createDirectories(root.resolve(name));
      Files.createFile(folder.resolve("report.txt"));
      Files.createFile(folder.resolve("notes.txt"));
    }
  }

  private void start(String... arguments) {
    finder = new Thread(() -> JavaFxFinder.main(arguments), "finder");
    finder.start();
  }

  private static void awaitWindow() throws InterruptedException {
    until(() -> {
      try {
        return ask(window -> {
          window.getScene().getWindow().requestFocus(); // as a window manager would
          return find(window, TextField.class).getHeight() > 0;
        });
      } catch (IllegalStateException notYet) {
        return false;
      }
    });
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(10);
    }
  }

  /** Asks the first window, on its thread. */
  private static <T> T ask(Function<Parent, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        answer.complete(question.apply(Window.getWindows().getFirst().getScene().getRoot()));
      } catch (RuntimeException error) {
        answer.completeExceptionally(new IllegalStateException("no such window yet", error));
      }
    });
    try {
      return answer.join();
    } catch (java.util.concurrent.CompletionException error) {
      throw (IllegalStateException) error.getCause();
    }
  }

  private static <N extends Node> N find(Parent in, Class<N> type) {
    return type.cast(in.lookupAll("*").stream().filter(type::isInstance).findFirst().orElseThrow());
  }

  private static Button button(Parent in, String text) {
    return in.lookupAll(".button").stream()
        .filter(Button.class::isInstance)
        .map(Button.class::cast)
        .filter(button -> button.getText().equals(text))
        .findFirst()
        .orElseThrow();
  }

  private static void click(Function<Parent, Node> what) {
    ask(window -> {
      Node node = what.apply(window);
      Bounds bounds = node.localToScreen(node.getBoundsInLocal());
      Robot robot = new Robot();
      robot.mouseMove(bounds.getMinX() + 15, bounds.getMinY() + 12);
      robot.mouseClick(MouseButton.PRIMARY);
      return null;
    });
  }

  private static void type(KeyCode... keys) throws InterruptedException {
    for (KeyCode key : keys) {
      ask(_ -> {
        new Robot().keyType(key);
        return null;
      });
      Thread.sleep(20);
    }
  }

  private static int rows() {
    return ask(window -> find(window, TableView.class).getItems().size());
  }

  private static String status() {
    return ask(
        window -> ((Label) ((BorderPane) ((BorderPane) window).getBottom()).getLeft()).getText());
  }

  private static boolean isEnabled(String button) {
    return ask(window -> !button(window, button).isDisabled());
  }

  private void close() throws InterruptedException {
    ask(window -> {
      Window stage = window.getScene().getWindow();
      stage.fireEvent(new WindowEvent(stage, WindowEvent.WINDOW_CLOSE_REQUEST));
      return null;
    });
    finder.join();
  }

  @Test
  @DisplayName("finds what is typed, and with each further key what that makes of it")
  void typing() throws Exception {
    start(root.toString());
    awaitWindow();
    click(window -> find(window, TextField.class));
    type(KeyCode.X);
    until(() -> status().equals("6 files found"));
    type(KeyCode.Q);
    until(() -> status().equals("0 files found"));
    type(KeyCode.BACK_SPACE, KeyCode.BACK_SPACE);
    until(() -> status().isEmpty());
    type(KeyCode.R, KeyCode.E, KeyCode.P, KeyCode.O);
    until(() -> status().equals("3 files found"));
    assertThat(rows()).isEqualTo(3);
    assertThat(isEnabled("Cancel")).isFalse();
    assertThat(isEnabled("About")).isTrue();
    boolean progress = ask(window -> find(window, ProgressBar.class).isVisible());
    assertThat(progress).isFalse();
    close();
  }

  @Test
  @DisplayName("a long search goes on under the dialog \"About\", and is cancelled by a click")
  void aboutAndCancel() throws Exception {
    start("/");
    awaitWindow();
    click(window -> find(window, TextField.class));
    type(KeyCode.E);
    until(() -> rows() > 0);
    click(window -> button(window, "About"));
    until(() -> ask(_ -> Window.getWindows().size()) == 2);
    int under = rows();
    until(() -> rows() > under + 100);
    assertThat(isEnabled("Cancel")).isTrue();
    type(KeyCode.ENTER); // "OK"
    until(() -> ask(_ -> Window.getWindows().size()) == 1);
    click(window -> button(window, "Cancel"));
    until(() -> !isEnabled("Cancel"));
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
