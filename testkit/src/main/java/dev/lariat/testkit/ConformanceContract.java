package dev.lariat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lariat.EventLoop;
import dev.lariat.testkit.conform.Conformance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * The order of events is CPython's, on every loop: runs the conformance programs, and compares with
 * what CPython 3.14 wrote for each. The loop is one of virtual time; that of a host is made so by
 * {@link VirtualTimeHost}.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ConformanceContract {
  private static final Pattern UNNAMED = Pattern.compile("\"Task-\\d+\"");

  /** For subclasses. */
  protected ConformanceContract() {}

  /**
   * Makes a loop of virtual time. Called once a program, on the thread that will run it.
   *
   * @return a new loop; the contract closes it
   */
  protected abstract EventLoop newLoop();

  /**
   * Runs the programs. A loop that can run on one thread only overrides this to go there, and to
   * wait for the end.
   *
   * @param programs what to run
   * @throws Throwable what the test failed with
   */
  protected void onLoopThread(Executable programs) throws Throwable {
    programs.execute();
  }

  @Test
  @DisplayName("380 random programs give CPython's traces")
  void random() throws Throwable {
    tracesAreCPythons("random", 380);
  }

  @Test
  @DisplayName("400 programs with every op give CPython's traces")
  void extra() throws Throwable {
    tracesAreCPythons("extra", 400);
  }

  private void tracesAreCPythons(String file, int count) throws Throwable {
    List<String> programs = lines(file + ".jsonl");
    List<String> traces = lines(file + ".golden.jsonl");
    assertEquals(count, programs.size());
    assertEquals(count, traces.size());
    List<String> different = new ArrayList<>();
    onLoopThread(() -> {
      for (int i = 0; i < count; i++) {
        String expected = renumbered(traces.get(i));
        String ours = renumbered(Conformance.run(programs.get(i), newLoop()));
        if (!ours.equals(expected)) {
          different.add(
              file + " line " + (i + 1) + "\n  CPython " + expected + "\n  ours    " + ours);
        }
      }
    });
    assertEquals("", String.join("\n", different));
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Conformance.class.getResourceAsStream("/conformance/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /**
   * The number in the name of an unnamed task counts all of the process, and the golden files were
   * recorded with programs in between that are not in them. So these numbers, and nothing else, are
   * replaced: by 1 for the first that a program's trace names, and so on.
   */
  private static String renumbered(String trace) {
    Map<String, String> numbers = new HashMap<>();
    return UNNAMED
        .matcher(trace)
        .replaceAll(name ->
            numbers.computeIfAbsent(name.group(), _ -> "\"Task-" + (numbers.size() + 1) + "\""));
  }
}
