package dev.lariat.cli.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The order of events is CPython's. {@code random.jsonl} and {@code extra.jsonl} hold programs, one
 * a line, and the golden files what CPython 3.14 wrote for each.
 */
class ConformTest {
  /** Every op of the language. */
  private static final Set<String> OPS =
      Set.of(
          """
          acquire all_tasks as_completed await await_gather barrier barrier_abort barrier_reset
          barrier_state barrier_wait bounded_semaphore call call_at call_later call_soon
          call_soon_cancelling call_soon_raising call_soon_setting cancel cancel_handle cancelling
          clear condition condition_wait context_get context_set current_task event event_wait
          exception expired future gather gather_as get get_nowait group group_spawn is_set join
          lifo_queue lock locked log notify notify_all on_done priority_queue put put_nowait queue
          queue_state raise raise_cancelled release remove_on_done repeat reschedule result return
          semaphore set set_exception set_name set_result shield shutdown sleep spawn spawn_eager
          state task_done timeout timeout_at try uncancel wait wait_for when
          """
              .strip()
              .split("\\s+"));

  private static final Pattern UNNAMED = Pattern.compile("\"Task-\\d+\"");

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int conform(Object... files) {
    return new CommandLine(new Conform())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(Arrays.stream(files).map(Object::toString).toArray(String[]::new));
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ConformTest.class.getResource("/conformance/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
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

  // -- the programs ------------------------------------------------------------------------------

  @TestFactory
  Stream<DynamicTest> random() throws IOException {
    return tracesAreCPythons("random", 380);
  }

  @TestFactory
  Stream<DynamicTest> extra() throws IOException {
    return tracesAreCPythons("extra", 400);
  }

  private Stream<DynamicTest> tracesAreCPythons(String file, int count) throws IOException {
    assertThat(conform(resource(file + ".jsonl"))).isZero();
    List<String> ours = out.toString().lines().toList();
    List<String> golden = Files.readAllLines(resource(file + ".golden.jsonl"));
    assertThat(golden).hasSize(count);
    assertThat(ours).hasSize(count);
    return IntStream.range(0, count)
        .mapToObj(i ->
            DynamicTest.dynamicTest(
                nameOf(golden.get(i)),
                () -> assertThat(renumbered(ours.get(i))).isEqualTo(renumbered(golden.get(i)))));
  }

  private static String nameOf(String trace) {
    return trace.substring(trace.indexOf(':') + 2, trace.indexOf("\","));
  }

  @Test
  @DisplayName("the programs use every op")
  void everyOpIsUsed() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String file : List.of("random.jsonl", "extra.jsonl")) {
      for (String program : Files.readAllLines(resource(file))) {
        Map<?, ?> coroutines = (Map<?, ?>) ((Map<?, ?>) Json.parse(program)).get("coroutines");
        coroutines.values().forEach(ops -> collect((List<?>) ops, used));
      }
    }
    assertThat(used).containsAll(OPS);
  }

  /** Collects the heads of all lists; among them are the ops, at any depth. */
  private static void collect(List<?> list, Set<String> heads) {
    for (Object item : list) {
      if (item instanceof List<?> inner) {
        if (!inner.isEmpty() && inner.getFirst() instanceof String head) {
          heads.add(head);
        }
        collect(inner, heads);
      }
    }
  }

  @Test
  @DisplayName("an op that does not exist is Python's AttributeError, and so noticed in any trace")
  void unknownOp() throws IOException {
    assertThat(conform(program("[[\"no_such_op\"]]"))).isZero();
    assertThat(out.toString()).contains("[0,\"-\",\"main\",\"!\",\"AttributeError\"]");
  }

  // -- the command -------------------------------------------------------------------------------

  private Path program(String mainBody) throws IOException {
    return write("program.json", "{\"coroutines\": {\"main\": " + mainBody + "}}");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  @DisplayName("a .json file holds one program, and several files may be given")
  void severalFiles() throws IOException {
    Path one = write("one.json", "{\"name\": \"one\",\n\"coroutines\": {\"main\": []}}\n");
    Path two =
        write("two.jsonl", "{\"name\": \"two\", \"coroutines\": {\"main\": [[\"log\", 1]]}}\n\n");
    assertThat(conform(one, two)).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "{\"name\":\"one\",\"trace\":[[0,\"-\",\"main\",\"=\",null]]}",
            "{\"name\":\"two\",\"trace\":[[0,\"main\",\"log\",1],[0,\"-\",\"main\",\"=\",null]]}");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  @DisplayName("text is written as Python writes it")
  void texts() throws IOException {
    assertThat(conform(program("[[\"log\", \"é\\\"\\\\\\n\\u0001\"]]"))).isZero();
    assertThat(out.toString()).contains("\"\\u00e9\\\"\\\\\\n\\u0001\"");
  }

  @Test
  @DisplayName("a program that waits for ever is a deadlock, and says so")
  void deadlock() throws IOException {
    assertThat(conform(program("[[\"future\", \"f\"], [\"await\", \"f\"]]"))).isZero();
    assertThat(out.toString()).contains("[0,\"-\",\"deadlock\"]");
  }

  @Test
  @DisplayName("a file that is missing")
  void missingFile() {
    Path missing = directory.resolve("missing.jsonl");
    assertThat(conform(missing)).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("lariat conform: there is no file " + missing);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  @DisplayName("bad JSON: which line of which file; the programs before it have run")
  void badJson() throws IOException {
    String good = "{\"name\": \"good\", \"coroutines\": {\"main\": []}}\n";
    for (String bad : List.of("{\"name\": ", "[1, 2", "nonsense", "{} {}")) {
      Path file = write("bad.jsonl", good + bad + "\n");
      assertThat(conform(file)).isEqualTo(2);
      assertThat(err.toString()).startsWith("lariat conform: " + file + " line 2: ");
      assertThat(out.toString().lines()).hasSize(1);
      out.getBuffer().setLength(0);
      err.getBuffer().setLength(0);
    }
  }

  @Test
  @DisplayName("a program without a main, or that is none at all")
  void noMain() throws IOException {
    for (String bad :
        List.of("{\"coroutines\": {\"w0\": []}}", "{\"coroutines\": []}", "{}", "[]", "null")) {
      assertThat(conform(write("bad.json", bad))).isEqualTo(2);
    }
    assertThat(err.toString().lines())
        .hasSize(5)
        .allSatisfy(line -> assertThat(line).contains("an object that has a \"main\""));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  @DisplayName("no file at all")
  void noFile() {
    assertThat(conform()).isEqualTo(2);
    assertThat(err.toString()).contains("FILE");
  }
}
