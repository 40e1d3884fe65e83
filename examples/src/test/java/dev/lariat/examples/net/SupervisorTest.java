package dev.lariat.examples.net;

import static dev.lariat.Asyncio.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Task;
import dev.lariat.examples.Output;
import dev.lariat.examples.Program;
import dev.lariat.examples.net.Supervisor.Patience;
import dev.lariat.examples.net.Supervisor.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SupervisorTest {
  @TempDir Path directory;

  private static final String LOOP = "while :; do sleep 0.05; done";

  private Program start(String... lines) throws Exception {
    Path file = Files.write(directory.resolve("supervisor.conf"), List.of(lines));
    return Program.start(Supervisor.class, file.toString());
  }

  @Test
  @DisplayName("SP-2 what programs write is shown with their names; Ctrl-C ends them in order")
  void endsInOrder() throws Exception {
    try (Program supervisor =
        start(
            "# two that run",
            "",
            "one:   sh -c 'trap \"echo bye from one; exit 0\" TERM; echo \"ready\"; " + LOOP + "'",
            "three: sh -c 'trap \"echo bye from three; exit 7\" TERM; echo set >&2; "
                + LOOP
                + "'")) {
      for (int i = 0; i < 2; i++) { // either may be the first
        supervisor.awaitLine("^(one  |three) \\| (ready|set)$");
      }
      supervisor.typeCtrlC();
      assertThat(supervisor.awaitEnd()).isEqualTo(130);
      assertThat(supervisor.lines()).contains("one   | ready");
      assertThat(supervisor.lines().stream().filter(line -> line.contains("bye")))
          .containsExactly("three | bye from three", "one   | bye from one");
      assertThat(supervisor.lines()).contains("three | -- terminated, status 7");
    }
  }

  private static Output run(Duration time, Patience patience, String... lines) {
    return Output.ofTask(() -> {
      List<Service> services = List.of(lines).stream().map(Service::of).toList();
      Task<Void> running = createTask(() -> new Supervisor(services, patience, false).run());
      sleep(time);
      running.cancel();
      waitFutures(List.of(running));
      assertThat(running.cancelled()).isTrue();
    });
  }

  @Test
  @DisplayName("a program that ends is started again, each time twice as long after")
  void backsOff() {
    // On virtual time, which stands while a program runs: 1 + 2 + 4 + 5 + 5 s of pauses.
    Patience patience =
        new Patience(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));
    List<String> lines =
        run(Duration.ofSeconds(15), patience, "failing: sh -c 'echo no; exit 3'").lines();
    assertThat(lines.stream().filter(line -> line.contains("ended")))
        .containsExactly(
            "failing | -- ended with status 3; starting again in 1000 ms",
            "failing | -- ended with status 3; starting again in 2000 ms",
            "failing | -- ended with status 3; starting again in 4000 ms",
            "failing | -- ended with status 3; starting again in 5000 ms",
            "failing | -- ended with status 3; starting again in 5000 ms");
    assertThat(lines.stream().filter("failing | no"::equals)).hasSize(5);
  }

  @Test
  @DisplayName("a program that was killed, and one that is not there, are told of")
  void killedAndMissing() {
    List<String> lines =
        run(
                Duration.ofMillis(500),
                Patience.USUAL,
                "suicide: sh -c 'kill -9 $$'",
                "missing: /no/such/program")
            .lines();
    assertThat(lines).contains("suicide | -- killed by signal 9; starting again in 1000 ms");
    assertThat(lines)
        .anyMatch(line ->
            line.startsWith("missing | -- not started: ") && line.contains("/no/such/program"));
  }

  @Test
  @DisplayName("SP-2 a program that does not end when asked to is killed")
  void kills() throws Exception {
    Path file = directory.resolve("ready");
    Patience patience =
        new Patience(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2)); // real: a child runs all the time, and has to answer within it
    String command =
        "stubborn: sh -c 'trap \"echo never\" TERM; echo x > " + file + "; " + LOOP + "'";
    List<String> lines =
        Output.ofMain(() ->
                dev.lariat.Asyncio.run(() -> {
                  Supervisor supervisor =
                      new Supervisor(List.of(Service.of(command)), patience, true);
                  Task<Void> running = createTask(supervisor::run);
                  while (allTasks().size() < 4 || !Files.exists(file)) { // its output is read, too
                    sleep(Duration.ofMillis(10));
                  }
                  running.cancel();
                  waitFutures(List.of(running));
                }))
            .stream()
            .toList();
    assertThat(lines)
        .contains(
            "\u001b[31mstubborn | \u001b[mnever",
            "\u001b[31mstubborn | \u001b[m-- does not end, and is killed");
  }

  @Test
  @DisplayName("the words of a command, in quotes if need be; other lines are refused")
  void commands() {
    assertThat(Service.of(" a.b-1 :  run 'one thing' \"another 'one'\" -x "))
        .isEqualTo(new Service("a.b-1", List.of("run", "one thing", "another 'one'", "-x")));
    assertThatThrownBy(() -> Service.of("no colon here"))
        .hasMessage("a line is NAME: COMMAND, not no colon here");
  }
}
