package dev.lariat.examples.qt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.examples.QtUser;
import io.qt.widgets.QLabel;
import io.qt.widgets.QPushButton;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real time: the programs run as a user would run them, offscreen. Their pictures are in target.
 */
@Timeout(60)
@DisplayName("The examples on Qt")
class QtExamplesTest {
  private static String text(QtUser user) {
    return user.ask(() -> QtUser.all(QLabel.class).getLast().text());
  }

  @Test
  @DisplayName("QtAsyncio's \"minimal\": the text changes a second after the click, not before")
  void minimal() throws Exception {
    QtUser user = new QtUser(Minimal::main);
    String before = text(user);
    long start = System.nanoTime();
    user.click(() -> QtUser.all(QPushButton.class).getFirst());
    QtUser.until(() -> !text(user).equals(before));
    assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
    assertThat(text(user)).isEqualTo("How many roads must a man walk down?");
    user.picture("qt-minimal");
    user.close();
  }

  @Test
  @DisplayName("QtAsyncio's \"Eratosthenes\": 62 primes, and a picture on the way there")
  void eratosthenes() throws Exception {
    QtUser user = new QtUser(Eratosthenes::main);
    Thread.sleep(2_000);
    assertThat(text(user)).isEqualTo("Sieving");
    user.picture("qt-eratosthenes");
    QtUser.until(() -> !text(user).equals("Sieving"));
    assertThat(text(user)).isEqualTo("62 primes up to 300; the largest is 293");
    user.picture("qt-eratosthenes-end");
    user.close();
  }

  @Test
  @DisplayName("closed in the midst of it, it ends at once")
  void closedWhileSieving() throws Exception {
    QtUser user = new QtUser(Eratosthenes::main);
    Thread.sleep(300);
    user.close();
  }

  @Test
  @DisplayName("a program without a window")
  void console() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      QtUser.run(() -> Console.main(new String[0]));
    } finally {
      System.setOut(before);
    }
    assertThat(output.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "the tortoise, lap 1",
            "the tortoise, lap 2",
            "the tortoise, lap 3",
            "the hare, lap 1",
            "the hare, lap 2",
            "finished: [the tortoise, the hare]");
  }
}
