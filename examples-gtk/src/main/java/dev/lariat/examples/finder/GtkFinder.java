package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Action;
import dev.lariat.examples.net.Terminal;
import dev.lariat.gio.Applications;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.gnome.gdk.Texture;
import org.gnome.gio.ApplicationFlags;
import org.gnome.gtk.*;

/**
 * Finds files as you type, in a window of GTK 4.
 *
 * <p>There is one thread in it, GTK's, and no {@code g_idle_add}. What it does is in {@link
 * Finder}, which knows nothing of GTK; this is its window.
 *
 * <p>Run it with {@code ./lariat demo gtk}.
 */
public final class GtkFinder implements Finder.Window {
  private final Finder finder;

  final ApplicationWindow window;
  final SearchEntry entry = new SearchEntry();
  final Button cancel = Button.withLabel("Cancel");
  final Button about = Button.withLabel("About");
  final StringList results = new StringList(new String[0]);
  final TextView errors = new TextView();
  final Label status = new Label("");
  final ProgressBar progress = new ProgressBar();

  GtkFinder(Application application, FinderArguments arguments) {
    finder = new Finder(arguments, this);
    window = new ApplicationWindow(application);
    layOut();
    finder.text.bind(
        entry::getText,
        entry::setText,
        changed -> entry.onChanged(() -> changed.accept(entry.getText()))::disconnect);
    finder.searching.listen(cancel::setSensitive);
    finder.searching.listen(progress::setVisible);
    finder.percent.listen(percent -> progress.setFraction(percent / 100.0));
    finder.status.listen(status::setText);
    cancel.onClicked(finder::cancel);
    about.onClicked(this::showAbout);
    window.present();
    Action run = finder::run;
    createTask(run);
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = Terminal.arguments(FinderArguments::of, args);
    Application application =
        new Application("dev.lariat.examples.Finder", Set.of(ApplicationFlags.NON_UNIQUE));
    application.onActivate(() -> new GtkFinder(application, arguments));
    System.exit(Applications.run(application, "finder"));
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

  // -- what the Finder tells it ------------------------------------------------------------------

  @Override
  public void clear() {
    results.splice(0, results.getNItems(), new String[0]);
    errors.getBuffer().setText("", -1);
  }

  @Override
  public void add(List<Finder.Found> files) {
    String[] paths =
        files.stream().map(file -> Path.of(file.folder(), file.name()) + "").toArray(String[]::new);
    results.splice(results.getNItems(), 0, paths);
  }

  @Override
  public void addError(String error) {
    errors.getBuffer().insertAtCursor(error + "\n", -1);
  }

  @Override
  public void takePicture(Path file) {
    sleep(Duration.ofMillis(100)); // for the last frame to be drawn
    Snapshot snapshot = new Snapshot();
    WidgetPaintable view = new WidgetPaintable(window);
    view.snapshot(snapshot, window.getWidth(), window.getHeight());
    view.setWidget(null); // or the window tells it of its end, when java-gi has it no more
    Texture picture =
        Objects.requireNonNull(window.getRenderer()).renderTexture(snapshot.toNode(), null);
    picture.saveToPng(file.toString());
  }

  @Override
  public void close() {
    window.close();
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    entry.setHexpand(true);
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
    Paned panes = new Paned(Orientation.VERTICAL);
    panes.setStartChild(scrolled(new ListView(new NoSelection<StringObject>(results), rows)));
    panes.setEndChild(unreadable());
    panes.setPosition(280);
    panes.setVexpand(true);

    status.setHalign(Align.START);
    status.setHexpand(true);
    progress.setVisible(false);
    progress.setValign(Align.CENTER);
    Box all =
        box(
            Orientation.VERTICAL,
            8,
            box(Orientation.HORIZONTAL, 8, entry, cancel, about),
            panes,
            box(Orientation.HORIZONTAL, 8, status, progress));
    all.setMarginTop(10);
    all.setMarginBottom(10);
    all.setMarginStart(12);
    all.setMarginEnd(12);
    window.setTitle("Finder");
    window.setDefaultSize(720, 520);
    window.setChild(all);
  }

  private Widget unreadable() {
    Label title = new Label("What could not be read");
    title.setHalign(Align.START);
    errors.setEditable(false);
    return box(Orientation.VERTICAL, 4, title, scrolled(errors));
  }

  private static ScrolledWindow scrolled(Widget child) {
    ScrolledWindow scroller = new ScrolledWindow();
    scroller.setChild(child);
    scroller.setHasFrame(true);
    scroller.setVexpand(true);
    return scroller;
  }

  private static Box box(Orientation orientation, int spacing, Widget... parts) {
    Box box = new Box(orientation, spacing);
    List.of(parts).forEach(box::append);
    return box;
  }
}
