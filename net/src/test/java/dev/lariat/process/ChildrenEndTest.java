package dev.lariat.process;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.process.Subprocess.createSubprocessExec;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.net.Descriptors;
import dev.lariat.net.Logs;
import dev.lariat.sync.Semaphore;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Children that are not waited for to their end, other threads' children, and many of them. */
class ChildrenEndTest extends ChildrenTest {
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
    needsAnyThread();
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

  @Test
  @DisplayName("SP-4: the loop goes on while a child is being started")
  void startingBlocks() throws Exception {
    Path fifo = directory.resolve("fifo");
    run(() -> assertThat(createSubprocessExec("mkfifo", fifo.toString()).await()).isZero());
    CountDownLatch goesOn = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    // The child's input cannot be opened before there is somebody at its other end.
    FutureTask<Boolean> opening =
        new FutureTask<>(() -> {
          boolean inTime = goesOn.await(10, TimeUnit.SECONDS);
          try (var other = new RandomAccessFile(fifo.toFile(), "rw")) {
            other.write("hello".getBytes(UTF_8));
            started.await(10, TimeUnit.SECONDS);
          }
          return inTime;
        });
    Thread.ofPlatform().start(opening);
    run(() -> {
      Task<Process> starting =
          createTask(() -> createSubprocessExec(OUTPUT.withStdin(Stdio.file(fifo)), "cat"));
      sleep(TICK);
      assertThat(starting.done()).isFalse();
      goesOn.countDown();
      Process process = starting.await();
      started.countDown();
      assertThat(process.communicate().stdoutText()).isEqualTo("hello");
    });
    assertThat(opening.get()).as("the loop went on").isTrue();
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
}
