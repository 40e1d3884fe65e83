package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.modal;

import dev.lariat.event.Registration;
import dev.lariat.event.State;
import dev.lariat.event.WhileRunning;
import dev.lariat.examples.net.Terminal;
import dev.lariat.swt.Swt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.graphics.*;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.*;

/**
 * Finds files as you type, in a window of SWT.
 *
 * <p>There is one thread in it, the display's, and no {@code asyncExec}. What it does is in {@link
 * Finder}, which knows nothing of SWT; this is its window.
 *
 * <p>Run it with {@code ./lariat demo swt}.
 */
public final class SwtFinder implements Finder.Window {
  private final Finder finder;

  private final Shell shell = new Shell();
  private final Composite top = row(shell, 3);
  private final Text box = new Text(top, SWT.BORDER);
  private final Button cancel = button("Cancel");
  private final Button about = button("About");
  private final SashForm panes = new SashForm(shell, SWT.VERTICAL);
  private final Table table = new Table(panes, SWT.BORDER | SWT.VIRTUAL | SWT.FULL_SELECTION);
  private final Text errors = errors();
  private final Composite bottom = row(shell, 2);
  private final Label status = new Label(bottom, SWT.NONE);
  private final ProgressBar progress = new ProgressBar(bottom, SWT.HORIZONTAL);

  private final List<Finder.Found> results = new ArrayList<>();

  private SwtFinder(FinderArguments arguments) {
    finder = new Finder(arguments, this);
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = Terminal.arguments(FinderArguments::of, args);
    Swt.run(() -> new SwtFinder(arguments).open());
  }

  private void open() throws IOException {
    layOut();
    Swt.bind(finder.text, box);
    show(finder.searching, cancel::setEnabled);
    show(finder.searching, progress::setVisible);
    show(finder.percent, progress::setSelection);
    show(finder.status, status::setText);
    Swt.actions(cancel).listen(_ -> finder.cancel());
    about.addListener(SWT.Selection, Swt.handler(WhileRunning.IGNORE, _ -> showAbout()));
    table.addListener(SWT.SetData, this::fillRow);
    shell.open();
    finder.run();
  }

  /** Until the window is disposed of. The search is cancelled then, which ends a little later. */
  private <T> void show(State<T> state, Consumer<T> setter) {
    setter.accept(state.get());
    Registration shown = state.listen(setter);
    shell.addDisposeListener(_ -> shown.close());
  }

  private void showAbout() {
    MessageBox message = new MessageBox(shell, SWT.ICON_INFORMATION | SWT.OK);
    message.setText("About Finder");
    message.setMessage(FinderArguments.ABOUT);
    modal(() -> message.open()); // blocks this task alone, the search goes on; not cancellable
  }

  // -- what the Finder tells it ------------------------------------------------------------------

  @Override
  public void clear() {
    results.clear();
    table.clearAll();
    table.setItemCount(0);
    errors.setText("");
  }

  @Override
  public void add(List<Finder.Found> files) {
    results.addAll(files);
    if (!table.isDisposed()) { // or the window is closed, and the search about to be cancelled
      table.setItemCount(results.size()); // SWT asks for those rows only that it shows
    }
  }

  private void fillRow(Event event) {
    Finder.Found file = results.get(event.index);
    ((TableItem) event.item).setText(new String[] {file.name(), file.folder()});
  }

  @Override
  public void addError(String error) {
    if (!errors.isDisposed()) {
      errors.append(error + "\n");
    }
  }

  @Override
  public void takePicture(Path file) {
    Swt.awaitFrame(shell); // cancellable
    Point size = shell.getSize();
    Image image = new Image(shell.getDisplay(), size.x, size.y);
    GC gc = new GC(image);
    shell.print(gc);
    gc.dispose();
    ImageLoader picture = new ImageLoader();
    picture.data = new ImageData[] {image.getImageData()};
    image.dispose();
    picture.save(file.toString(), SWT.IMAGE_PNG);
  }

  @Override
  public void close() {
    shell.close();
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    shell.setText("Finder");
    shell.setLayout(grid(1, 10));
    box.setMessage("Part of a file name");
    fill(box, false);
    fill(panes, true);
    panes.setSashWidth(6);
    panes.setWeights(75, 25);
    table.setHeaderVisible(true);
    column("Name", 280);
    column("Folder", 400);
    fill(status, false);
    shell.setSize(720, 520);
  }

  private static Composite row(Composite parent, int columns) {
    Composite row = new Composite(parent, SWT.NONE);
    row.setLayout(grid(columns, 0));
    fill(row, false);
    return row;
  }

  private static GridLayout grid(int columns, int margin) {
    GridLayout layout = new GridLayout(columns, false);
    layout.marginWidth = margin;
    layout.marginHeight = margin;
    return layout;
  }

  /** Makes a control as wide as there is room, and perhaps as high. */
  private static void fill(Control control, boolean high) {
    control.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, high));
  }

  private Button button(String text) {
    Button button = new Button(top, SWT.PUSH);
    button.setText(text);
    return button;
  }

  private Text errors() {
    Composite pane = row(panes, 1);
    new Label(pane, SWT.NONE).setText("What could not be read");
    Text text = new Text(pane, SWT.BORDER | SWT.MULTI | SWT.READ_ONLY | SWT.V_SCROLL);
    fill(text, true);
    return text;
  }

  private void column(String title, int width) {
    TableColumn column = new TableColumn(table, SWT.NONE);
    column.setText(title);
    column.setWidth(width);
  }
}
