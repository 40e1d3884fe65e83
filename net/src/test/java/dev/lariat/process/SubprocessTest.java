package dev.lariat.process;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.process.Subprocess.createSubprocessExec;
import static dev.lariat.process.Subprocess.createSubprocessShell;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.net.Descriptors;
import dev.lariat.net.LimitOverrunException;
import dev.lariat.net.internal.Reactor;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Real children, with pipes on the poller where it has them; see {@link PumpsTest}. */
class SubprocessTest extends ChildrenTest {
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
  @DisplayName("SP-2: a cancelled communicate loses nothing, also of a pipe that has ended")
  void cancelledCommunicate() {
    run(() -> {
      Process process =
          createSubprocessShell(SubprocessOptions.PIPES, "echo hello; exec >&-; exec sleep 300");
      Task<Output> communicating = createTask(() -> process.communicate());
      until(() -> process.stdout().atEof());
      communicating.cancel();
      assertThatThrownBy(communicating::await).isInstanceOf(CancelledError.class);
      process.terminate();
      assertThat(process.communicate().stdoutText()).isEqualTo("hello\n");
    });
  }

  @Test
  @DisplayName("SP-2: communicate loses nothing at whichever of its awaits it is cancelled")
  void cancelledCommunicateAnywhere() {
    run(() -> {
      for (int iterations = 0; iterations < 15; iterations++) {
        Process process = createSubprocessShell(SubprocessOptions.PIPES, "echo hello; echo x >&2");
        Task<Output> communicating = createTask(() -> process.communicate());
        for (int i = 0; i < iterations && !communicating.done(); i++) {
          sleep(i < 10 ? Duration.ZERO : Duration.ofMillis(1)); // a child takes real time
        }
        communicating.cancel();
        Output output;
        try {
          output = communicating.await();
        } catch (CancelledError cancelled) {
          output = process.communicate();
        }
        assertThat(output.stdoutText()).as("after %d", iterations).isEqualTo("hello\n");
        assertThat(output.stderrText()).isEqualTo("x\n");
      }
    });
  }

  @Test
  @DisplayName("SP-2: what a child does not read yet takes no direct memory")
  void largeInput() {
    var memory = ((ByteBufAllocatorMetricProvider) Reactor.ALLOCATOR).metric();
    byte[] data = new byte[16 << 20];
    run(() -> {
      Process process = createSubprocessShell(SubprocessOptions.PIPES, "read go; wc -c");
      process.stdin().writeNowait("go\n".getBytes(UTF_8));
      long before = memory.usedDirectMemory();
      process.stdin().writeNowait(data);
      assertThat(memory.usedDirectMemory() - before).isLessThan(1 << 20);
      assertThat(process.communicate().stdoutText().strip()).isEqualTo(String.valueOf(data.length));
    });
  }

  @Test
  @DisplayName("SP-3: a child's end is told of while the common pool is busy")
  void busyCommonPool() {
    CountDownLatch over = new CountDownLatch(1);
    for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism() + 2; i++) {
      ForkJoinPool.commonPool()
          .execute(() -> {
            try {
              over.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
    }
    try {
      run(() -> assertThat(createSubprocessExec("true").await()).isZero());
    } finally {
      over.countDown();
    }
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
      Process process = createSubprocessExec("sleep", "0.1"); // real time; it outlives the call
      ProcessHandle.of(process.pid()).ifPresent(handle -> handle.onExit().join()); // loop blocked
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
}
