package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.modal;
import static dev.lariat.qt.QtSignals.asyncSlot;
import static dev.lariat.qt.QtSignals.signal;

import dev.lariat.event.WhileRunning;
import dev.lariat.examples.net.Terminal;
import dev.lariat.qt.QtAsyncio;
import io.qt.core.Qt.Orientation;
import io.qt.widgets.*;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds files as you type, in a window of Qt Widgets.
 *
 * <p>There is one thread in it, Qt's main thread, and nothing is posted to it. What it does is in
 * {@link Finder}, which knows nothing of Qt; this is its window.
 *
 * <p>Run it with {@code ./lariat demo qt}.
 */
public final class QtFinder implements Finder.Window {
  private final Finder finder;

  private final QWidget window = new QWidget();
  private final QLineEdit box = new QLineEdit();
  private final QPushButton cancel = new QPushButton("Cancel");
  private final QPushButton about = new QPushButton("About");
  private final QtResults results = new QtResults();
  private final QPlainTextEdit errors = new QPlainTextEdit();
  private final QLabel status = new QLabel();
  private final QProgressBar progress = new QProgressBar();

  private QtFinder(FinderArguments arguments) {
    finder = new Finder(arguments, this);
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = Terminal.arguments(FinderArguments::of, args);
    try {
      QApplication.initialize(new String[0]);
    } catch (LinkageError unfit) {
      throw new IllegalStateException(
          "This QtJambi does not fit the Qt that is installed here, or there is none: install Qt 6.4,"
              + " by tools/system-packages qt on Debian 12.",
          unfit);
    }
    QtFinder it = new QtFinder(arguments);
    QtAsyncio.run(it::open);
    it.window.dispose();
  }

  private void open() throws IOException {
    layOut();
    finder.text.bind(box::text, box::setText, signal(box.textChanged));
    finder.searching.listen(cancel::setEnabled);
    finder.searching.listen(progress::setVisible);
    finder.percent.listen(progress::setValue);
    finder.status.listen(status::setText);
    cancel.clicked.connect(finder::cancel);
    about.clicked.connect(asyncSlot(WhileRunning.IGNORE, this::showAbout));
    window.show();
    finder.run();
  }

  private void showAbout() {
    // Blocks this task alone, the search goes on; not cancellable.
    modal(() -> QMessageBox.information(window, "About Finder", FinderArguments.ABOUT));
  }

  // -- what the Finder tells it ------------------------------------------------------------------

  @Override
  public void clear() {
    results.clear();
    errors.clear();
  }

  @Override
  public void add(List<Finder.Found> files) {
    results.add(files);
  }

  @Override
  public void addError(String error) {
    errors.appendPlainText(error);
  }

  @Override
  public void takePicture(Path file) {
    window.grab().save(file.toString());
  }

  @Override
  public void close() {
    window.close();
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    window.setWindowTitle("Finder");
    window.resize(720, 520);
    box.setPlaceholderText("Part of a file name");
    cancel.setEnabled(false);
    errors.setReadOnly(true);
    errors.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap);
    progress.setVisible(false);
    progress.setTextVisible(false);

    QTreeView table = new QTreeView();
    table.setModel(results);
    table.setRootIsDecorated(false);
    table.setUniformRowHeights(true);
    table.setAlternatingRowColors(true);
    table.setStyleSheet("QTreeView::item { padding: 2px }");
    table.setColumnWidth(0, 260);

    QSplitter panes = new QSplitter(Orientation.Vertical);
    panes.addWidget(table);
    panes.addWidget(column(new QLabel("What could not be read"), errors));
    panes.setStretchFactor(0, 4);
    panes.setStretchFactor(1, 1);

    QVBoxLayout layout = new QVBoxLayout(window);
    layout.addLayout(row(box, cancel, about));
    layout.addWidget(panes, 1);
    layout.addLayout(row(status, progress));
  }

  private static QHBoxLayout row(QWidget first, QWidget... others) {
    QHBoxLayout row = new QHBoxLayout();
    row.addWidget(first, 1);
    for (QWidget other : others) {
      row.addWidget(other);
    }
    return row;
  }

  private static QWidget column(QWidget... parts) {
    QWidget column = new QWidget();
    QVBoxLayout layout = new QVBoxLayout(column);
    layout.setContentsMargins(0, 0, 0, 0);
    for (QWidget part : parts) {
      layout.addWidget(part);
    }
    return column;
  }
}
