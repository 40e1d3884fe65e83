package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.*;
import static dev.lariat.javafx.JavaFx.*;

import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.javafx.JavaFx;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.scene.Scene;
import javafx.scene.control.*;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.*;
import javafx.stage.Stage;
import javax.imageio.ImageIO;

/**
 * Finds files as you type, in a window of JavaFX.
 *
 * <p>There is one thread in it, the JavaFX application thread, and no {@code javafx.concurrent}: a
 * search is a task, and {@link FileSearch} tells this window of each file as it finds it. The next
 * key cancels the search before.
 *
 * <p>Run it with {@code ./lariat demo javafx}.
 */
public final class JavaFxFinder implements FileSearch.Listener {
  private final FinderArguments arguments;

  private final Stage stage = new Stage();
  private final TextField box = new TextField();
  private final Button cancel = new Button("Cancel");
  private final Button about = new Button("About");
  private final TableView<Path> results = new TableView<>();
  private final TextArea errors = new TextArea();
  private final ProgressBar progress = new ProgressBar();
  private final Label status = new Label();

  private final State<Boolean> searching = new State<>(false);

  private JavaFxFinder(FinderArguments arguments) {
    this.arguments = arguments;
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = FinderArguments.of(args);
    JavaFx.run(() -> new JavaFxFinder(arguments).open());
  }

  // -- what it does ------------------------------------------------------------------------------

  private void open() throws IOException {
    layOut();
    TaskHandler<String> searches = TaskHandler.of(WhileRunning.RESTART, this::search);
    text(box).listen(searches);
    cancel.setOnAction(_ -> searches.cancel());
    about.setOnAction(handler(WhileRunning.IGNORE, _ -> showAbout()));
    bind(searching, progress.visibleProperty());
    cancel.disableProperty().bind(progress.visibleProperty().not());
    stage.show();

    if (arguments.search() != null) {
      box.setText(arguments.search());
    }
    if (arguments.screenshot() != null) {
      // Cancellable, as all of this task is: by closing the window. No picture is taken then.
      searching.await(value -> value);
      searching.await(value -> !value);
      takePicture(arguments.screenshot());
      stage.close(); // the last window: that is the end
    }
  }

  private void search(String text) {
    results.getItems().clear();
    errors.clear();
    progress.setProgress(0);
    status.setText("");
    if (text.isBlank()) {
      return;
    }
    searching.set(true);
    boolean done = false;
    try {
      sleep(Duration.ofMillis(150)); // cancellable: whoever types on cancels it here most often
      new FileSearch(arguments.root(), text, this).run(); // cancellable: it tells nothing more then
      done = true;
    } finally {
      searching.set(false);
      status.setText((done ? "" : "Cancelled: ") + found());
    }
  }

  private void showAbout() {
    Alert alert = new Alert(Alert.AlertType.INFORMATION, FinderArguments.ABOUT);
    alert.initOwner(stage);
    alert.setTitle("About Finder");
    alert.setHeaderText(null);
    showAndAwait(alert); // the search goes on; cancellable: that closes the dialog
  }

  private void takePicture(Path file) throws IOException {
    awaitFrame(); // cancellable
    WritableImage picture = stage.getScene().snapshot(null);
    toThread(() -> write(picture, file)); // cancellable: the file may be cut
  }

  private static void write(WritableImage picture, Path file) throws IOException {
    int width = (int) picture.getWidth();
    int height = (int) picture.getHeight();
    int[] pixels = new int[width * height];
    picture
        .getPixelReader()
        .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height, pixels, 0, width);
    ImageIO.write(image, "png", file.toFile());
  }

  // -- what the search tells, on the JavaFX application thread -----------------------------------

  @Override
  public void found(Path file) {
    results.getItems().add(file);
  }

  @Override
  public void failed(Path directory, IOException error) {
    errors.appendText(directory + ": " + error.getClass().getSimpleName() + "\n");
  }

  @Override
  public void progress(int read, int known) {
    progress.setProgress((double) read / known);
    status.setText(found() + ", " + count(read, "folder") + " read");
  }

  private String found() {
    return count(results.getItems().size(), "file") + " found";
  }

  private static String count(int number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    box.setPromptText("Part of a file name");
    HBox.setHgrow(box, Priority.ALWAYS);
    errors.setEditable(false);
    progress.setPrefWidth(180);
    results.setPlaceholder(new Label("Nothing found"));
    results.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    column("Name", 260, file -> file.getFileName().toString());
    column("Folder", 460, file -> arguments.root().relativize(file.getParent()).toString());

    VBox unreadable = new VBox(4, new Label("Folders that could not be read"), errors);
    unreadable.setPadding(new Insets(8, 0, 0, 0));
    VBox.setVgrow(errors, Priority.ALWAYS);
    SplitPane split = new SplitPane(results, unreadable);
    split.setOrientation(Orientation.VERTICAL);
    split.setDividerPositions(0.75);
    split.setStyle("-fx-background-color: transparent; -fx-padding: 0");

    BorderPane content = new BorderPane(split);
    content.setTop(new HBox(8, box, cancel, about));
    content.setBottom(new BorderPane(null, null, progress, null, status));
    content.setPadding(new Insets(12));
    BorderPane.setMargin(split, new Insets(8, 0, 8, 0));

    stage.setTitle("Finder");
    stage.setScene(new Scene(content, 760, 520));
  }

  private void column(String title, double width, Function<Path, String> text) {
    TableColumn<Path, String> column = new TableColumn<>(title);
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new ReadOnlyStringWrapper(text.apply(cell.getValue())));
    results.getColumns().add(column);
  }
}
