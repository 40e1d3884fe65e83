package dev.lariat.gio;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.CancelledError;
import java.time.Duration;
import java.util.Set;
import org.gnome.gio.Application;
import org.gnome.gio.ApplicationFlags;
import org.gnome.gio.FileCreateFlags;
import org.gnome.gio.SimpleAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GLIB-7: an application owns the main loop, and its handlers start tasks. */
class ApplicationTest extends GioTest {
  private Application application;

  @BeforeEach
  void newApplication() {
    application = new Application("dev.lariat.Test", Set.of(ApplicationFlags.NON_UNIQUE));
  }

  private int runApplication() {
    loop.setExceptionHandler((of, report) -> reports.add(report));
    return Applications.run(loop, application, "test");
  }

  @Test
  @DisplayName("GLIB-7 a signal handler starts a task that holds the application until it is done")
  void holds() {
    application.onActivate(() ->
        Applications.createTask(
            application,
            () -> {
              events.add("begins");
              sleep(Duration.ofMillis(10));
              events.add("ends");
            }));
    assertThat(runApplication()).isZero();
    assertThat(events).containsExactly("begins", "ends");
  }

  @Test
  @DisplayName("GLIB-7 an action starts a task; quitting cancels what is left, and waits for it")
  void quits() {
    SimpleAction action = new SimpleAction("work", null);
    action.onActivate(_ ->
        createTask(() -> {
          try {
            sleep(Duration.ofHours(1));
          } catch (CancelledError e) {
            events.add("cancelled");
            sleep(Duration.ofMillis(10));
            events.add("tidied up");
            throw e;
          }
        }));
    application.addAction(action);
    application.onActivate(() -> {
      application.hold();
      application.activateAction("work", null);
      loop.callLater(Duration.ofMillis(10), application::quit);
    });
    assertThat(runApplication()).isZero();
    assertThat(events).containsExactly("cancelled", "tidied up");
  }

  @Test
  @DisplayName("GLIB-7 what is left is waited for also where the loop has been stopped")
  void stopped() {
    application.onActivate(() -> {
      createTask(() -> {
        try {
          sleep(Duration.ofHours(1));
        } finally {
          sleep(Duration.ofMillis(10));
          events.add("tidied up");
        }
      });
      loop.callLater(
          Duration.ofMillis(10),
          () -> {
            loop.stop();
            application.release();
          });
      application.hold();
    });
    assertThat(runApplication()).isZero();
    assertThat(events).containsExactly("tidied up");
  }

  @Test
  @DisplayName("GLIB-7 a failed task of a handler is reported, and the application goes on")
  void failure() {
    application.onActivate(() -> {
      application.hold();
      createTask(() -> {
        throw new IllegalStateException("in a handler");
      });
      loop.callLater(
          Duration.ofMillis(10),
          () -> {
            events.add("alive");
            application.release();
          });
    });
    assertThat(runApplication()).isZero();
    assertThat(events).containsExactly("alive");
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().exception()).hasMessage("in a handler");
    reports.clear();
  }

  @Test
  @DisplayName("GLIB-7 GIO's operations, with Application.run as the main loop")
  void operations() {
    application.onActivate(() ->
        Applications.createTask(
            application,
            () -> {
              byte[] bytes = {1, 2, 3};
              FileAwait.replaceContents(file("file"), bytes, null, false, FileCreateFlags.NONE);
              events.add("" + FileAwait.loadContents(file("file")).contents().length);
            }));
    assertThat(runApplication()).isZero();
    assertThat(events).containsExactly("3");
  }
}
