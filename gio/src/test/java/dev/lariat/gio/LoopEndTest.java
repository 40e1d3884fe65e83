package dev.lariat.gio;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.glib.GLibEventLoop;
import dev.lariat.glib.GLibHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.gnome.gio.InputStream;
import org.gnome.gio.Subprocess;
import org.gnome.gio.SubprocessFlags;
import org.javagi.base.Out;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GLIB-5: what becomes of an operation that is under way when its loop is closed. */
class LoopEndTest extends GioTest {
  private final Logger logger = Logger.getLogger("dev.lariat");
  private final List<LogRecord> logged = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void listenNoMore() {
    logger.removeHandler(handler);
  }

  private static void closeAmid(GLibEventLoop loop, Action operation) {
    closeAmid(loop, operation, () -> {});
  }

  private static void closeAmid(GLibEventLoop loop, Action operation, Action before) {
    try (loop) {
      loop.setExceptionHandler((_, _) -> {}); // of the task that is lost
      loop.runUntilComplete(() -> {
        before.run();
        createTask(operation);
        sleep(Duration.ZERO);
      });
    }
  }

  @Test
  @DisplayName("GLIB-5 on a context of its own it ends with the loop, and the context is freed")
  void ownContext() throws IOException {
    Files.writeString(directory.resolve("file"), "contents");
    Action open = () -> FileAwait.read(file("file"), PRIORITY);
    closeAmid(new GLibEventLoop(GLibHost.ofNewContext()), open); // opens some things for good
    long before = eventDescriptors();
    for (int i = 0; i < 50; i++) {
      closeAmid(new GLibEventLoop(GLibHost.ofNewContext()), open);
    }
    assertThat(eventDescriptors()).isEqualTo(before);
    assertThat(logged).isEmpty();
  }

  @Test
  @DisplayName("GLIB-5 also if one before it had failed to begin, but had begun")
  void failedToBegin() throws IOException {
    Files.writeString(directory.resolve("file"), "contents");
    Action fails =
        () ->
            Operations.await(
                (cancellable, callback) -> {
                  file("file").readAsync(PRIORITY, cancellable, callback);
                  throw new IllegalArgumentException("too late");
                },
                result -> file("file").readFinish(result));
    long before = eventDescriptors();
    for (int i = 0; i < 10; i++) {
      closeAmid(
          new GLibEventLoop(GLibHost.ofNewContext()),
          () -> FileAwait.read(file("file"), PRIORITY),
          () -> {
            assertThatThrownBy(fails::run).hasMessage("too late");
            sleep(Duration.ofMillis(10)); // real time: it ends
          });
    }
    assertThat(eventDescriptors()).isLessThan(before + 5);
  }

  @Test
  @DisplayName(
      "GLIB-5 one that does not end though cancelled keeps nobody for long, and is told of")
  void endless() {
    closeAmid(
        new GLibEventLoop(GLibHost.ofNewContext()), () -> Operations.await((_, _) -> {}, _ -> ""));
    assertThat(logged)
        .singleElement()
        .satisfies(record -> assertThat(record.getParameters()).containsExactly(1));
  }

  /** Each main context has one. */
  private static long eventDescriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(LoopEndTest::isEventDescriptor).count();
    }
  }

  private static boolean isEventDescriptor(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).endsWith("anon_inode:[eventfd]");
    } catch (IOException closed) { // the one for the directory itself is among them
      return false;
    }
  }

  @Test
  @DisplayName("GLIB-5 on the default context it ends when next that runs, in any thread")
  void defaultContext() throws Exception {
    loop.close();
    Subprocess silent =
        new Subprocess(
            new String[] {"cat"}, SubprocessFlags.STDIN_PIPE, SubprocessFlags.STDOUT_PIPE);
    InputStream output = Objects.requireNonNull(silent.getStdoutPipe());
    Out<byte[]> buffer = new Out<>(new byte[100]);
    Action read = () -> InputStreamAwait.read(output, buffer, PRIORITY);
    Thread other = new Thread(() -> closeAmid(new GLibEventLoop(), read));
    other.start();
    other.join();
    silent.forceExit();
    try (GLibEventLoop next = new GLibEventLoop()) {
      next.runUntilComplete(() -> sleep(Duration.ofMillis(50)));
    }
    assertThat(logged).isEmpty();
  }
}
