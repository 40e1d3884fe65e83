package dev.lariat.examples.finder;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.robot.Robot;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

/**
 * On the display that JavaFX's headless platform is for itself, with the robot that goes with it.
 */
@DisplayName("The Finder on JavaFX")
class JavaFxFinderTest extends FinderContract {
  @BeforeAll
  static void keepJavaFx() {
    if (System.getProperty("glass.platform") == null) {
      System.setProperty("glass.platform", "Headless");
    }
    Platform.setImplicitExit(false);
  }

  @Override
  String missing() {
    return null;
  }

  @Override
  void main(String... arguments) {
    JavaFxFinder.main(arguments);
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, Platform::runLater).join();
    } catch (IllegalStateException notStarted) {
      return null;
    }
  }

  /** Asks the window; gives null if there is none. */
  private static <T> T ask(Function<Parent, T> question) {
    return ask(() ->
        Window.getWindows().stream()
            .filter(window -> window.isShowing() && window.getWidth() > 300)
            .findFirst()
            .map(window -> question.apply(window.getScene().getRoot()))
            .orElse(null));
  }

  private static <N extends Node> N first(Parent in, Class<N> type) {
    return type.cast(in.lookupAll("*").stream().filter(type::isInstance).findFirst().orElseThrow());
  }

  private static Button button(Parent in, String text) {
    return in.lookupAll(".button").stream()
        .filter(node -> node instanceof Button button && button.getText().equals(text))
        .map(Button.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Override
  Seen look() {
    return ask(root ->
        first(root, TextField.class).getHeight() == 0
            ? null // it has no size yet
            : new Seen(
                ((Label) ((BorderPane) ((BorderPane) root).getBottom()).getLeft()).getText(),
                first(root, TableView.class).getItems().size(),
                first(root, TextArea.class).getText(),
                first(root, ProgressBar.class).isVisible(),
                !button(root, "Cancel").isDisabled()));
  }

  private static Object cell(TableView<?> table, int column, int row) {
    return table.getColumns().get(column).getCellData(row);
  }

  @Override
  List<String> results() {
    return ask(root -> {
      TableView<?> table = first(root, TableView.class);
      return IntStream.range(0, table.getItems().size())
          .mapToObj(row -> cell(table, 0, row) + " in " + cell(table, 1, row))
          .toList();
    });
  }

  @Override
  void perform(Runnable deed) {
    ask(_ -> {
      deed.run();
      return null;
    });
  }

  @Override
  Spot find(Part part) {
    return ask(root -> {
      Node node =
          switch (part) {
            case BOX -> first(root, TextField.class);
            case CANCEL -> button(root, "Cancel");
            case ABOUT -> button(root, "About");
          };
      Bounds bounds = node.localToScreen(node.getBoundsInLocal());
      return new Spot((int) bounds.getMinX() + 15, (int) bounds.getMinY() + 12);
    });
  }

  @Override
  boolean isAboutOpen() {
    return ask(() -> Window.getWindows().size()) == 2;
  }

  private static void robot(Consumer<Robot> deed) {
    ask(() -> {
      deed.accept(new Robot());
      return null;
    });
  }

  @Override
  void click(Part part) {
    if (!isAboutOpen()) {
      ask(root -> {
        root.getScene().getWindow().requestFocus(); // as a window manager would
        return null;
      });
    }
    Spot at = find(part);
    robot(robot -> {
      robot.mouseMove(at.x(), at.y());
      robot.mouseClick(MouseButton.PRIMARY);
    });
  }

  @Override
  void type(String text) {
    for (String key : text.toUpperCase(Locale.ROOT).split("")) {
      robot(robot -> robot.keyType(KeyCode.valueOf(key)));
    }
  }

  @Override
  void press(String key) {
    robot(robot -> robot.keyType(key.equals("BackSpace") ? KeyCode.BACK_SPACE : KeyCode.ESCAPE));
  }

  @Override
  void close() {
    Platform.runLater(() ->
        List.copyOf(Window.getWindows())
            .forEach(window ->
                window.fireEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSE_REQUEST))));
  }
}
