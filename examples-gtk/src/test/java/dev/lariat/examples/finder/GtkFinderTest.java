package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.ExceptionContext;
import dev.lariat.examples.gtk.Screen;
import dev.lariat.gio.Applications;
import dev.lariat.glib.GLibEventLoop;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.gnome.gio.ApplicationFlags;
import org.gnome.gtk.Application;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real time: the Finder runs as a user would run it. */
@Timeout(60)
@DisplayName("The Finder on GTK 4")
class GtkFinderTest {
  @TempDir Path root;
  private final List<ExceptionContext> reports = new ArrayList<>();

  @BeforeEach
  void files() throws IOException {
    Screen.require();
    for (String name : List.of("alpha", "beta/deep", "gamma")) {
      Path folder = Files.createDirectories(root.resolve(name));
      Files.createFile(folder.resolve("report.txt"));
      Files.createFile(folder.resolve("notes.txt"));
    }
  }

  private interface Use {
    void with(GtkFinder finder) throws Exception;
  }

  private void finder(FinderArguments arguments, Use use) {
    Application application =
        new Application("dev.lariat.examples.Test", Set.of(ApplicationFlags.NON_UNIQUE));
    try (GLibEventLoop loop = new GLibEventLoop()) {
      loop.setExceptionHandler((of, report) -> {
        reports.add(report);
        application.quit();
      });
      application.onActivate(() -> {
        GtkFinder finder = new GtkFinder(application, arguments);
        Action whole = () -> use.with(finder);
        createTask(whole);
      });
      assertThat(Applications.run(loop, application)).isZero();
    }
    assertThat(reports).isEmpty();
  }

  private static Set<String> found(GtkFinder finder) {
    Set<String> found = new TreeSet<>();
    for (int i = 0; i < finder.results.getNItems(); i++) {
      found.add(finder.results.getString(i));
    }
    return found;
  }

  @Test
  @DisplayName("what is typed is searched for; the next key searches anew; Cancel stops")
  void searches() {
    finder(
        new FinderArguments(root, null, null),
        finder -> {
          finder.entry.setText("not");
          finder.searching.await(busy -> busy);
          finder.entry.setText("report");
          sleep(Duration.ofMillis(50));
          finder.searching.await(busy -> !busy);
          assertThat(found(finder))
              .containsExactly("alpha/report.txt", "beta/deep/report.txt", "gamma/report.txt");
          assertThat(finder.status.getText()).isEqualTo("3 files found");

          finder.entry.setText("notes");
          finder.searching.await(busy -> busy);
          finder.cancel.emitClicked();
          finder.searching.await(busy -> !busy);
          assertThat(finder.status.getText()).startsWith("Cancelled: ");
          finder.window.close();
        });
  }

  @Test
  @DisplayName("with --screenshot it takes a picture of itself, and ends")
  void picture() throws IOException {
    Files.createDirectories(Path.of("target", "screenshots"));
    Path picture = Path.of("target", "screenshots", "finder.png").toAbsolutePath();
    finder(new FinderArguments(root, "report", picture), _ -> {});
    BufferedImage image = ImageIO.read(picture.toFile());
    assertThat(image.getWidth()).isGreaterThan(500);
    Set<Integer> colours = new TreeSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(colours).hasSizeGreaterThan(20); // text, and not a blank window
  }
}
