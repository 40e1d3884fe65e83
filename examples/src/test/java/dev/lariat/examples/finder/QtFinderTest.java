package dev.lariat.examples.finder;

import dev.lariat.examples.QtUser;
import io.qt.core.QPoint;
import io.qt.widgets.QApplication;
import io.qt.widgets.QLabel;
import io.qt.widgets.QLineEdit;
import io.qt.widgets.QPlainTextEdit;
import io.qt.widgets.QProgressBar;
import io.qt.widgets.QPushButton;
import io.qt.widgets.QTreeView;
import io.qt.widgets.QWidget;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The Finder on Qt")
class QtFinderTest extends FinderContract {
  private volatile QtUser user;

  @Override
  void main(String... arguments) throws Exception {
    user = new QtUser(QtFinder::main, arguments);
    user.awaitEnd();
  }

  /** Asks the window, on its thread; gives null if there is none. */
  private <T> T ask(Function<QWidget, T> question) {
    return user == null
        ? null
        : user.ask(() ->
            QApplication.topLevelWidgets().stream()
                .filter(widget -> widget.isVisible() && widget.windowTitle().equals("Finder"))
                .findFirst()
                .map(question)
                .orElse(null));
  }

  private static QPushButton button(QWidget window, String text) {
    return window.findChildren(QPushButton.class).stream()
        .filter(button -> button.text().equals(text))
        .findFirst()
        .orElseThrow();
  }

  /** The only label that is in nothing else, such as a dialog. */
  private static QLabel status(QWidget window) {
    return window.findChildren(QLabel.class).stream()
        .filter(label -> label.parentWidget() == window)
        .findFirst()
        .orElseThrow();
  }

  @Override
  Seen look() {
    return ask(window ->
        new Seen(
            status(window).text(),
            window.findChild(QTreeView.class).model().rowCount(),
            window.findChild(QPlainTextEdit.class).toPlainText(),
            window.findChild(QProgressBar.class).isVisible(),
            button(window, "Cancel").isEnabled()));
  }

  @Override
  List<String> results() {
    return ask(window -> {
      var model = window.findChild(QTreeView.class).model();
      return IntStream.range(0, model.rowCount())
          .mapToObj(row -> model.index(row, 0).data() + " in " + model.index(row, 1).data())
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
    return ask(window -> {
      QWidget widget =
          switch (part) {
            case BOX -> window.findChild(QLineEdit.class);
            case CANCEL -> button(window, "Cancel");
            case ABOUT -> button(window, "About");
          };
      QPoint at = widget.mapToGlobal(new QPoint(15, widget.height() / 2));
      return new Spot(at.x(), at.y());
    });
  }

  @Override
  void close() {
    ask(QWidget::close);
  }
}
