package dev.lariat.examples.finder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.examples.QtUser;
import io.qt.core.Qt.Key;
import io.qt.widgets.QLabel;
import io.qt.widgets.QLineEdit;
import io.qt.widgets.QMessageBox;
import io.qt.widgets.QPushButton;
import io.qt.widgets.QTreeView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real time: the Finder runs as a user would run it, and is driven by keys and clicks. */
@Timeout(60)
@DisplayName("The Finder on Qt")
class QtFinderTest {
  @TempDir Path root;

  @BeforeEach
  void files() throws IOException {
    for (String name : List.of("alpha", "beta/deep", "gamma")) {
      Path folder = Files.createDirectories(root.resolve(name));
      Files.createFile(folder.resolve("report.txt"));
      Files.createFile(folder.resolve("notes.txt"));
    }
  }

  private static QLineEdit box() {
    return QtUser.all(QLineEdit.class).getFirst();
  }

  private static QPushButton button(String text) {
    return QtUser.all(QPushButton.class).stream()
        .filter(button -> button.text().equals(text))
        .findFirst()
        .orElseThrow();
  }

  private static int rows(QtUser user) {
    return user.ask(() -> QtUser.all(QTreeView.class).getFirst().model().rowCount());
  }

  private static String status(QtUser user) {
    return user.ask(() -> QtUser.all(QLabel.class).getLast().text());
  }

  @Test
  @DisplayName("finds what is typed, and with each further key what that makes of it")
  void typing() throws Exception {
    QtUser user = new QtUser(QtFinder::main, root.toString());
    user.type(QtFinderTest::box, "t"); // all files, and beta
    QtUser.until(() -> status(user).equals("7 files found"));
    user.type(QtFinderTest::box, "ext");
    QtUser.until(() -> status(user).equals("0 files found"));
    for (int i = 0; i < 4; i++) {
      user.key(QtFinderTest::box, Key.Key_Backspace, "");
    }
    QtUser.until(() -> status(user).isEmpty());
    user.type(QtFinderTest::box, "repo");
    QtUser.until(() -> status(user).equals("3 files found"));
    assertThat(user.ask(() -> button("Cancel").isEnabled())).isFalse();
    List<String> found =
        user.ask(() -> {
          var model = QtUser.all(QTreeView.class).getFirst().model();
          return IntStream.range(0, model.rowCount())
              .mapToObj(row -> model.index(row, 0).data() + " in " + model.index(row, 1).data())
              .sorted()
              .toList();
        });
    assertThat(found)
        .containsExactly("report.txt in alpha", "report.txt in beta/deep", "report.txt in gamma");
    user.close();
  }

  @Test
  @DisplayName("a long search goes on under the dialog \"About\", and is cancelled by a click")
  void aboutAndCancel() throws Exception {
    QtUser user = new QtUser(QtFinder::main, "/");
    user.type(QtFinderTest::box, "e");
    QtUser.until(() -> rows(user) > 0);
    user.click(() -> button("About"));
    QtUser.until(() -> user.ask(() -> QtUser.window() instanceof QMessageBox));
    QTreeView table = user.ask(() -> QtUser.window().parentWidget().findChild(QTreeView.class));
    int under = user.ask(() -> table.model().rowCount());
    QtUser.until(() -> user.ask(() -> table.model().rowCount()) > under + 100);
    user.click(() -> button("OK"));
    QtUser.until(() -> user.ask(() -> QtUser.window() instanceof QtFinder));
    user.picture("qt-finder-busy");
    user.click(() -> button("Cancel"));
    QtUser.until(() -> status(user).startsWith("Cancelled: "));
    assertThat(user.ask(() -> button("Cancel").isEnabled())).isFalse();
    user.close();
  }

  @Test
  @DisplayName("closed in the midst of a search, it ends at once")
  void closedWhileSearching() throws Exception {
    QtUser user = new QtUser(QtFinder::main, "/", "--search", "e");
    QtUser.until(() -> rows(user) > 0);
    user.close();
  }

  @Test
  @DisplayName("--screenshot writes a picture of the window, and ends")
  void screenshot() throws Exception {
    Path picture = root.resolve("finder.png");
    new QtUser(
            QtFinder::main,
            root.toString(),
            "--search",
            "report",
            "--screenshot",
            picture.toString())
        .awaitEnd();
    QtUser.assertIsPicture(picture);
  }
}
