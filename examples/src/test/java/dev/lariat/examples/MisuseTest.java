package dev.lariat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MisuseTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          net.Echo        | far 70000       | 2 | a port is a number from 0 to 65535, not 70000
          net.PortScanner | localhost 1-x   | 2 | arguments: [HOST [FROM-TO [MILLISECONDS]]]
          net.PortScanner | localhost 7-5   | 2 | there is no port from 7 to 5
          http.FileServer | missing         | 2 | missing is no directory
          chat.SwingChat  | one two 3 four  | 2 | arguments: NAME [HOST [PORT]]
          net.Supervisor  | missing         | 1 | there is no file missing
          """)
  @DisplayName("what a program is given wrong is told in a line, and by its exit status")
  void misuse(String program, String given, int status, String line) throws Exception {
    Class<?> main = Class.forName("dev.lariat.examples." + program);
    try (Program started = Program.start(main, given.split(" "))) {
      assertThat(started.awaitEnd()).isEqualTo(status);
      assertThat(started.lines()).containsExactly(line);
    }
  }
}
