package dev.lariat.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the system. Where that is missing the test is skipped, and says why. In
 * continuous integration, which says so by {@code CI} in the environment, it fails instead: there
 * nothing is to be skipped unnoticed.
 *
 * @see NeedsLibrary
 */
public final class Needs {
  private Needs() {}

  /**
   * Goes on only if what is needed is there.
   *
   * @param there whether it is
   * @param otherwise a sentence that says what is missing, and how to get it
   * @throws org.opentest4j.TestAbortedException if it is not
   * @throws AssertionError if it is not, in continuous integration
   */
  public static void check(boolean there, String otherwise) {
    if (!there) {
      if (System.getenv("CI") != null) {
        Assertions.fail(otherwise);
      }
      System.err.println("skipped: " + otherwise);
      Assumptions.abort(otherwise);
    }
  }

  /**
   * Goes on only if a library is there.
   *
   * @param file its name, as the system's loader looks for it
   * @param install a command that installs it
   */
  @SuppressWarnings("restricted") // it is the question whether there is such a library
  public static void library(String file, String install) {
    boolean there;
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(file, arena);
      there = true;
    } catch (IllegalArgumentException missing) {
      there = false;
    }
    check(there, missing(file, install));
  }

  /**
   * Goes on only if a program is on the PATH.
   *
   * @param name its name
   * @param install a command that installs it
   */
  public static void program(String name, String install) {
    String path = System.getenv().getOrDefault("PATH", "");
    boolean there =
        Arrays.stream(path.split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    check(there, missing(name, install));
  }

  private static String missing(String what, String install) {
    return "There is no " + what + " here. Install it with " + install + ".";
  }
}
