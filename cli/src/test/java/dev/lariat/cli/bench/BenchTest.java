package dev.lariat.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bench(String... arguments) {
    return new CommandLine(new Bench())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  @DisplayName("--list says what there is, and runs nothing")
  void list() {
    assertThat(bench("--list")).isZero();
    assertThat(out.toString().lines())
        .extracting(line -> line.substring(0, line.indexOf(": ")))
        .containsExactly("switch", "spawn", "call_soon", "timers", "queue", "threadsafe", "memory");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  @DisplayName("a name that is not known is refused before anything runs, with those that are")
  void unknownName() {
    assertThat(bench("switch", "swich")).isEqualTo(2);
    assertThat(err.toString())
        .contains("there is no benchmark swich; there are switch, spawn, call_soon, timers");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  @DisplayName("figures are medians: of the operation, of its floor, of their ratio")
  void medians() {
    double[] operations = {20, 10, 30};
    int[] calls = new int[2];
    Map<String, Object> figures =
        Rounds.compare(() -> operations[calls[0]++ % 3], () -> 5 + calls[1]++ * 0);
    assertThat(calls[0]).isEqualTo(calls[1]).isGreaterThan(10);
    assertThat(figures)
        .containsEntry("floor_ns", 5.0)
        .containsOnlyKeys("ns_per_op", "floor_ns", "ratio");
    assertThat((Double) figures.get("ns_per_op")).isEqualTo(20.0);
    assertThat((Double) figures.get("ratio")).isEqualTo(4.0);
  }

  @Test
  @DisplayName("the median of an odd count is the middle one")
  void median() {
    assertThat(Rounds.median(new double[] {5, 1, 3})).isEqualTo(3);
    assertThat(Rounds.round(1.23456)).isEqualTo(1.23);
  }
}
