package dev.lariat.examples.chat;

import static dev.lariat.Asyncio.sleep;

import dev.lariat.sync.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server and two windows that talk to each other: what there is to see without a name. */
public final class ChatDemo {
  /** A window of the chat. */
  public interface Window {
    /** {@return its client} */
    ChatClient client();

    /** {@return all that has been said in it} */
    String text();

    /**
     * Writes a picture of it.
     *
     * @param file a PNG
     * @throws IOException if it cannot be written
     */
    void takePicture(Path file) throws IOException;
  }

  /** Opens windows on one toolkit. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Opens a window.
     *
     * @param host where the server is
     * @param port its port
     * @param name whoever speaks
     * @return the window
     */
    Window open(String host, int port, String name);
  }

  private static final String HOST = "127.0.0.1";

  private ChatDemo() {}

  /**
   * Runs the demonstration.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the server ends.
   *
   * @param opener opens the windows
   * @param picture where to write a picture in the end; null to stay until this is cancelled
   * @throws IOException if there is no port, or the picture cannot be written
   */
  public static void run(Opener opener, @Nullable Path picture) throws IOException {
    ChatServer.serve(
        HOST,
        0,
        port -> {
          Window alice = opener.open(HOST, port, "Alice");
          awaitText(alice, "This is lobby");
          Window bob = opener.open(HOST, port, "Bob");
          awaitText(alice, "Bob is here");
          say(alice, bob, "Hello, Bob. Is there a thread for each of us?");
          say(bob, alice, "No: one for both windows, and for the server, too.");
          say(alice, bob, "And nobody waits for anybody?");
          say(bob, alice, "Nobody. Type something.");
          if (picture == null) {
            new Event().await(); // until it is cancelled
          } else {
            bob.takePicture(picture);
          }
        });
  }

  private static void say(Window from, Window to, String line) {
    from.client().say(line);
    awaitText(to, line);
  }

  private static void awaitText(Window window, String wanted) {
    while (!window.text().contains(wanted)) {
      sleep(Duration.ofMillis(10));
    }
  }
}
