package dev.lariat.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Asyncio;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM started without Lariat's options must say so, whatever is used first. */
@DisplayName("Without the JVM options the first use names them, and the four ways to set them")
class MissingOptionsTest {
  private static final List<String> EXPORTS = ChildJvm.LARIAT_OPTIONS.subList(0, 2);
  private static final List<String> OPENS = ChildJvm.LARIAT_OPTIONS.subList(2, 4);

  static List<List<String>> tooFew() {
    return List.of(List.of(), EXPORTS, OPENS);
  }

  @ParameterizedTest
  @MethodSource("tooFew")
  @DisplayName("with too few options")
  void message(List<String> options) throws Exception {
    for (String use : List.of("run", "loop")) {
      var result = ChildJvm.run(Duration.ofSeconds(30), options, Program.class, use);
      assertThat(result.output())
          .as("%s", result)
          .contains("Lariat needs two JVM options that are missing")
          .contains("--add-exports java.base/jdk.internal.vm=ALL-UNNAMED")
          .contains("--add-opens java.base/java.lang=ALL-UNNAMED")
          .contains("command line")
          .contains("lariat.args")
          .contains("Add-Exports")
          .contains("Surefire")
          .contains("Gradle")
          .doesNotContain("IllegalAccessError")
          .doesNotContain("InaccessibleObjectException");
      assertThat(result.exit()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("enough")
  @DisplayName("with the options there is nothing to say")
  void noMessage(List<String> options) throws Exception {
    var result = ChildJvm.run(Duration.ofSeconds(30), options, Program.class, "run");
    assertThat(result).isEqualTo(new ChildJvm.Result(0, "ran" + System.lineSeparator()));
  }

  static List<List<String>> enough() {
    return List.of(ChildJvm.LARIAT_OPTIONS, ChildJvm.LARIAT_OPTIONS.subList(0, 4));
  }

  /** The main class. */
  static final class Program {
    public static void main(String[] arguments) {
      if (arguments[0].equals("loop")) {
        Asyncio.newEventLoop().close();
      }
      Asyncio.run(() -> System.out.println("ran"));
    }
  }
}
