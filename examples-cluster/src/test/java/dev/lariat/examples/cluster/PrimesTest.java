package dev.lariat.examples.cluster;

import static dev.lariat.Asyncio.await;
import static dev.lariat.Asyncio.run;
import static dev.lariat.process.Subprocess.createSubprocessExec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.process.Process;
import dev.lariat.process.Stdio;
import dev.lariat.process.SubprocessOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program, in a process of its own: what it prints, and that no process is left. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PrimesTest {
  private static final SubprocessOptions PIPED =
      SubprocessOptions.DEFAULT.withStdout(Stdio.PIPE).withStderr(Stdio.STDOUT);

  @Test
  @DisplayName("It counts the primes, though a member is killed half way")
  void counts() {
    run(() -> {
      try (Process program = start("100000000")) {
        List<String> output = new ArrayList<>();
        program.stdout().forEach(output::add);
        assertThat(program.await()).as("%s", output).isZero();
        assertThat(output)
            .hasSize(14) // no warnings among them
            .contains("A member is killed.")
            .endsWith("There are 5,761,455 primes below 100,000,000.");
      }
    });
  }

  @Test
  @DisplayName("Ctrl-C ends it and its members")
  void isInterrupted() {
    run(() -> {
      try (Process program = start("1000000000")) {
        for (String line : program.stdout()) {
          if (line.contains("100 pieces")) {
            break;
          }
        }
        List<ProcessHandle> members =
            ProcessHandle.of(program.pid()).orElseThrow().children().toList();
        assertThat(members).hasSize(3);
        program.sendSignal("INT");
        assertThat(program.await()).isNotZero();
        for (ProcessHandle member : members) {
          await(member.onExit());
        }
      }
    });
  }

  private static Process start(String limit) throws Exception {
    return createSubprocessExec(PIPED, Members.JAVA, Members.arguments(Primes.class, limit));
  }
}
