package dev.lariat.examples.chat;

import dev.lariat.examples.net.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a client: {@code [NAME [HOST [PORT]]] [--screenshot FILE]}.
 *
 * @param name whoever speaks; null for a demonstration: see {@link ChatDemo}
 * @param host where the server is
 * @param port its port
 * @param screenshot where to write a picture of a demonstration, before it ends; null to stay
 */
public record ChatArguments(
    @Nullable String name, String host, int port, @Nullable Path screenshot) {
  static final String USAGE = "arguments: NAME [HOST [PORT]]";

  /**
   * Reads the arguments.
   *
   * @param arguments what the program was given
   * @return them
   * @throws IllegalArgumentException if they are wrong; the message says what is expected
   */
  public static ChatArguments of(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    Path screenshot = null;
    int option = words.indexOf("--screenshot");
    if (option >= 0 && option + 1 < words.size()) {
      screenshot = Path.of(words.remove(option + 1));
      words.remove(option);
    }
    if (words.size() > 3 || words.stream().anyMatch(word -> word.startsWith("-"))) {
      throw new IllegalArgumentException(USAGE);
    }
    if (screenshot != null && !words.isEmpty()) {
      throw new IllegalArgumentException("a picture is taken of the demonstration, without a name");
    }
    return new ChatArguments(
        words.isEmpty() ? null : words.getFirst(),
        words.size() > 1 ? words.get(1) : "localhost",
        words.size() > 2 ? Terminal.port(words.get(2)) : ChatServer.USUAL_PORT,
        screenshot);
  }
}
