package dev.lariat.process;

import static dev.lariat.process.Subprocess.createSubprocessExec;
import static dev.lariat.process.Subprocess.createSubprocessShell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.net.Descriptors;
import dev.lariat.testkit.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Children that lead a session. */
@EnabledOnOs(OS.LINUX) // /proc tells of sessions
class SessionTest extends ChildrenTest {
  private static final SubprocessOptions LEADING = OUTPUT.withStartNewSession(true);

  @BeforeEach
  void needs() {
    Needs.program("setsid", "apt install util-linux");
  }

  /** The session that a process is in. */
  private static long session(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
  }

  @Test
  @DisplayName(
      "SP-1: a session of its own, as soon as there is a child; and not without the option")
  void session() {
    run(() -> {
      long ours = session(ProcessHandle.current().pid());
      for (int i = 0; i < 20; i++) {
        try (Process leader = sleeper(LEADING);
            Process other = sleeper()) {
          assertThat(session(leader.pid())).isEqualTo(leader.pid());
          assertThat(session(other.pid())).isEqualTo(ours);
        }
      }
    });
  }

  @Test
  @DisplayName("SP-1, SP-2: what is known of a child is the program's: output, status, signals")
  void asWithout() {
    run(() -> {
      Process printing = createSubprocessExec(LEADING, "printf", "%s|", "a b", "", "--", "-x");
      assertThat(printing.communicate().stdoutText()).isEqualTo("a b||--|-x|");
      for (int status : List.of(0, 7, 126, 127)) {
        assertThat(createSubprocessShell(LEADING, "exit " + status).await()).isEqualTo(status);
      }
      Process ended = sleeper(LEADING);
      ended.terminate();
      assertThat(ended.await()).isEqualTo(-15);
      Process saying = createSubprocessShell(LEADING, "echo $$");
      assertThat(saying.communicate().stdoutText().strip()).isEqualTo("" + saying.pid());
    });
  }

  @Test
  @DisplayName("SP-1: the program is looked for where it is without a session")
  void search() throws IOException {
    Path own = Files.writeString(directory.resolve("own"), "#!/bin/sh\necho own of $1\n");
    assertThat(own.toFile().setExecutable(true)).isTrue();
    Files.writeString(directory.resolve("text"), "not executable");
    run(() -> {
      SubprocessOptions there =
          LEADING.withDirectory(directory).withEnvironment(Map.of("PATH", "/no/such/path"));
      assertThat(createSubprocessExec(there, "./own", "x").communicate().stdoutText())
          .isEqualTo("own of x\n");
      assertThat(createSubprocessExec(there, "printf", "x").communicate().stdoutText())
          .isEqualTo("x");
      long before = Descriptors.count();
      for (String program : List.of("/no/such/program", "no such", "own", "./text", "/", "")) {
        for (boolean leading : new boolean[] {true, false}) {
          SubprocessOptions options = there.withStartNewSession(leading);
          assertThatThrownBy(() -> createSubprocessExec(options, program))
              .as("%s, %s", program, leading)
              .isInstanceOf(IOException.class)
              .hasMessageContaining("Cannot run program \"" + program + "\"");
        }
      }
      assertThat(Descriptors.count()).isLessThan(before + 10);
    });
  }

  @Test
  @DisplayName("SP-1: by its number, a signal reaches all that the child has started")
  void group() {
    run(() -> {
      try (Process shell = createSubprocessShell(LEADING, "sleep 300 & echo $!; wait")) {
        long grandchild = Long.parseLong(shell.stdout().readLine());
        assertThat(session(grandchild)).isEqualTo(shell.pid());
        assertThat(createSubprocessExec("kill", "-TERM", "--", "-" + shell.pid()).await()).isZero();
        assertThat(shell.await()).isEqualTo(-15);
        assertThat(shell.stdout().read()).isEmpty(); // the grandchild had it, too
      }
    });
  }
}
