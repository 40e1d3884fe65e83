package dev.lariat.testkit.conform;

import dev.lariat.EventLoop;
import java.io.IOException;
import java.util.Map;

/** Runs the programs of the conformance language, each on a loop of its own. */
public final class Conformance {
  private Conformance() {}

  /**
   * Runs a program and writes down what happens, in the order in which it happens.
   *
   * @param program a JSON object with "coroutines"
   * @param loop runs the program, on this thread, and is closed; on virtual time, a tick a second
   * @return the trace, a line of JSON: what CPython's asyncio gives
   * @throws IOException if the text is not JSON
   * @throws IllegalArgumentException if it is no program
   */
  public static String run(String program, EventLoop loop) throws IOException {
    try (loop) {
      return Json.write(Machine.execute(parse(program), loop));
    }
  }

  @SuppressWarnings("unchecked") // looked at piece by piece
  private static Map<String, Object> parse(String text) throws IOException {
    if (Json.parse(text) instanceof Map<?, ?> map
        && map.get("coroutines") instanceof Map<?, ?> coroutines
        && coroutines.containsKey("main")) {
      return (Map<String, Object>) map;
    }
    throw new IllegalArgumentException(
        "a program is an object with \"coroutines\", an object that has a \"main\"");
  }
}
