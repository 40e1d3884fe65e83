package dev.lariat.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Drives jdb over {@link DebuggedProgram}. Real time: the debugger is another process. */
@DisplayName("Under a debugger")
class DebuggerTest {
  private static final Pattern STOPPED =
      Pattern.compile("(?:Breakpoint hit|Step completed): .*?, (\\S+)\\(\\), line=(\\d+) bci");

  @BeforeAll
  static void needsJdb() {
    Assumptions.assumeTrue(ChildJvm.tool("jdb").toFile().canExecute(), "this JDK has no jdb");
  }

  @Test
  @DisplayName(
      "a breakpoint in a task is hit; next over an await lands on the next line, if it has one")
  void breakpointsAndNext() throws Exception {
    try (Jdb jdb = new Jdb()) {
      int first = startAndStop(jdb);
      jdb.send("stop at dev.lariat.hazards.DebuggedProgram:" + (first + 2));
      jdb.expect("Set breakpoint");
      jdb.send("stop at dev.lariat.hazards.DebuggedProgram:" + (first + 4));
      jdb.expect("Set breakpoint");

      jdb.send("next"); // over the first statement
      assertThat(jdb.stoppedAt("stepped")).as(jdb::output).isEqualTo(first + 1);
      jdb.send("next"); // over sleep(1 s): the other task runs meanwhile, on this very thread
      assertThat(jdb.stoppedAt("stepped")).as(jdb::output).isEqualTo(first + 2);
      jdb.send("next");
      assertThat(jdb.stoppedAt("stepped")).as(jdb::output).isEqualTo(first + 3);
      jdb.send("next"); // over sleep(0)
      assertThat(jdb.stoppedAt("stepped")).as(jdb::output).isEqualTo(first + 4);
      jdb.send("next");
      assertThat(jdb.stoppedAt("stepped")).as(jdb::output).isEqualTo(first + 5);
      jdb.send("print value");
      jdb.expect("value = 111");
      jdb.send("where");
      jdb.expect("[1] dev.lariat.hazards.DebuggedProgram.stepped");
      jdb.expect("dev.lariat.internal.coroutine.Fiber.resume");

      jdb.send("cont");
      jdb.expect("stepped returned 111");
      jdb.expect("the program ended");
    }
  }

  /**
   * The JVM forgets a step whose frame is suspended (JVMTI keeps it for virtual threads only), so
   * without a breakpoint behind the await the program just goes on. Should a later JVM stop at the
   * next line, all the better; what must not happen is a stop anywhere else.
   */
  @Test
  @DisplayName(
      "next over an await without a breakpoint behind it stops nowhere else, and harms nothing")
  void nextWithoutBreakpoint() throws Exception {
    try (Jdb jdb = new Jdb()) {
      int first = startAndStop(jdb);
      jdb.send("next");
      assertThat(jdb.stoppedAt("stepped")).as(jdb::output).isEqualTo(first + 1);
      jdb.send("next");
      Matcher end = jdb.find(Pattern.compile(STOPPED + "|the program ended"));
      if (end.group(1) != null) {
        assertThat(end.group(1)).as(jdb::output).endsWith(".stepped");
        assertThat(end.group(2)).as(jdb::output).isEqualTo("" + (first + 2));
      } else {
        assertThat(jdb.output()).contains("stepped returned 111");
      }
    }
  }

  private static int startAndStop(Jdb jdb) throws Exception {
    jdb.expect("> ");
    jdb.send("stop in dev.lariat.hazards.DebuggedProgram.stepped");
    jdb.send("run");
    return jdb.stoppedAt("stepped");
  }

  /** A jdb process, and what it has said. */
  private static final class Jdb implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StringBuilder said = new StringBuilder();
    private final Process process;
    private final Writer commands;
    private int read;

    Jdb() throws IOException {
      List<String> command = new ArrayList<>();
      command.add(ChildJvm.tool("jdb").toString());
      ChildJvm.LARIAT_OPTIONS.forEach(option -> command.add("-R" + option));
      command.add("-classpath");
      command.add(System.getProperty("java.class.path"));
      command.add(DebuggedProgram.class.getName());
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C"); // jdb's messages are translated
      process = builder.start();
      commands = process.outputWriter(StandardCharsets.UTF_8);
      Thread.ofPlatform().daemon().start(this::listen);
    }

    private void listen() {
      try (var in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
        for (int c = in.read(); c >= 0; c = in.read()) {
          synchronized (said) {
            said.append((char) c);
            said.notifyAll();
          }
        }
      } catch (IOException e) {
        // killed
      }
    }

    String output() {
      synchronized (said) {
        return "jdb said:\n" + said;
      }
    }

    void send(String line) throws IOException {
      commands.write(line + "\n");
      commands.flush();
    }

    void expect(String text) throws InterruptedException {
      find(Pattern.compile(Pattern.quote(text)));
    }

    /** Waits until the program has stopped, checks in which method, and returns the line. */
    int stoppedAt(String method) throws InterruptedException {
      Matcher stop = find(STOPPED);
      assertThat(stop.group(1))
          .as(this::output)
          .isEqualTo(DebuggedProgram.class.getName() + "." + method);
      return Integer.parseInt(stop.group(2).replace(",", ""));
    }

    Matcher find(Pattern pattern) throws InterruptedException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      synchronized (said) {
        while (true) {
          Matcher matcher = pattern.matcher(said).region(read, said.length());
          if (matcher.find()) {
            read = matcher.end();
            return matcher;
          }
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            throw new AssertionError("waited in vain for " + pattern + "; " + output());
          }
          said.wait(left / 1_000_000 + 1);
        }
      }
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
