package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.modal;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.qt.QtSignals.asyncSlot;

import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.host.HostApplication;
import dev.lariat.qt.QtAsyncio;
import dev.lariat.qt.QtSignals;
import io.qt.core.QAbstractTableModel;
import io.qt.core.QModelIndex;
import io.qt.core.Qt.ItemDataRole;
import io.qt.core.Qt.Orientation;
import io.qt.widgets.QApplication;
import io.qt.widgets.QHBoxLayout;
import io.qt.widgets.QLabel;
import io.qt.widgets.QLineEdit;
import io.qt.widgets.QMessageBox;
import io.qt.widgets.QPlainTextEdit;
import io.qt.widgets.QProgressBar;
import io.qt.widgets.QPushButton;
import io.qt.widgets.QSplitter;
import io.qt.widgets.QTreeView;
import io.qt.widgets.QVBoxLayout;
import io.qt.widgets.QWidget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds files as you type, in a window of Qt Widgets.
 *
 * <p>There is one thread in it, Qt's main thread, and nothing is posted to it: a search is a task,
 * and {@link FileSearch} tells this window of each file as it finds it. The next key cancels the
 * search before.
 *
 * <p>Run it with {@code ./lariat demo qt}.
 */
public final class QtFinder extends QWidget implements FileSearch.Listener {
  private final FinderArguments arguments;

  private final QLineEdit box = new QLineEdit();
  private final QPushButton cancel = new QPushButton("Cancel");
  private final QPushButton about = new QPushButton("About");
  private final Results results = new Results();
  private final QPlainTextEdit errors = new QPlainTextEdit();
  private final QLabel status = new QLabel();
  private final QProgressBar progress = new QProgressBar();

  private final State<Boolean> searching = new State<>(false);

  private QtFinder(FinderArguments arguments) {
    this.arguments = arguments;
    layOut();
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = FinderArguments.of(args);
    QApplication.initialize(new String[0]);
    QtFinder window = new QtFinder(arguments);
    QtAsyncio.run(window::open);
    window.dispose();
  }

  // -- what it does ------------------------------------------------------------------------------

  private void open() {
    TaskHandler<String> searches = TaskHandler.of(WhileRunning.RESTART, this::search);
    QtSignals.signal(box.textChanged).listen(searches);
    QtSignals.signal(cancel.clicked).listen(_ -> searches.cancel());
    about.clicked.connect(asyncSlot(WhileRunning.IGNORE, this::showAbout));
    show();

    if (arguments.search() != null) {
      box.setText(arguments.search());
    }
    if (arguments.screenshot() != null) {
      // Cancellable, as all of this task is: by closing the window. No picture is taken then.
      searching.await(value -> value);
      searching.await(value -> !value);
      grab().save(arguments.screenshot().toString());
      HostApplication.current().quit();
    }
  }

  private void search(String text) {
    results.clear();
    errors.clear();
    progress.setValue(0);
    status.clear();
    if (text.isBlank()) {
      return;
    }
    showBusy(true);
    boolean done = false;
    try {
      sleep(Duration.ofMillis(150)); // cancellable: whoever types on cancels it here most often
      new FileSearch(arguments.root(), text, this).run(); // cancellable: it tells nothing more then
      done = true;
    } finally {
      results.update();
      status.setText((done ? "" : "Cancelled: ") + count(results.files.size(), "file") + " found");
      showBusy(false);
    }
  }

  private void showBusy(boolean busy) {
    cancel.setEnabled(busy);
    progress.setVisible(busy);
    searching.set(busy);
  }

  private void showAbout() {
    // Blocks this task alone, the search goes on; not cancellable.
    modal(() -> QMessageBox.information(this, "About Finder", FinderArguments.ABOUT));
  }

  // -- what the search tells, on Qt's thread -----------------------------------------------------

  @Override
  public void found(Path file) {
    results.files.add(file);
  }

  @Override
  public void failed(Path directory, IOException error) {
    errors.appendPlainText(directory + ": " + error.getClass().getSimpleName());
  }

  @Override
  public void progress(int read, int known) {
    results.update(); // once a folder: Qt asks for those rows only that it shows
    progress.setMaximum(known);
    progress.setValue(read);
    status.setText(
        count(results.files.size(), "file") + " found, " + count(read, "folder") + " read");
  }

  private static String count(int number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }

  /** The files found, as rows of a table. */
  private final class Results extends QAbstractTableModel {
    private static final String[] COLUMNS = {"Name", "Folder"};

    private final List<Path> files = new ArrayList<>();
    private int shown;

    private void clear() {
      beginResetModel();
      files.clear();
      shown = 0;
      endResetModel();
    }

    private void update() {
      if (shown < files.size()) {
        beginInsertRows(null, shown, files.size() - 1);
        shown = files.size();
        endInsertRows();
      }
    }

    @Override
    public int rowCount(QModelIndex parent) {
      return shown;
    }

    @Override
    public int columnCount(QModelIndex parent) {
      return COLUMNS.length;
    }

    @Override
    public @Nullable Object data(QModelIndex index, int role) {
      if (role != ItemDataRole.DisplayRole) {
        return null;
      }
      Path file = files.get(index.row());
      return index.column() == 0
          ? file.getFileName().toString()
          : arguments.root().relativize(file.getParent()).toString();
    }

    @Override
    public @Nullable Object headerData(int column, Orientation orientation, int role) {
      return role == ItemDataRole.DisplayRole ? COLUMNS[column] : null;
    }
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    setWindowTitle("Finder");
    resize(720, 520);
    box.setPlaceholderText("Part of a file name");
    cancel.setEnabled(false);
    errors.setReadOnly(true);
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
    panes.addWidget(column(new QLabel("Folders that could not be read"), errors));
    panes.setStretchFactor(0, 4);
    panes.setStretchFactor(1, 1);

    QVBoxLayout layout = new QVBoxLayout(this);
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
