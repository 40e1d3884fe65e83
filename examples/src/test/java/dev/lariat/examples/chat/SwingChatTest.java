package dev.lariat.examples.chat;

import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lariat.host.HostApplication;
import dev.lariat.swing.Swing;
import java.awt.Component;
import java.awt.GraphicsEnvironment;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real time: windows on a server, driven by real keys and clicks. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayName("The chat on Swing")
class SwingChatTest {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final String HOST = "127.0.0.1";

  private Robot robot;

  @BeforeEach
  void display() throws Exception {
    assumeFalse(
        GraphicsEnvironment.isHeadless() && System.getenv("CI") == null,
        "Swing has no display here. Install one with tools/system-packages swing,"
            + " and run the tests by ./lariat test, or under tools/with-display.");
    Files.createDirectories(SCREENSHOTS);
    robot = new Robot();
    robot.setAutoDelay(10);
  }

  private static void until(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      sleep(Duration.ofMillis(10));
    }
  }

  private static void awaitText(SwingChat window, String text) {
    until(() -> window.text().contains(text));
  }

  /** Clicks into the window's field, and types a line of small letters. */
  private void type(SwingChat window, String line) throws Exception {
    until(window.input::isEnabled);
    Component field = window.input;
    Point corner = field.getLocationOnScreen();
    toThread(() -> {
      robot.mouseMove(corner.x + 40, corner.y + field.getHeight() / 2);
      robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
      robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
      robot.waitForIdle();
      for (char c : (line + "\n").toCharArray()) {
        int key = KeyEvent.getExtendedKeyCodeForChar(c);
        robot.keyPress(key);
        robot.keyRelease(key);
      }
    });
  }

  private void shoot(String name) throws Exception {
    Rectangle screen = new Rectangle(Toolkit.getDefaultToolkit().getScreenSize());
    BufferedImage picture = toThread(() -> robot.createScreenCapture(screen));
    ImageIO.write(picture, "png", SCREENSHOTS.resolve(name + ".png").toFile());
  }

  @Test
  @DisplayName("STR-1 two windows talk to each other; one quits, then the server ends")
  void talk() {
    Swing.run(() -> {
      SwingChat[] alice = {null};
      ChatServer.serve(
          HOST,
          0,
          port -> {
            try {
              alice[0] = new SwingChat(HOST, port, "Alice");
              awaitText(alice[0], "This is lobby, with Alice");
              SwingChat bob = new SwingChat(HOST, port, "Bob");
              awaitText(bob, "This is lobby, with Alice, Bob");
              type(alice[0], "hello bob");
              awaitText(bob, "Alice  hello bob");
              type(bob, "hello alice");
              awaitText(alice[0], "Bob  hello alice");
              type(bob, "/who");
              awaitText(bob, "Here: Alice, Bob");
              shoot("swing-chat");
              type(bob, "/quit");
              awaitText(alice[0], "Bob has left");
              until(() -> !bob.frame.isDisplayable());
            } catch (RuntimeException e) {
              throw e;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      awaitText(alice[0], "The server ends");
      awaitText(alice[0], "Next attempt in 1 s");
      assertThat(alice[0].input.isEnabled()).isFalse();
      HostApplication.current().quit();
    });
  }

  @Test
  @DisplayName("closing the last window ends the program; there is no server to connect to")
  void alone() {
    Swing.run(() -> {
      SwingChat window = new SwingChat(HOST, 1, "Alice");
      awaitText(window, "No connection: ");
      assertThat(window.input.isEnabled()).isFalse();
      window.frame.dispose();
      sleep(Duration.ofHours(1)); // is cancelled
    });
  }

  @Test
  @DisplayName("without a name: a server, two windows, and --screenshot takes a picture")
  void demonstration() throws Exception {
    Path picture = SCREENSHOTS.resolve("swing-chat-demo.png");
    Files.deleteIfExists(picture);
    SwingChat.main(new String[] {"--screenshot", picture.toString()});
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
