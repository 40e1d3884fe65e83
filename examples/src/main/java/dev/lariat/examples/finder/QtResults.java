package dev.lariat.examples.finder;

import io.qt.core.QAbstractTableModel;
import io.qt.core.QModelIndex;
import io.qt.core.Qt.ItemDataRole;
import io.qt.core.Qt.Orientation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files found, as rows of a table of Qt, which asks for those only that it shows. */
final class QtResults extends QAbstractTableModel {
  private static final String[] COLUMNS = {"Name", "Folder"};

  private final List<Finder.Found> files = new ArrayList<>();

  void clear() {
    beginResetModel();
    files.clear();
    endResetModel();
  }

  void add(List<Finder.Found> more) {
    beginInsertRows(null, files.size(), files.size() + more.size() - 1);
    files.addAll(more);
    endInsertRows();
  }

  @Override
  public int rowCount(QModelIndex parent) {
    return files.size();
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
    Finder.Found file = files.get(index.row());
    return index.column() == 0 ? file.name() : file.folder();
  }

  @Override
  public @Nullable Object headerData(int column, Orientation orientation, int role) {
    return role == ItemDataRole.DisplayRole ? COLUMNS[column] : null;
  }
}
