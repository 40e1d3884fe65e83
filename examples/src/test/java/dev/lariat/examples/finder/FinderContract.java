package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.getRunningLoop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each Finder does for its user. Real time: it runs as it is, and a thread of the test's is
 * the user, who looks at the window, and has real keys and clicks: xdotool's, unless the toolkit
 * has a display of its own. Only the threads that read folders are the test's, so that a search is
 * in its midst for as long as the user wants.
 */
abstract class FinderContract {
  /** The folders in {@link #many}, each with a hundred in it. */
  private static final int MANY = 12;

  /** Half as long as a path can be. */
  private static final String DEEP = ("deep-".repeat(40) + "folder/").repeat(10);

  /** How long the user waits, who would wait for ever on a Finder that hangs. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path many;
  @TempDir Path root;

  /** What the window shows at one moment. */
  record Seen(String status, int rows, String errors, boolean progress, boolean canCancel) {}

  enum Part {
    BOX,
    CANCEL,
    ABOUT
  }

  /** A place on the screen. */
  record Spot(int x, int y) {}

  // -- what differs from toolkit to toolkit ------------------------------------------------------

  /** Runs a Finder to its end. On the test's thread, as some toolkits want always the same. */
  abstract void main(String... arguments) throws Exception;

  /** Looks at the window; null while there is none. This and what follows: on the user's thread. */
  abstract Seen look();

  /** The results that the window shows, each as {@code NAME in FOLDER}. */
  abstract List<String> results();

  /** Does something on the thread of the window, where its loop is the running one. */
  abstract void perform(Runnable deed);

  /** Where in the window a part of it is. */
  abstract Spot find(Part part);

  /** Closes the window, as the window manager would; does nothing if there is none. */
  abstract void close();

  boolean isAboutOpen() {
    return windows("--name", "^About Finder$") == 1;
  }

  void click(Part part) {
    Spot at = find(part);
    xdotool("mousemove", "" + at.x, "" + at.y, "click", "1");
  }

  void type(String text) {
    xdotool("type", "--delay", "20", text);
  }

  /** Presses a key, by the name that X has for it. */
  void press(String key) {
    xdotool("key", key);
  }

  /** How many windows are on the screen that have that name, or class. */
  static int windows(String option, String pattern) {
    return xdotool("search", "--onlyvisible", option, pattern).size();
  }

  private static List<String> xdotool(String... arguments) {
    List<String> command = new ArrayList<>(List.of("xdotool"));
    Collections.addAll(command, arguments);
    try {
      return new ProcessBuilder(command)
          .redirectError(Redirect.INHERIT)
          .start()
          .inputReader()
          .lines()
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("xdotool: " + e, e);
    }
  }

  /** Says why there can be no Finder; null if there can. */
  String missing() {
    return System.getenv("DISPLAY") != null
        ? null
        : "There is no display here. Install one with tools/system-packages all,"
            + " and run the tests by ./lariat test, or under tools/with-display.";
  }

  // -- the user ----------------------------------------------------------------------------------

  private interface Actions {
    void perform() throws Exception;
  }

  /** Runs a Finder, and has a user act when its window is there, who in the end closes it. */
  private void use(Path directory, Actions actions) throws Exception {
    FutureTask<Void> user =
        new FutureTask<>(() -> {
          try {
            until(_ -> true);
            perform(() -> getRunningLoop().setDefaultExecutor(gate));
            actions.perform();
          } finally {
            close();
          }
          return null;
        });
    Thread.ofPlatform().name("user").daemon().start(user);
    main(directory.toString());
    user.get();
  }

  private Seen until(Predicate<Seen> wanted) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Seen seen;
    do {
      seen = look();
      if (seen != null && wanted.test(seen)) {
        return seen;
      }
      Thread.sleep(10);
    } while (System.nanoTime() < end);
    return fail("the user has waited long, and sees " + seen);
  }

  private Seen untilSays(String status) throws InterruptedException {
    return until(seen -> seen.status.equals(status));
  }

  // -- how fast a Finder reads -------------------------------------------------------------------

  /** The threads that read folders for a Finder. The test says how many folders they get. */
  private static final class Gate extends ThreadPoolExecutor {
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean open = true;
    private int passes;

    Gate() {
      super(4, 4, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Thread.ofVirtual().factory());
    }

    @Override
    public synchronized void execute(Runnable reading) {
      if (open || passes-- > 0) {
        super.execute(reading);
      } else {
        waiting.add(reading);
      }
    }

    /** Lets so many more folders be read; the search waits for the others. */
    synchronized void closeAfter(int folders) {
      open = false;
      passes = folders;
    }

    synchronized void open() {
      open = true;
      waiting.forEach(super::execute);
      waiting.clear();
    }
  }

  private final Gate gate = new Gate();

  /** Starts a search that finds the hundred of one folder, and has not ended. By one key. */
  private void beginToSearch() throws InterruptedException {
    gate.closeAfter(2); // the root is the first
    click(Part.BOX);
    type("s");
    untilFindsSome();
  }

  private void untilFindsSome() throws InterruptedException {
    Seen seen = until(it -> it.rows > 0);
    assertThat(seen.rows).isEqualTo(100);
    assertThat(seen.progress && seen.canCancel).isTrue();
  }

  // -- what a Finder says of errors that are its own ----------------------------------------------

  private static final Logger LOGGER = Logger.getLogger("dev.lariat");

  private final List<LogRecord> reports = new CopyOnWriteArrayList<>();
  private final Handler ear =
      new Handler() {
        @Override
        public void publish(LogRecord report) {
          reports.add(report);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.addHandler(ear);
  }

  @AfterEach
  void nothingIsReported() {
    LOGGER.removeHandler(ear);
    assertThat(reports).extracting(LogRecord::getMessage).isEmpty();
  }

  // -- the files ---------------------------------------------------------------------------------

  @BeforeAll
  static void manyFolders() throws IOException {
    for (int i = 0; i < MANY * 100; i++) {
      Files.createDirectories(many.resolve("" + i / 100).resolve("some" + i));
    }
  }

  @BeforeEach
  void files() throws IOException {
    String missing = missing();
    if (missing != null && System.getenv("CI") != null) {
      fail(missing);
    }
    assumeTrue(missing == null, missing);
    for (String name : List.of("alpha", "beta/deep", "gamma")) {
      Path folder = Files.createDirectories(root.resolve(name));
      Files.createFile(folder.resolve("report.txt"));
      Files.createFile(folder.resolve("notes.txt"));
    }
  }

  /**
   * Makes a folder that nobody can read, the superuser neither: its path is longer than the system
   * takes. It can be made because it is moved there, with what it is in.
   */
  private void makeUnreadable() throws IOException {
    Files.createDirectories(root.resolve(DEEP));
    Files.createDirectories(root.resolve("inner").resolve(DEEP));
    Files.move(root.resolve("inner"), root.resolve(DEEP).resolve("inner"));
  }

  /** Or it could not be deleted either. */
  @AfterEach
  void moveBack() throws IOException {
    Path inner = root.resolve(DEEP).resolve("inner");
    if (Files.exists(inner)) {
      Files.move(inner, root.resolve("inner"));
    }
  }

  // -- tests -------------------------------------------------------------------------------------

  @Test
  @DisplayName("finds what is typed, and with each further key what that makes of it")
  void typing() throws Exception {
    use(
        root,
        () -> {
          click(Part.BOX);
          type("t"); // all files, and beta
          untilSays("7 files found");
          type("es");
          Seen seen = untilSays("3 files found");
          assertThat(seen).isEqualTo(new Seen("3 files found", 3, "", false, false));
          assertThat(results())
              .containsExactlyInAnyOrder(
                  "notes.txt in alpha", "notes.txt in beta/deep", "notes.txt in gamma");
          for (int i = 0; i < 3; i++) {
            press("BackSpace");
          }
          assertThat(untilSays("").rows).isZero();
        });
  }

  @Test
  @DisplayName("results stream in; the next key cancels the search, and so does Cancel")
  void cancelling() throws Exception {
    use(
        many,
        () -> {
          beginToSearch();
          type("x"); // nothing is called that
          until(seen -> seen.rows == 0);
          gate.open(); // whatever is shown from now on is of the search before
          assertThat(untilSays("0 files found").rows).isZero();
          gate.closeAfter(2);
          press("BackSpace");
          untilFindsSome();
          click(Part.CANCEL);
          Seen late = until(seen -> seen.status.startsWith("Cancelled: "));
          assertThat(late).isEqualTo(new Seen("Cancelled: 100 files found", 100, "", false, false));
        });
  }

  @Test
  @DisplayName("\"About\" is modal, and the search goes on beneath it")
  void about() throws Exception {
    use(
        many,
        () -> {
          beginToSearch();
          click(Part.ABOUT);
          until(_ -> isAboutOpen());
          gate.open();
          untilSays("1,200 files found");
          assertThat(isAboutOpen()).isTrue();
          click(Part.BOX);
          type("x");
          press("Escape");
          assertThat(until(_ -> !isAboutOpen()).status).isEqualTo("1,200 files found");
        });
  }

  @Test
  @DisplayName("what cannot be read is in the pane of errors, and all else is searched")
  void errors() throws Exception {
    makeUnreadable();
    use(
        root,
        () -> {
          click(Part.BOX);
          type("repo");
          Seen seen = untilSays("3 files found");
          assertThat(seen.errors.strip().lines()).hasSize(1);
          assertThat(seen.errors).containsPattern("^[^:/]+: " + root.resolve("deep-"));
        });
  }

  @Test
  @DisplayName("closed in the midst of a search, it ends at once")
  void closing() throws Exception {
    use(many, this::beginToSearch);
  }

  @Test
  @DisplayName("--screenshot writes a picture of the window, and ends")
  void screenshot() throws Exception {
    makeUnreadable();
    Path picture = Path.of("target", "screenshots", getClass().getSimpleName() + ".png");
    Files.createDirectories(picture.getParent());
    Files.deleteIfExists(picture);
    main(root.toString(), "--search", "report", "--screenshot", picture.toAbsolutePath() + "");
    BufferedImage image = ImageIO.read(picture.toFile());
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(image.getWidth()).isGreaterThan(500);
    assertThat(colours).hasSizeGreaterThan(20); // text, and not a blank window
  }
}
