package dev.lariat.process;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.process.Subprocess.createSubprocessExec;
import static dev.lariat.process.Subprocess.createSubprocessShell;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.net.Descriptors;
import dev.lariat.net.LimitOverrunException;
import dev.lariat.net.Logs;
import dev.lariat.net.NetTest;
import dev.lariat.sync.Semaphore;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real children, with pipes on the poller where it has them; see {@link PumpsTest}. */
@DisabledOnOs(OS.WINDOWS) // the programs are Unix's
class SubprocessTest extends NetTest {
  private static final SubprocessOptions OUTPUT = SubprocessOptions.DEFAULT.withStdout(Stdio.PIPE);
  private static final Duration TICK = Duration.ofMillis(10);

  @TempDir Path directory;

  boolean polled() {
    return true;
  }

  @AfterEach
  void noChildren() throws InterruptedException {
    for (int i = 0; ProcessHandle.current().children().findAny().isPresent(); i++) {
      assertThat(i).as("children that are left").isLessThan(400);
      Thread.sleep(5); // real time: until those are gone that were just killed
    }
  }

  private static Process sleeper(SubprocessOptions options) throws IOException {
    return createSubprocessExec(options, "sleep", "300");
  }

  private static Process sleeper() throws IOException {
    return sleeper(SubprocessOptions.DEFAULT);
  }

  private static byte[] random(int size) {
    byte[] data = new byte[size];
    new Random(1).nextBytes(data);
    return data;
  }

  // -- SP-1 --------------------------------------------------------------------------------------

  @Test
  @DisplayName("SP-1: a program with arguments, its output and its exit status")
  void exec() {
    run(() -> {
      Process process = createSubprocessExec(OUTPUT, "printf", "%s|", "a b", "", "$HOME");
      assertThat(process.communicate().stdoutText()).isEqualTo("a b||$HOME|");
      assertThat(process.returncode()).isZero();
      assertThat(createSubprocessExec("false").await()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("SP-1: a command of the shell")
  void shell() {
    run(() -> {
      Process process =
          createSubprocessShell(
              SubprocessOptions.PIPES, "read x; echo out $x; echo err >&2; exit 7");
      Output output = process.communicate("hello\n".getBytes(UTF_8));
      assertThat(output.stdoutText()).isEqualTo("out hello\n");
      assertThat(output.stderrText()).isEqualTo("err\n");
      assertThat(process.returncode()).isEqualTo(7);
    });
  }

  @Test
  @DisplayName("SP-1: the standard error goes where the output goes")
  void stderrToStdout() {
    run(() -> {
      Process process =
          createSubprocessShell(OUTPUT.withStderr(Stdio.STDOUT), "echo a; echo b >&2; echo c");
      assertThat(process.communicate().stdoutText()).isEqualTo("a\nb\nc\n");
      assertThatThrownBy(() -> process.stderr())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "stderr of this child is no pipe: start it with options.withStderr(Stdio.PIPE)");
    });
    assertThatThrownBy(() -> OUTPUT.withStdout(Stdio.STDOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("STDOUT can only be used for stderr");
  }

  @Test
  @DisplayName("SP-1: DEVNULL is empty input, and output that is dropped")
  void devnull() {
    run(() -> {
      SubprocessOptions options =
          SubprocessOptions.PIPES.withStdin(Stdio.DEVNULL).withStderr(Stdio.DEVNULL);
      Process process = createSubprocessShell(options, "cat; echo end; echo dropped >&2");
      assertThat(process.communicate().stdoutText()).isEqualTo("end\n");
    });
  }

  @Test
  @DisplayName("SP-1: files, as input, as output, and to be appended to")
  void files() throws IOException {
    Path in = Files.writeString(directory.resolve("in"), "from a file\n");
    Path out = directory.resolve("out");
    run(() -> {
      SubprocessOptions options = SubprocessOptions.DEFAULT.withStdin(Stdio.file(in));
      assertThat(createSubprocessExec(options.withStdout(Stdio.file(out)), "cat").await()).isZero();
      Stdio append = Stdio.of(Redirect.appendTo(out.toFile()));
      assertThat(createSubprocessExec(options.withStdout(append), "cat").await()).isZero();
    });
    assertThat(out).hasContent("from a file\nfrom a file\n");
  }

  @Test
  @DisplayName("SP-1: the environment, inherited or all of its own, and the directory")
  void environmentAndDirectory() {
    run(() -> {
      String script = "echo $OWN:${PATH:+path}; pwd -P";
      assertThat(createSubprocessShell(OUTPUT, script).communicate().stdoutText())
          .startsWith(":path\n");
      SubprocessOptions options =
          OUTPUT.withEnvironment(Map.of("OWN", "value")).withDirectory(directory);
      assertThat(
              createSubprocessShell(options, "echo $OWN:$HOME; pwd -P").communicate().stdoutText())
          .isEqualTo("value:\n" + directory.toRealPath() + "\n");
    });
  }

  @Test
  @DisplayName("SP-1: the limit of the readers")
  void limit() {
    assertThatThrownBy(() -> OUTPUT.withLimit(0)).isInstanceOf(IllegalArgumentException.class);
    run(() -> {
      try (Process process = createSubprocessShell(OUTPUT.withLimit(10), "echo 01234567890123")) {
        assertThatThrownBy(() -> process.stdout().readline())
            .isInstanceOf(LimitOverrunException.class);
        process.await();
      }
    });
  }

  @Test
  @DisplayName("SP-4: a program that cannot be started is an IOException, and no pipe is left open")
  void noSuchProgram() {
    run(() -> {
      createSubprocessExec(SubprocessOptions.PIPES, "true").communicate(); // opens the poller
      long before = Descriptors.count();
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(
                () -> createSubprocessExec(SubprocessOptions.PIPES, "/no/such/program", "x"))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("/no/such/program");
      }
      assertThat(Descriptors.count()).isLessThan(before + 10);
    });
  }

  // -- SP-2 --------------------------------------------------------------------------------------

  @Test
  @DisplayName("SP-2: a conversation, line by line")
  void conversation() {
    run(() -> {
      try (Process process = createSubprocessExec(SubprocessOptions.PIPES, "cat")) {
        assertThat(process.pid()).isPositive();
        assertThat(process.returncode()).isNull();
        for (int i = 0; i < 50; i++) {
          process.stdin().write("line " + i + "\n");
          assertThat(process.stdout().readLine()).isEqualTo("line " + i);
        }
        process.stdin().close();
        process.stdin().waitClosed();
        assertThat(process.stdout().read()).isEmpty();
        assertThat(process.await()).isZero();
        assertThat(process.toString()).isEqualTo("Process[pid %d, returncode 0]", process.pid());
      }
    });
  }

  @Test
  @DisplayName("SP-2: any number of tasks wait for one child")
  void manyWaiters() {
    run(() -> {
      Process process = createSubprocessExec(SubprocessOptions.PIPES, "cat");
      List<Task<Integer>> waiters = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        waiters.add(createTask(process::await));
      }
      sleep(Duration.ZERO);
      waiters.getFirst().cancel();
      sleep(Duration.ZERO);
      assertThat(process.returncode()).isNull();
      process.stdin().close();
      for (Task<Integer> waiter : waiters.subList(1, 20)) {
        assertThat(waiter.await()).isZero();
      }
      assertThat(waiters.getFirst().cancelled()).isTrue();
      assertThat(process.await()).isZero();
      process.stdout().read();
      process.stderr().read();
    });
  }

  @Test
  @DisplayName("SP-2: communicate writes and reads at once, more than pipes hold")
  void communicate() {
    byte[] data = random(3_000_000);
    run(() -> {
      Process process = createSubprocessShell(SubprocessOptions.PIPES, "tee /dev/stderr");
      Output output = process.communicate(data);
      assertThat(output.stdout()).isEqualTo(data);
      assertThat(output.stderr()).isEqualTo(data);
    });
  }

  @Test
  @DisplayName("SP-2: a child that does not want its input is no error")
  void unwantedInput() {
    run(() -> {
      Process process = createSubprocessShell(SubprocessOptions.PIPES, "exec <&-; echo enough");
      assertThat(process.communicate(random(1_000_000)).stdoutText()).isEqualTo("enough\n");
      assertThatThrownBy(() -> createSubprocessExec("true").communicate(new byte[1]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("withStdin");
    });
  }

  @Test
  @DisplayName("SP-2: writing to a child that has ended fails, and waitClosed does not hang")
  void brokenPipe() {
    run(() -> {
      try (Process process =
          createSubprocessExec(SubprocessOptions.DEFAULT.withStdin(Stdio.PIPE), "true")) {
        process.await();
        assertThatThrownBy(
                () -> {
                  while (true) {
                    process.stdin().write(new byte[100_000]);
                  }
                })
            .isInstanceOf(IOException.class);
      }
    });
  }

  @Test
  @DisplayName("SP-2: a child that is not read waits, and so do we who write")
  void backpressure() {
    run(() -> {
      try (Process process = createSubprocessExec(SubprocessOptions.PIPES, "cat")) {
        byte[] data = random(4_000_000);
        Task<Void> writing =
            createTask(() -> {
              for (int i = 0; i < data.length; i += 40_000) {
                process.stdin().write(Arrays.copyOfRange(data, i, i + 40_000));
              }
              process.stdin().close();
            });
        sleep(Duration.ofMillis(200)); // real time: nothing must happen
        assertThat(writing.done()).isFalse();
        assertThat(process.stdout().read()).isEqualTo(data);
        writing.await();
        assertThat(process.await()).isZero();
      }
    });
  }

  @Test
  @DisplayName("SP-2: terminate, kill and any signal; the returncode is the negative number")
  void signals() {
    run(() -> {
      Process terminated = sleeper();
      terminated.terminate();
      assertThat(terminated.await()).isEqualTo(-15);
      Process killed = sleeper();
      killed.kill();
      assertThat(killed.await()).isEqualTo(-9);
      Process interrupted = sleeper();
      interrupted.sendSignal("SIGINT");
      assertThat(interrupted.await()).isEqualTo(-2);
      assertThatThrownBy(() -> interrupted.sendSignal("NOSUCH"))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  @DisplayName("SP-2: a child that handles a signal; what it wrote after terminate is read")
  void handledSignal() {
    run(() -> {
      Process process =
          createSubprocessShell(
              OUTPUT,
              "trap 'echo hup' HUP; trap 'echo term; exit 3' TERM; echo ready;"
                  + " while true; do sleep 0.01; done");
      assertThat(process.stdout().readLine()).isEqualTo("ready");
      process.sendSignal("HUP");
      assertThat(process.stdout().readLine()).isEqualTo("hup");
      process.terminate();
      assertThat(process.stdout().readLine()).isEqualTo("term");
      assertThat(process.await()).isEqualTo(3);
      assertThat(process.stdout().read()).isEmpty();
    });
  }

  @Test
  @DisplayName("SP-2: signals after the end are no error, known or not yet known, and hit nobody")
  void signalsAfterTheEnd() {
    run(() -> {
      Process process = createSubprocessExec("true");
      ProcessHandle.of(process.pid()).ifPresent(handle -> handle.onExit().join()); // loop blocked
      assertThat(process.returncode()).isNull();
      for (int i = 0; i < 2; i++) {
        process.sendSignal("TERM");
        process.terminate();
        process.kill();
        assertThat(process.await()).isZero();
      }
    });
  }

  // -- SP-3, SP-5 --------------------------------------------------------------------------------

  @Test
  @DisplayName("SP-3: closing kills a child that runs, and nothing that has ended")
  void close() {
    run(() -> {
      Process process = sleeper(SubprocessOptions.PIPES);
      process.close();
      process.close();
      assertThat(process.await()).isEqualTo(-9);
      assertThat(process.stdout().read()).isEmpty();
      Process ended = createSubprocessShell(OUTPUT, "echo unread");
      assertThat(ended.await()).isZero();
      ended.close();
      assertThat(ended.returncode()).isZero();
    });
  }

  @Test
  @DisplayName("SP-3: what a child wrote is read after it has ended")
  void outputAfterTheEnd() {
    run(() -> {
      Process process = createSubprocessShell(SubprocessOptions.PIPES, "echo out; echo err >&2");
      process.await();
      assertThat(process.stdout().readLine()).isEqualTo("out");
      assertThat(process.stdout().atEof() || process.stdout().read().length == 0).isTrue();
      assertThat(process.stderr().read()).isEqualTo("err\n".getBytes(UTF_8));
      process.close();
    });
  }

  @Test
  @DisplayName("SP-5: wait returns when the child has ended, though a grandchild has its pipe")
  void grandchild() {
    run(() -> {
      try (Process process = createSubprocessShell(OUTPUT, "sleep 300 & echo $!")) {
        long grandchild = Long.parseLong(process.stdout().readLine());
        assertThat(process.await()).isZero();
        if (polled()) {
          assertThat(process.stdout().atEof()).isFalse();
        }
        ProcessHandle.of(grandchild).orElseThrow().destroyForcibly();
        assertThat(process.stdout().read()).isEmpty();
      }
    });
  }

  @Test
  @DisplayName("SP-3: what a grandchild writes after the child's end is read")
  void grandchildOutput() {
    if (!polled()) {
      System.out.println("skipped: the JDK closes its own pipes when the child ends");
    }
    Assumptions.assumeTrue(polled(), "the JDK closes its own pipes when the child ends");
    run(() -> {
      Process process = createSubprocessShell(OUTPUT, "(sleep 0.2; echo late) & echo early");
      assertThat(process.await()).isZero();
      assertThat(process.stdout().readLine()).isEqualTo("early");
      assertThat(process.stdout().readLine()).isEqualTo("late");
      assertThat(process.stdout().readLine()).isNull();
    });
  }

  // -- SP-4, SP-6 --------------------------------------------------------------------------------

  @Test
  @DisplayName("SP-4: creating that is cancelled, at any moment, leaves no child and no pipe")
  void cancelledCreate() {
    run(() -> {
      createSubprocessExec(SubprocessOptions.PIPES, "true").communicate(); // opens the poller
      long before = Descriptors.count();
      int created = 0;
      for (int i = 0; i < 30; i++) {
        Task<Process> creating = createTask(() -> sleeper(SubprocessOptions.PIPES));
        sleep(Duration.ofNanos(i * 300_000L)); // real time: up to 9 ms
        creating.cancel();
        try {
          Process process = creating.await();
          created++;
          process.close();
          process.await();
        } catch (CancelledError expected) {
          // whether it was too late depends on the machine
        }
      }
      assertThat(created).isLessThan(30);
      until(() -> Descriptors.count() < before + 10);
    });
  }

  @Test
  @DisplayName("SP-4: waiting that is cancelled leaves the child alone")
  void cancelledWait() {
    run(() -> {
      try (Process process = createSubprocessExec(SubprocessOptions.PIPES, "cat")) {
        assertThatThrownBy(() -> Asyncio.timeout(TICK, () -> process.await()))
            .isInstanceOf(dev.lariat.TimeoutException.class);
        process.stdin().write("first\n");
        assertThatThrownBy(() -> Asyncio.timeout(TICK, () -> process.stdout().read()))
            .isInstanceOf(dev.lariat.TimeoutException.class);
        assertThat(process.communicate("second\n".getBytes(UTF_8)).stdoutText())
            .isEqualTo("first\nsecond\n");
      }
    });
  }

  @Test
  @DisplayName("SP-4: a loop that is closed kills its children, and says so")
  void closedLoop() {
    List<Process> left = new ArrayList<>();
    try (Logs logs = new Logs()) {
      run(() -> {
        left.add(sleeper(SubprocessOptions.PIPES));
      });
      loop.close();
      assertThat(logs.messages())
          .anyMatch(line ->
              line.equals(
                  "unclosed " + left.getFirst() + " is killed: wait for it, or close() it"));
    }
  }

  @Test
  @DisplayName("SP-4: a loop that is closed while a child is being started kills that, too")
  void closedWhileStarting() {
    for (int i = 0; i < 5; i++) {
      try (EventLoop other = kind.newLoop()) {
        Task<Process> starting = other.createTask(() -> sleeper(SubprocessOptions.PIPES));
        other.callLater(Duration.ofMillis(i), other::stop);
        other.runForever();
        starting.cancel();
      }
    }
  }

  @Test
  @DisplayName("SP-6: loops in other threads, each with children")
  void otherThreads() throws Exception {
    List<FutureTask<String>> outcomes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String text = "thread " + i;
      FutureTask<String> outcome =
          new FutureTask<>(() -> {
            try (EventLoop other = kind.newLoop()) {
              return other.runUntilComplete(
                  () -> createSubprocessExec(OUTPUT, "echo", text).communicate().stdoutText());
            }
          });
      Thread.ofPlatform().start(outcome);
      outcomes.add(outcome);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(outcomes.get(i).get()).isEqualTo("thread " + i + "\n");
    }
  }

  // -- much --------------------------------------------------------------------------------------

  @Test
  @DisplayName("SP-2: 1 GiB through cat, byte for byte")
  void gibibyte() {
    boolean whole = kind.name().equals("OWN") && polled(); // the others: 64 MiB
    int blocks = whole ? 1024 : 64;
    byte[] block = random(1 << 20);
    long begin = System.nanoTime();
    loop.runUntilComplete(() -> {
      Process process =
          createSubprocessExec(SubprocessOptions.PIPES.withStderr(Stdio.INHERIT), "cat");
      Task<Void> writing =
          createTask(() -> {
            for (int i = 0; i < blocks; i++) {
              process.stdin().write(block);
            }
            process.stdin().close();
          });
      byte[] buffer = new byte[block.length];
      long total = 0;
      int count = process.stdout().readInto(buffer, 0, buffer.length);
      while (count > 0) {
        int at = (int) (total % block.length);
        int first = Math.min(count, block.length - at);
        assertThat(Arrays.equals(buffer, 0, first, block, at, at + first)).isTrue();
        assertThat(Arrays.equals(buffer, first, count, block, 0, count - first)).isTrue();
        total += count;
        count = process.stdout().readInto(buffer, 0, buffer.length);
      }
      writing.await();
      assertThat(total).isEqualTo((long) blocks << 20);
      assertThat(process.await()).isZero();
    });
    System.out.printf(
        "%s: %d MiB through cat in %d ms%n", this, blocks, (System.nanoTime() - begin) / 1_000_000);
  }

  @Test
  @DisplayName("SP-4: 1,000 children, 8 at a time, while the loop goes on")
  void thousandChildren() {
    int children = kind.name().equals("OWN") && polled() ? 1000 : 100;
    long before = Descriptors.count();
    long begin = System.nanoTime();
    long[] longestStep = {0};
    loop.runUntilComplete(() -> {
      Semaphore eight = new Semaphore(8);
      Task<Void> ticking =
          createTask(() -> {
            while (true) {
              long start = System.nanoTime();
              sleep(Duration.ZERO);
              longestStep[0] = Math.max(longestStep[0], System.nanoTime() - start);
              sleep(Duration.ofMillis(1));
            }
          });
      List<Task<String>> all = new ArrayList<>();
      for (int i = 0; i < children; i++) {
        String text = Integer.toString(i);
        all.add(
            createTask(() ->
                eight.withPermit(
                    () -> createSubprocessExec(OUTPUT, "echo", text).communicate().stdoutText())));
      }
      for (int i = 0; i < children; i++) {
        assertThat(all.get(i).await()).isEqualTo(i + "\n");
      }
      ticking.cancel();
      Asyncio.wait(List.of(ticking));
    });
    System.out.printf(
        "%s: %d children in %d ms, longest step %d ms%n",
        this, children, (System.nanoTime() - begin) / 1_000_000, longestStep[0] / 1_000_000);
    assertThat(Descriptors.count()).isLessThan(before + 20);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + " " + kind;
  }
}
