package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.sleep;

import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a Finder does, on whatever toolkit: searches for what is typed. It runs on the thread of its
 * {@link Window}, and nothing is posted there: a search is a task, and the next key cancels the
 * search before.
 */
final class Finder implements FileSearch.Listener {
  /** What a toolkit shows. Called on its thread; the rest is bound to the states of the Finder. */
  interface Window {
    /** Shows no results, and no errors. */
    void clear();

    /** Shows more results. */
    void add(List<Found> files);

    /** Shows one more folder or file that could not be read. */
    void addError(String error);

    /** Writes a picture of itself. May suspend. */
    void takePicture(Path file) throws IOException;

    void close();
  }

  /** A result. */
  record Found(String name, String folder) {}

  /** What is searched for: the text of the box. */
  final State<String> text = new State<>("");

  final State<Boolean> searching = new State<>(false);
  final State<String> status = new State<>("");

  /** How much of what is known so far has been searched. */
  final State<Integer> percent = new State<>(0);

  private final FinderArguments arguments;
  private final Window window;
  private final TaskHandler<String> searches = TaskHandler.of(WhileRunning.RESTART, this::search);
  private int found;

  Finder(FinderArguments arguments, Window window) {
    this.arguments = arguments;
    this.window = window;
    text.listen(searches);
  }

  /** Does what the arguments say, once the window is open. */
  void run() throws IOException {
    if (arguments.search() != null) {
      text.set(arguments.search());
    }
    if (arguments.screenshot() != null) {
      // Cancellable, as all of this task is: by closing the window. No picture is taken then.
      searching.await(value -> value);
      searching.await(value -> !value);
      window.takePicture(arguments.screenshot());
      window.close();
    }
  }

  /** Cancels the search. */
  void cancel() {
    searches.cancel();
  }

  private void search(String wanted) {
    window.clear();
    found = 0;
    percent.set(0);
    status.set("");
    if (wanted.isBlank()) {
      return;
    }
    searching.set(true);
    boolean done = false;
    try {
      sleep(Duration.ofMillis(150)); // cancellable: whoever types on cancels it here most often
      new FileSearch(arguments.root(), wanted, this).run(); // cancellable: tells nothing more then
      done = true;
    } finally {
      status.set((done ? "" : "Cancelled: ") + count(found, "file") + " found");
      searching.set(false);
    }
  }

  // -- what the search tells ---------------------------------------------------------------------

  @Override
  public void found(Path directory, List<Path> files) {
    found += files.size();
    String folder = arguments.root().relativize(directory).toString();
    window.add(files.stream().map(file -> new Found(file.getFileName() + "", folder)).toList());
  }

  @Override
  public void failed(Path path, IOException error) {
    String reason = error instanceof FileSystemException known ? known.getReason() : null;
    window.addError((reason == null ? error.getClass().getSimpleName() : reason) + ": " + path);
  }

  @Override
  public void progress(int read, int known) {
    percent.set(100 * read / known);
    status.set(count(found, "file") + " found, " + count(read, "folder") + " read");
  }

  private static String count(int number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}
