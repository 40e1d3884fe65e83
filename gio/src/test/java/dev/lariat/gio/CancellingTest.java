package dev.lariat.gio;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import org.gnome.gio.AsyncReadyCallback;
import org.gnome.gio.Cancellable;
import org.gnome.gio.File;
import org.gnome.gio.FileQueryInfoFlags;
import org.gnome.gio.InputStream;
import org.gnome.gio.Subprocess;
import org.gnome.gio.SubprocessFlags;
import org.javagi.base.GErrorException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GLIB-5: cancelling, from either side, at any time; on files and subprocesses. */
class CancellingTest extends GioTest {
  private static Subprocess start(String... command) throws GErrorException {
    return new Subprocess(command, SubprocessFlags.STDOUT_PIPE, SubprocessFlags.STDIN_PIPE);
  }

  /** Which throws when the task is cancelled, and what then. */
  private static CancelledError awaitCancelled(Task<?> task) {
    try {
      task.await();
      throw new AssertionError("the task was not cancelled");
    } catch (CancelledError e) {
      return e;
    }
  }

  @Test
  @DisplayName("GLIB-5 cancelling the task cancels the operation; GIO's error is kept")
  void during() {
    run(() -> {
      Subprocess process = start("sleep", "1000");
      InputStream out = Objects.requireNonNull(process.getStdoutPipe());
      Cancellable cancellable = new Cancellable();
      Task<byte[]> task =
          createTask(() -> InputStreamAwait.readBytes(out, 100, PRIORITY, cancellable));
      sleep(Duration.ofMillis(20));
      task.cancel();
      assertThat(cancellable.isCancelled()).isFalse(); // the task learns of it when it goes on
      CancelledError error = awaitCancelled(task);
      assertThat(cancellable.isCancelled()).isTrue();
      assertThat(error.getSuppressed()).hasSize(1).allMatch(GioTest::isCancelled);
      assertThat(task.cancelled()).isTrue();
      process.forceExit();
      assertThat(SubprocessAwait.wait(process)).isTrue();
    });
  }

  @Test
  @DisplayName("GLIB-5 the task waits until the operation has ended, however often it is cancelled")
  void waitsForTheEnd() {
    run(() -> {
      AsyncReadyCallback[] callback = {null};
      Cancellable[] cancellable = {null};
      Task<String> task =
          createTask(() ->
              Operations.await(
                  (c, done) -> {
                    cancellable[0] = c;
                    callback[0] = done;
                  },
                  _ -> {
                    events.add("finish");
                    throw new GErrorException(
                        org.gnome.gio.Gio.ioErrorQuark(), CANCELLED, "Operation was cancelled");
                  }));
      sleep(Duration.ofMillis(1));
      for (int i = 1; i <= 3; i++) {
        task.cancel("request " + i);
        sleep(Duration.ofMillis(1));
        assertThat(task.done()).isFalse();
        assertThat(cancellable[0].isCancelled()).isTrue();
      }
      callback[0].run(null, null, null); // as an operation that ends late
      CancelledError error = awaitCancelled(task);
      assertThat(error).hasMessage("request 3");
      assertThat(error.getSuppressed()).hasSize(1).allMatch(GioTest::isCancelled);
      assertThat(events).containsExactly("finish");
    });
  }

  @Test
  @DisplayName("GLIB-5 cancelled before it starts: the operation is begun, and ends cancelled")
  void beforeStart() {
    run(() -> {
      Files.writeString(directory.resolve("file"), "contents");
      Cancellable cancellable = new Cancellable();
      Task<Void> task =
          createTask(() -> {
            Objects.requireNonNull(currentTask()).cancel();
            FileAwait.loadContents(file("file"), cancellable);
          });
      awaitCancelled(task);
      assertThat(cancellable.isCancelled()).isTrue();

      Task<FileAwait.LoadContents> never = createTask(() -> FileAwait.loadContents(file("file")));
      never.cancel(); // before its first step: the body does not run at all
      assertThat(awaitCancelled(never).getSuppressed()).isEmpty();
    });
  }

  @Test
  @DisplayName(
      "GLIB-5 cancelled when the operation is over: the Cancellable is cancelled all the same")
  void afterCompletion() {
    run(() -> {
      Cancellable cancellable = new Cancellable();
      AsyncReadyCallback[] callback = {null};
      Task<String> task =
          createTask(
              () -> Operations.await(cancellable, (_, done) -> callback[0] = done, _ -> "value"));
      sleep(Duration.ofMillis(1));
      callback[0].run(null, null, null);
      task.cancel(); // it is ready to go on, and has not
      assertThat(awaitCancelled(task).getSuppressed()).isEmpty();
      assertThat(cancellable.isCancelled()).isTrue();
      assertThat(task.cancel()).isFalse();
    });
  }

  @Test
  @DisplayName(
      "GLIB-5 cancelling the Cancellable from outside gives GIO's error, and no CancelledError")
  void fromOutside() {
    run(() -> {
      Subprocess process = start("sleep", "1000");
      Cancellable cancellable = new Cancellable();
      Task<Boolean> task = createTask(() -> SubprocessAwait.wait(process, cancellable));
      sleep(Duration.ofMillis(20));
      cancellable.cancel();
      until(task::done);
      assertThat(task.cancelled()).isFalse();
      assertThat(task.exception()).matches(GioTest::isCancelled).hasMessageContaining("cancelled");

      // One that was cancelled before is no different.
      assertThatThrownBy(() -> FileAwait.loadContents(file("file"), cancellable))
          .matches(GioTest::isCancelled);
      process.forceExit();
      SubprocessAwait.wait(process);
    });
  }

  @Test
  @DisplayName("GLIB-5 a timeout cancels the operation, and is a TimeoutException")
  void timeouts() {
    run(() -> {
      Subprocess process = start("sleep", "1000");
      assertThatThrownBy(() -> timeout(Duration.ofMillis(20), () -> SubprocessAwait.wait(process)))
          .isInstanceOf(TimeoutException.class);
      process.forceExit();
      assertThat(SubprocessAwait.wait(process)).isTrue();
    });
  }

  @Test
  @DisplayName("GLIB-5 after a cancelled operation the next is not cancelled")
  void nextOne() {
    run(() -> {
      Files.writeString(directory.resolve("file"), "contents");
      for (int i = 0; i < 50; i++) {
        Task<FileAwait.LoadContents> task = createTask(() -> FileAwait.loadContents(file("file")));
        sleep(Duration.ZERO);
        task.cancel();
        awaitCancelled(task);
        assertThat(FileAwait.loadContents(file("file")).contents()).hasSize(8);
      }
    });
  }

  @Test
  @DisplayName("GLIB-5 a program's run ends while an operation is under way: it is cancelled first")
  void loopCloses() {
    run(() -> {
      Subprocess process = start("sleep", "1000");
      Cancellable cancellable = new Cancellable();
      createTask(() -> {
        try {
          SubprocessAwait.wait(process, cancellable);
        } finally {
          events.add("unwound");
          process.forceExit();
        }
      });
      sleep(Duration.ofMillis(10));
    });
    loop.close(); // not a Runner's orderly end
    assertThat(events).containsExactly("unwound");
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().message()).contains("destroyed");
    reports.clear();
  }

  @Test
  @DisplayName("a subprocess is fed and read, and what it wrote comes back")
  void communicates() {
    run(() -> {
      Subprocess process = start("tr", "a-z", "A-Z");
      SubprocessAwait.CommunicateUtf8 said =
          SubprocessAwait.communicateUtf8(process, "hello".repeat(1_000));
      assertThat(said.stdoutBuf()).isEqualTo("HELLO".repeat(1_000));
      assertThat(process.getExitStatus()).isZero();

      Subprocess bytes = start("cat");
      byte[] all = new byte[1 << 20];
      new java.util.Random(1).nextBytes(all);
      assertThat(SubprocessAwait.communicate(bytes, all).stdoutBuf()).isEqualTo(all);
    });
  }

  @Test
  @DisplayName("a file query that is cancelled at a random moment ends one way or the other")
  void random() {
    run(() -> {
      File file = file("");
      int[] ends = new int[2];
      for (int i = 0; i < 500; i++) {
        Task<?> task =
            createTask(
                () -> FileAwait.queryInfo(file, "standard::*", FileQueryInfoFlags.NONE, PRIORITY));
        sleep(Duration.ofNanos(i * 1_000L));
        task.cancel();
        try {
          task.await();
          ends[0]++;
        } catch (CancelledError e) {
          ends[1]++;
        }
      }
      assertThat(ends[0] + ends[1]).isEqualTo(500);
      assertThat(ends[1]).isPositive();
    });
  }
}
