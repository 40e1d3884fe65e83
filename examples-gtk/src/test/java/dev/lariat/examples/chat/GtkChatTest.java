package dev.lariat.examples.chat;

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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.gnome.gio.ApplicationFlags;
import org.gnome.gtk.Application;
import org.gnome.gtk.Window;
import org.javagi.base.GErrorException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real time: windows on a server. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
@DisplayName("The chat on GTK 4")
class GtkChatTest {
  private static final String HOST = "127.0.0.1";

  private final List<ExceptionContext> reports = new ArrayList<>();
  private final List<String> events = new ArrayList<>();

  @BeforeAll
  static void display() {
    Screen.require();
  }

  private static void until(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      sleep(Duration.ofMillis(10));
    }
  }

  private static void awaitText(GtkChat window, String text) {
    until(() -> window.text().contains(text));
  }

  private static void type(GtkChat window, String line) {
    until(window.input::getSensitive);
    window.input.setText(line);
    window.input.emitActivate();
    assertThat(window.input.getText()).isEmpty();
  }

  private void talk(Application application, int port) {
    GtkChat alice = new GtkChat(application, HOST, port, "Alice");
    awaitText(alice, "This is lobby, with Alice");
    GtkChat bob = new GtkChat(application, HOST, port, "Bob");
    awaitText(bob, "This is lobby, with Alice, Bob");
    type(alice, "Is 1 < 2 & 3 > 2?");
    awaitText(bob, "Alice  Is 1 < 2 & 3 > 2?");
    type(bob, "Yes, <b>it</b> is");
    awaitText(alice, "Bob  Yes, <b>it</b> is");
    type(bob, "/who");
    awaitText(bob, "Here: Alice, Bob");
    sleep(Duration.ofMillis(100)); // for the last frame to be drawn
    try {
      Screen.shoot("gtk-chat");
    } catch (GErrorException | IOException e) {
      throw new AssertionError(e);
    }
    type(bob, "/quit");
    awaitText(alice, "Bob has left");
    until(() -> !bob.window.getVisible());
    alice.window.close();
    until(() -> !alice.window.getVisible());
    events.add("talked");
  }

  @Test
  @DisplayName("STR-1 two windows talk to each other; one quits, the other is closed")
  void talk() {
    Application application =
        new Application("dev.lariat.examples.Test", Set.of(ApplicationFlags.NON_UNIQUE));
    try (GLibEventLoop loop = new GLibEventLoop()) {
      loop.setExceptionHandler((of, report) -> {
        reports.add(report);
        application.quit();
      });
      application.onActivate(() -> {
        Action whole =
            () -> {
              ChatServer.serve(HOST, 0, port -> talk(application, port));
              events.add("the server has ended");
            };
        Applications.createTask(application, whole);
      });
      assertThat(Applications.run(loop, application)).isZero();
    }
    assertThat(reports).isEmpty();
    assertThat(events).containsExactly("talked", "the server has ended");
  }

  @Test
  @DisplayName(
      "without a name: a server, two windows, and --screenshot takes a picture and closes them")
  void demonstration() throws IOException {
    Path picture = Files.createDirectories(Path.of("target", "screenshots")).resolve("chat.png");
    Files.deleteIfExists(picture);
    assertThat(GtkChat.run(ChatArguments.of("--screenshot", picture.toString()))).isZero();
    assertThat(Window.getToplevels().getNItems()).as("windows left open").isZero();
    BufferedImage image = ImageIO.read(picture.toFile());
    long colours =
        IntStream.range(0, image.getWidth() * image.getHeight())
            .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
            .distinct()
            .count();
    assertThat(image.getWidth()).isGreaterThan(400);
    assertThat(colours).as("text in several colours").isGreaterThan(50);
  }
}
