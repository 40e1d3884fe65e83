package dev.lariat.examples.chat;

import static dev.lariat.Asyncio.timeout;
import static dev.lariat.net.Streams.openConnection;

import dev.lariat.TimeoutException;
import dev.lariat.event.State;
import dev.lariat.net.Connection;
import dev.lariat.net.StreamWriter;
import dev.lariat.sync.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of the chat, but for how it looks: it is connected, or tries to be, and has each line
 * shown on the loop's thread, which is the toolkit's. So whatever shows it may touch widgets.
 */
public final class ChatClient {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /**
   * A line of the chat.
   *
   * @param from who said it; null if it is a notice
   * @param text what was said
   */
  public record Message(@Nullable String from, String text) {
    private static final String[] COLOURS = {"#1a5fb4", "#a51d2d", "#26734d", "#813d9c", "#9a4a00"};

    static Message of(String line) {
      int colon = line.indexOf(": ");
      return line.startsWith("* ") || colon < 0
          ? new Message(null, line.replaceFirst("^\\* ", ""))
          : new Message(line.substring(0, colon), line.substring(colon + 2));
    }

    /** {@return the colour of whoever said it, as #rrggbb; grey for a notice} */
    public String colour() {
      return from == null ? "#77767b" : COLOURS[Math.floorMod(from.hashCode(), COLOURS.length)];
    }
  }

  private final String host;
  private final int port;
  private final String name;
  private final Consumer<Message> view;
  private final State<Boolean> connected = new State<>(false);
  private final Event quit = new Event();
  private @Nullable StreamWriter writer;

  /**
   * Makes a client; {@link #run} runs it.
   *
   * @param host where the server is
   * @param port its port
   * @param name whoever speaks
   * @param view shows a line
   */
  public ChatClient(String host, int port, String name, Consumer<Message> view) {
    this.host = host;
    this.port = port;
    this.name = name;
    this.view = view;
  }

  /**
   * Is connected until {@code /quit} has been said, and connects anew as often as that takes.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then it is not connected any more.
   */
  public void run() {
    Duration pause = FIRST_PAUSE;
    while (!quit.isSet()) {
      try (Connection connection = openConnection(host, port)) {
        pause = FIRST_PAUSE;
        listen(connection);
        tell("The connection has ended");
      } catch (IOException | UncheckedIOException lost) {
        tell("No connection: " + lost.getMessage());
      }
      if (!quit.isSet()) {
        tell("Next attempt in " + pause.toSeconds() + " s");
        waitOrQuit(pause);
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      }
    }
  }

  private void waitOrQuit(Duration pause) {
    try {
      timeout(pause, quit::await);
    } catch (TimeoutException over) {
      // so the next attempt is due
    }
  }

  private void listen(Connection connection) throws IOException {
    connection.writer().write(name + "\n");
    writer = connection.writer();
    connected.set(true);
    try {
      for (String line : connection.reader()) {
        view.accept(Message.of(line));
      }
    } finally {
      writer = null;
      connected.set(false);
    }
  }

  private void tell(String notice) {
    view.accept(new Message(null, notice));
  }

  /** {@return whether what is said now has somewhere to go} */
  public State<Boolean> connected() {
    return connected;
  }

  /**
   * Says something, or gives the server a command.
   *
   * <p><i>Suspends</i>: while there is no connection, or the server is slow. <i>Cancellable</i>:
   * yes; then nothing was said.
   *
   * @param line what was typed
   */
  public void say(String line) {
    if (line.strip().equals("/quit")) {
      quit.set();
      if (writer == null) {
        return; // no server has to be told
      }
    }
    while (writer == null) {
      connected.await(yes -> yes);
    }
    try {
      writer.write(line + "\n");
    } catch (IOException lost) {
      tell("Not said, for the connection is lost: " + line);
    }
  }
}
