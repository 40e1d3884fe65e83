package dev.lariat.cli.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command; that the order of events is CPython's is tested in testkit. */
class ConformTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int conform(Object... files) {
    return new CommandLine(new Conform())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(Arrays.stream(files).map(Object::toString).toArray(String[]::new));
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
