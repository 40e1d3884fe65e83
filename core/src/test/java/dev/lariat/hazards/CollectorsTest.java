package dev.lariat.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Suspended stacks are objects of a special kind, and each collector has its own code for them. */
@DisplayName("Suspended tasks survive every garbage collector")
class CollectorsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseG1GC",
        "-XX:+UseZGC",
        "-XX:+UseParallelGC",
        "-XX:+UseSerialGC",
        "-XX:+UseShenandoahGC",
        "-XX:+UseShenandoahGC -XX:ShenandoahGCMode=generational",
      })
  @DisplayName("deep and shallow ones, failing, cancelled, in generators, with 128 MB of heap")
  void stress(String options) throws Exception {
    List<String> jvm = new java.util.ArrayList<>(Arrays.asList(options.split(" ")));
    jvm.add("-Xmx128m");
    var result = ChildJvm.withLariatOptions(Duration.ofSeconds(60), jvm, CollectorStress.class);
    Assumptions.assumeFalse(
        result.output().contains("Unrecognized VM option")
            || result.output().contains("not supported"),
        "this JVM has no such collector");
    assertThat(result.output()).as("%s", result).contains("all is well");
    assertThat(result.exit()).isZero();
  }
}
