package dev.lariat.examples.finder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a Finder: {@code [DIRECTORY] [--search TEXT] [--screenshot FILE]}.
 *
 * @param root where to search; the home directory unless given
 * @param search what to type at the start; null for nothing
 * @param screenshot where to write a picture of the window once the search has ended, before the
 *     program ends; null to stay
 */
public record FinderArguments(Path root, @Nullable String search, @Nullable Path screenshot) {
  /** What the dialog "About" says. */
  public static final String ABOUT =
      """
      Finder, an example of Lariat.

      The search runs in tasks on the thread of this window.
      It goes on while this dialog is open.\
      """;

  /**
   * Reads the arguments.
   *
   * @param arguments what the program was given
   * @return them
   * @throws IllegalArgumentException if they are wrong; the message says what is expected
   */
  public static FinderArguments of(String... arguments) {
    Path root = Path.of(System.getProperty("user.home", "."));
    String search = null;
    Path screenshot = null;
    Deque<String> rest = new ArrayDeque<>(List.of(arguments));
    while (!rest.isEmpty()) {
      String argument = rest.pop();
      switch (argument) {
        case "--search" -> search = valueOf(argument, rest);
        case "--screenshot" -> screenshot = Path.of(valueOf(argument, rest));
        default -> root = directory(argument);
      }
    }
    if (screenshot != null && search == null) {
      search = "a";
    }
    return new FinderArguments(root, search, screenshot);
  }

  private static String valueOf(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " wants a value");
    }
    return rest.pop();
  }

  private static Path directory(String argument) {
    Path path = Path.of(argument);
    if (argument.startsWith("-") || !Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          argument
              + " is no directory. Arguments: [DIRECTORY] [--search TEXT] [--screenshot FILE]");
    }
    return path;
  }
}
