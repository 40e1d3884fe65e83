package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.modal;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.host.HostApplication;
import dev.lariat.swt.Swt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.MessageBox;
import org.eclipse.swt.widgets.ProgressBar;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;

/**
 * Finds files as you type, in a window of SWT.
 *
 * <p>There is one thread in it, the display's, and no {@code asyncExec}: a search is a task, and
 * {@link FileSearch} tells this window of each file as it finds it. The next key cancels the search
 * before.
 *
 * <p>Run it with {@code ./lariat demo swt}.
 */
public final class SwtFinder implements FileSearch.Listener {
  private final FinderArguments arguments;

  private final Shell shell = window();
  private final Composite top = row(shell, 3);
  private final Text box = new Text(top, SWT.BORDER);
  private final Button cancel = button("Cancel");
  private final Button about = button("About");
  private final SashForm panes = new SashForm(shell, SWT.VERTICAL);
  private final Table table = new Table(panes, SWT.BORDER | SWT.VIRTUAL | SWT.FULL_SELECTION);
  private final Composite lowerPane = row(panes, 1);
  private final Text errors = errors();
  private final Composite bottom = row(shell, 2);
  private final Label status = new Label(bottom, SWT.NONE);
  private final ProgressBar progress = new ProgressBar(bottom, SWT.HORIZONTAL);

  private final List<Path> results = new ArrayList<>();
  private final State<Boolean> searching = new State<>(false);

  private SwtFinder(FinderArguments arguments) {
    this.arguments = arguments;
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = FinderArguments.of(args);
    Swt.run(() -> new SwtFinder(arguments).open());
  }

  // -- what it does ------------------------------------------------------------------------------

  private void open() {
    layOut();
    TaskHandler<String> searches = TaskHandler.of(WhileRunning.RESTART, this::search);
    Swt.text(box).listen(searches);
    Swt.actions(cancel).listen(_ -> searches.cancel());
    about.addListener(SWT.Selection, Swt.handler(WhileRunning.IGNORE, _ -> showAbout()));
    table.addListener(SWT.SetData, this::fillRow);
    shell.open();

    if (arguments.search() != null) {
      box.setText(arguments.search());
    }
    if (arguments.screenshot() != null) {
      // Cancellable, as all of this task is: by closing the window. No picture is taken then.
      searching.await(value -> value);
      searching.await(value -> !value);
      takePicture(arguments.screenshot());
      HostApplication.current().quit();
    }
  }

  private void search(String text) {
    results.clear();
    table.clearAll();
    table.setItemCount(0);
    errors.setText("");
    progress.setSelection(0);
    status.setText("");
    if (text.isBlank()) {
      return;
    }
    show(true);
    boolean done = false;
    try {
      sleep(Duration.ofMillis(150)); // cancellable: whoever types on cancels it here most often
      new FileSearch(arguments.root(), text, this).run(); // cancellable: it tells nothing more then
      done = true;
    } finally {
      if (!shell.isDisposed()) { // or the window was closed, which cancelled this
        status.setText((done ? "" : "Cancelled: ") + count(results.size(), "file") + " found");
        show(false);
      }
    }
  }

  private void show(boolean busy) {
    cancel.setEnabled(busy);
    progress.setVisible(busy);
    searching.set(busy);
  }

  private void showAbout() {
    MessageBox message = new MessageBox(shell, SWT.ICON_INFORMATION | SWT.OK);
    message.setText("About Finder");
    message.setMessage(FinderArguments.ABOUT);
    modal(() -> message.open()); // blocks this task alone, the search goes on; not cancellable
  }

  private void takePicture(Path file) {
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

  // -- what the search tells, on the display's thread --------------------------------------------

  @Override
  public void found(Path file) {
    results.add(file);
  }

  @Override
  public void failed(Path directory, IOException error) {
    errors.append(directory + ": " + error.getClass().getSimpleName() + "\n");
  }

  @Override
  public void progress(int read, int known) {
    table.setItemCount(results.size()); // once a folder: SWT asks for those rows only that it shows
    progress.setMaximum(known);
    progress.setSelection(read);
    status.setText(count(results.size(), "file") + " found, " + count(read, "folder") + " read");
  }

  private void fillRow(Event event) {
    Path file = results.get(event.index);
    Path folder = arguments.root().relativize(file.getParent());
    ((TableItem) event.item).setText(new String[] {file.getFileName().toString(), "" + folder});
  }

  private static String count(int number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    box.setMessage("Part of a file name");
    fill(box, true, false);
    cancel.setEnabled(false);

    fill(panes, true, true);
    panes.setSashWidth(6);
    panes.setWeights(80, 20);
    table.setHeaderVisible(true);
    column("Name", 280);
    column("Folder", 400);

    fill(status, true, false);
    progress.setVisible(false);
    shell.setSize(720, 520);
  }

  private static Shell window() {
    Shell shell = new Shell();
    shell.setText("Finder");
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 12;
    layout.marginHeight = 10;
    layout.verticalSpacing = 8;
    shell.setLayout(layout);
    return shell;
  }

  private static Composite row(Composite parent, int columns) {
    Composite row = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(columns, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    row.setLayout(layout);
    fill(row, true, false);
    return row;
  }

  private Button button(String text) {
    Button button = new Button(top, SWT.PUSH);
    button.setText(text);
    return button;
  }

  private Text errors() {
    new Label(lowerPane, SWT.NONE).setText("Folders that could not be read");
    Text text = new Text(lowerPane, SWT.BORDER | SWT.MULTI | SWT.READ_ONLY | SWT.V_SCROLL);
    fill(text, true, true);
    return text;
  }

  private void column(String title, int width) {
    TableColumn column = new TableColumn(table, SWT.NONE);
    column.setText(title);
    column.setWidth(width);
  }

  private static void fill(Control control, boolean wide, boolean high) {
    if (control.getParent().getLayout() instanceof GridLayout) {
      control.setLayoutData(new GridData(SWT.FILL, SWT.FILL, wide, high));
    }
  }
}
