package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.*;
import static dev.lariat.javafx.JavaFx.*;

import dev.lariat.event.WhileRunning;
import dev.lariat.examples.net.Terminal;
import dev.lariat.javafx.JavaFx;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
 * <p>There is one thread in it, the JavaFX application thread, and no {@code javafx.concurrent}.
 * What it does is in {@link Finder}, which knows nothing of JavaFX; this is its window.
 *
 * <p>Run it with {@code ./lariat demo javafx}.
 */
public final class JavaFxFinder implements Finder.Window {
  private final Finder finder;

  private final Stage stage = new Stage();
  private final TextField box = new TextField();
  private final Button cancel = new Button("Cancel");
  private final Button about = new Button("About");
  private final TableView<Finder.Found> results = new TableView<>();
  private final TextArea errors = new TextArea();
  private final ProgressBar progress = new ProgressBar();
  private final Label status = new Label();

  private JavaFxFinder(FinderArguments arguments) {
    finder = new Finder(arguments, this);
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = Terminal.arguments(FinderArguments::of, args);
    JavaFx.run(() -> new JavaFxFinder(arguments).open());
  }

  private void open() throws IOException {
    layOut();
    bind(finder.text, box.textProperty());
    bind(finder.searching, progress.visibleProperty());
    bind(finder.status, status.textProperty());
    finder.percent.listen(percent -> progress.setProgress(percent / 100.0));
    cancel.disableProperty().bind(progress.visibleProperty().not());
    cancel.setOnAction(_ -> finder.cancel());
    about.setOnAction(handler(WhileRunning.IGNORE, _ -> showAbout()));
    stage.show();
    finder.run();
  }

  private void showAbout() {
    Alert alert = new Alert(Alert.AlertType.INFORMATION, FinderArguments.ABOUT);
    alert.initOwner(stage);
    alert.setTitle("About Finder");
    alert.setHeaderText(null);
    showAndAwait(alert); // the search goes on; cancellable: that closes the dialog
  }

  // -- what the Finder tells it ------------------------------------------------------------------

  @Override
  public void clear() {
    results.getItems().clear();
    errors.clear();
  }

  @Override
  public void add(List<Finder.Found> files) {
    results.getItems().addAll(files);
  }

  @Override
  public void addError(String error) {
    errors.appendText(error + "\n");
  }

  @Override
  public void takePicture(Path file) throws IOException {
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

  @Override
  public void close() {
    stage.close();
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    box.setPromptText("Part of a file name");
    HBox.setHgrow(box, Priority.ALWAYS);
    errors.setEditable(false);
    progress.setPrefWidth(180);
    results.setPlaceholder(new Label("Nothing found"));
    results.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    column("Name", 260, Finder.Found::name);
    column("Folder", 460, Finder.Found::folder);

    VBox unreadable = new VBox(4, new Label("What could not be read"), errors);
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

  private void column(String title, double width, Function<Finder.Found, String> text) {
    TableColumn<Finder.Found, String> column = new TableColumn<>(title);
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new ReadOnlyStringWrapper(text.apply(cell.getValue())));
    results.getColumns().add(column);
  }
}
