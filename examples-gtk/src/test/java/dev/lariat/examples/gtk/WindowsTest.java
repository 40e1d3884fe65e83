package dev.lariat.examples.gtk;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.ExceptionContext;
import dev.lariat.gio.Applications;
import dev.lariat.glib.GLibEventLoop;
import dev.lariat.glib.GLibPriority;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.gnome.gio.ApplicationFlags;
import org.gnome.gio.File;
import org.gnome.gtk.Application;
import org.gnome.gtk.ApplicationWindow;
import org.gnome.gtk.Label;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The windows of the examples, run as they are, and looked at. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class WindowsTest {
  private final List<ExceptionContext> reports = new ArrayList<>();
  private final List<String> events = new ArrayList<>();

  @TempDir Path directory;

  @BeforeAll
  static void display() {
    Screen.require();
  }

  /** A window is open; whatever is done with it is in a task. */
  private interface Use<W> {
    void with(W window) throws Exception;
  }

  private <W> void application(java.util.function.Function<Application, W> open, Use<W> use) {
    Application application =
        new Application("dev.lariat.examples.Test", Set.of(ApplicationFlags.NON_UNIQUE));
    try (GLibEventLoop loop = new GLibEventLoop()) {
      loop.setExceptionHandler((of, report) -> {
        reports.add(report);
        application.quit();
      });
      application.onActivate(() -> {
        W window = open.apply(application);
        Action whole =
            () -> {
              use.with(window);
              events.add("used");
            };
        createTask(whole);
      });
      assertThat(Applications.run(loop, application)).isZero();
    }
    assertThat(reports).isEmpty();
    assertThat(events).contains("used");
  }

  private static void until(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      sleep(Duration.ofMillis(10));
    }
  }

  private static int number(Label label) {
    return Integer.parseInt(label.getText());
  }

  @Test
  @DisplayName("GLIB-7 the counter counts while the window lives; Stop cancels, closing ends all")
  void counter() {
    application(
        Counter::new,
        counter -> {
          assertThat(counter.stop.getSensitive()).isFalse();
          counter.start.emitClicked();
          until(() -> number(counter.label) >= 2);
          BufferedImage at2 = Screen.shoot("counter-counting");
          int then = number(counter.label);
          until(() -> number(counter.label) >= then + 3);
          assertThat(Screen.difference(at2, Screen.shoot("counter-later"))).isPositive();
          counter.stop.emitClicked();
          until(counter.start::getSensitive);
          int stopped = number(counter.label);
          sleep(Duration.ofMillis(250));
          assertThat(number(counter.label)).isEqualTo(stopped);
          counter.start.emitClicked();
          until(() -> number(counter.label) == 1);
          events.add("used"); // closing cancels this task, too, with all others
          counter.window.close();
          sleep(Duration.ofHours(1));
        });
  }

  @Test
  @DisplayName("GLIB-3 the window repaints while low-priority tasks saturate the loop")
  void repaintsUnderLoad() {
    application(
        application -> {
          ApplicationWindow window = new ApplicationWindow(application);
          Label label = new Label("0");
          window.setDefaultSize(320, 200);
          window.setChild(label);
          window.present();
          return window;
        },
        window -> {
          Label label = (Label) window.getChild();
          GLibEventLoop loop = (GLibEventLoop) dev.lariat.Asyncio.getRunningLoop();
          long[] steps = {0};
          boolean[] end = {false};
          for (int i = 0; i < 100; i++) {
            loop.createTask(
                GLibPriority.DEFAULT_IDLE,
                () -> {
                  while (!end[0]) {
                    long until = System.nanoTime() + 500_000;
                    while (System.nanoTime() < until) {
                      Thread.onSpinWait();
                    }
                    steps[0]++;
                    sleep(Duration.ZERO);
                  }
                });
          }
          sleep(Duration.ofMillis(300));
          label.setText("1");
          sleep(Duration.ofMillis(300));
          BufferedImage one = Screen.shoot("saturated-1");
          long before = steps[0];
          label.setText("88888888");
          until(() -> steps[0] - before > 100);
          BufferedImage two = Screen.shoot("saturated-2");
          while (Screen.difference(one, two) <= 50) { // a busy machine draws later, a starved never
            two = Screen.shoot("saturated-2");
          }
          end[0] = true;
          sleep(Duration.ofMillis(50));
          window.close();
        });
  }

  @Test
  @DisplayName("the text viewer loads a large file with progress, to the last character")
  void textViewer() throws Exception {
    Path file = directory.resolve("large.txt");
    String line = "Zeilen mit Umlauten: äöüß, and an emoji: \uD83E\uDD20\n";
    Files.writeString(file, line.repeat(40_000));
    application(
        application -> new TextViewer(application, File.newForPath(file.toString())),
        viewer -> {
          until(() -> viewer.progress.getFraction() > 0.1);
          assertThat(viewer.loading.done()).isFalse();
          Screen.shoot("text-viewer-loading");
          viewer.loading.await();
          Screen.shoot("text-viewer-loaded");
          assertThat(viewer.progress.getFraction()).isEqualTo(1.0);
          assertThat(viewer.status.getText()).isEqualTo(Files.size(file) + " bytes");
          assertThat(viewer.text.getBuffer().getCharCount())
              .isEqualTo(40_000 * line.codePointCount(0, line.length()));
          viewer.window.close();
        });
  }

  @Test
  @DisplayName("the text viewer's Cancel stops the loading; a missing file is told of")
  void textViewerCancelled() throws Exception {
    Path file = directory.resolve("larger.txt");
    Files.writeString(file, "0123456789abcde\n".repeat(2_000_000));
    application(
        application -> new TextViewer(application, File.newForPath(file.toString())),
        viewer -> {
          until(() -> viewer.progress.getFraction() > 0);
          viewer.cancel.emitClicked();
          until(viewer.loading::done);
          assertThat(viewer.loading.cancelled()).isTrue();
          assertThat(viewer.status.getText()).isEqualTo("Cancelled");
          assertThat(viewer.progress.getFraction()).isLessThan(1.0);
          Screen.shoot("text-viewer-cancelled");
          viewer.window.close();
        });
    application(
        application -> new TextViewer(application, File.newForPath("/no/such/file")),
        viewer -> {
          viewer.loading.await();
          assertThat(viewer.status.getText()).contains("No such file");
          viewer.window.close();
        });
  }
}
