package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.gio.Applications;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.gnome.gdk.Texture;
import org.gnome.gio.ApplicationFlags;
import org.gnome.gtk.AboutDialog;
import org.gnome.gtk.Align;
import org.gnome.gtk.Application;
import org.gnome.gtk.ApplicationWindow;
import org.gnome.gtk.Box;
import org.gnome.gtk.Button;
import org.gnome.gtk.Label;
import org.gnome.gtk.ListItem;
import org.gnome.gtk.ListView;
import org.gnome.gtk.NoSelection;
import org.gnome.gtk.Orientation;
import org.gnome.gtk.ProgressBar;
import org.gnome.gtk.ScrolledWindow;
import org.gnome.gtk.SearchEntry;
import org.gnome.gtk.SignalListItemFactory;
import org.gnome.gtk.Snapshot;
import org.gnome.gtk.StringList;
import org.gnome.gtk.StringObject;
import org.gnome.gtk.WidgetPaintable;

/**
 * Finds files as you type, in a window of GTK 4.
 *
 * <p>There is one thread in it, GTK's, and no {@code g_idle_add}: a search is a task, and {@link
 * FileSearch} tells this window of each file as it finds it. The next key cancels the search
 * before.
 *
 * <p>Run it with {@code ./lariat demo gtk}.
 */
public final class GtkFinder implements FileSearch.Listener {
  private final FinderArguments arguments;

  final ApplicationWindow window;
  final SearchEntry entry = new SearchEntry();
  final Button cancel = Button.withLabel("Cancel");
  final Button about = Button.withLabel("About");
  final StringList results = new StringList(new String[0]);
  final Label errors = new Label("");
  final Label status = new Label("");
  final ProgressBar progress = new ProgressBar();
  final State<Boolean> searching = new State<>(false);

  private int failures;

  GtkFinder(Application application, FinderArguments arguments) {
    this.arguments = arguments;
    window = new ApplicationWindow(application);
    layOut();
    TaskHandler<String> searches = TaskHandler.of(WhileRunning.RESTART, this::search);
    entry.onChanged(() -> searches.accept(entry.getText()));
    cancel.onClicked(searches::cancel);
    about.onClicked(this::showAbout);
    window.present();
    if (arguments.search() != null) {
      entry.setText(arguments.search());
    }
    Path screenshot = arguments.screenshot();
    if (screenshot != null) {
      createTask(() -> takePictureOfResult(application, screenshot));
    }
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = FinderArguments.of(args);
    Application application =
        new Application("dev.lariat.examples.Finder", Set.of(ApplicationFlags.NON_UNIQUE));
    application.onActivate(() -> new GtkFinder(application, arguments));
    System.exit(Applications.run(application, "finder"));
  }

  // -- what it does ------------------------------------------------------------------------------

  private void search(String text) {
    results.splice(0, results.getNItems(), new String[0]);
    errors.setText("");
    failures = 0;
    progress.setFraction(0);
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
      status.setText((done ? "" : "Cancelled: ") + count(results.getNItems(), "file") + " found");
      show(false);
    }
  }

  private void show(boolean busy) {
    cancel.setSensitive(busy);
    progress.setVisible(busy);
    searching.set(busy);
  }

  /** A dialog of GTK 4 blocks nobody. */
  private void showAbout() {
    AboutDialog dialog = new AboutDialog();
    dialog.setProgramName("Finder");
    dialog.setComments(FinderArguments.ABOUT);
    dialog.setTransientFor(window);
    dialog.setModal(true);
    dialog.present();
  }

  private void takePictureOfResult(Application application, Path file) {
    searching.await(value -> value);
    searching.await(value -> !value);
    sleep(Duration.ofMillis(100)); // for the last frame to be drawn
    Snapshot snapshot = new Snapshot();
    new WidgetPaintable(window).snapshot(snapshot, window.getWidth(), window.getHeight());
    Texture picture =
        Objects.requireNonNull(window.getRenderer()).renderTexture(snapshot.toNode(), null);
    picture.saveToPng(file.toString());
    application.quit();
  }

  // -- what the search tells, on GTK's thread ----------------------------------------------------

  @Override
  public void found(Path file) {
    results.append(arguments.root().relativize(file).toString());
  }

  @Override
  public void failed(Path directory, IOException error) {
    errors.setText(count(++failures, "folder") + " could not be read, such as " + directory);
  }

  @Override
  public void progress(int read, int known) {
    progress.setFraction((double) read / known);
    status.setText(
        count(results.getNItems(), "file") + " found, " + count(read, "folder") + " read");
  }

  private static String count(int number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    Box top = new Box(Orientation.HORIZONTAL, 8);
    entry.setHexpand(true);
    top.append(entry);
    top.append(cancel);
    top.append(about);
    cancel.setSensitive(false);

    SignalListItemFactory rows = new SignalListItemFactory();
    rows.onSetup(item -> {
      if (item instanceof ListItem row) {
        Label label = new Label("");
        label.setHalign(Align.START);
        row.setChild(label);
      }
    });
    rows.onBind(item -> {
      if (item instanceof ListItem row
          && row.getChild() instanceof Label label
          && row.getItem() instanceof StringObject text) {
        label.setText(text.getString());
      }
    });
    ScrolledWindow list = new ScrolledWindow();
    list.setChild(new ListView(new NoSelection<StringObject>(results), rows));
    list.setVexpand(true);

    errors.setHalign(Align.START);
    status.setHalign(Align.START);
    progress.setVisible(false);
    Box all = new Box(Orientation.VERTICAL, 8);
    all.setMarginTop(10);
    all.setMarginBottom(10);
    all.setMarginStart(12);
    all.setMarginEnd(12);
    all.append(top);
    all.append(list);
    all.append(errors);
    all.append(status);
    all.append(progress);
    window.setTitle("Finder");
    window.setDefaultSize(720, 520);
    window.setChild(all);
  }
}
