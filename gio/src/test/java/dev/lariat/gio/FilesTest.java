package dev.lariat.gio;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.gnome.gio.File;
import org.gnome.gio.FileCopyFlags;
import org.gnome.gio.FileCreateFlags;
import org.gnome.gio.FileEnumerator;
import org.gnome.gio.FileInfo;
import org.gnome.gio.FileInputStream;
import org.gnome.gio.FileOutputStream;
import org.gnome.gio.FileQueryInfoFlags;
import org.gnome.gio.OutputVector;
import org.javagi.base.GErrorException;
import org.javagi.base.Out;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GLIB-4: operations on real files, in every form that an operation has. */
class FilesTest extends GioTest {
  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  @DisplayName("GLIB-4 an operation suspends the task, and returns what its finish returns")
  void returns() {
    run(() -> {
      Files.writeString(directory.resolve("file"), "contents");
      List<String> meanwhile = new ArrayList<>();
      createTask(() -> meanwhile.add("other task"));
      FileInfo info =
          FileAwait.queryInfo(file("file"), "standard::*", FileQueryInfoFlags.NONE, PRIORITY);
      assertThat(info.getSize()).isEqualTo(8);
      assertThat(info.getName()).isEqualTo("file");
      assertThat(meanwhile).containsExactly("other task");
    });
  }

  @Test
  @DisplayName("GLIB-4 out parameters come as a record")
  void outParameters() {
    run(() -> {
      Files.writeString(directory.resolve("file"), "contents");
      FileAwait.LoadContents loaded = FileAwait.loadContents(file("file"));
      assertThat(loaded.contents()).isEqualTo("contents".getBytes(StandardCharsets.UTF_8));
      assertThat(loaded.etag()).isNotEmpty();
      FileAwait.LoadBytes bytes = FileAwait.loadBytes(file("file"));
      assertThat(bytes.value()).isEqualTo(loaded.contents());
      assertThat(bytes.etag()).isEqualTo(loaded.etag());
    });
  }

  @Test
  @DisplayName("GLIB-4 an operation that fails throws its GErrorException, at the await")
  void fails() {
    run(() -> {
      assertThatThrownBy(() -> FileAwait.loadContents(file("missing")))
          .isInstanceOf(GErrorException.class)
          .hasMessageContaining("No such file")
          .satisfies(error -> assertThat(((GErrorException) error).getCode()).isEqualTo(1))
          .satisfies(
              error -> assertThat(((GErrorException) error).getDomain().toString()).isNotEmpty());
    });
  }

  @Test
  @DisplayName("GLIB-6 a task that failed with a GErrorException and is never awaited is reported")
  void neverRetrieved() {
    run(() -> {
      Task<?> task = createTask(() -> FileAwait.loadContents(file("missing")));
      until(task::done);
    });
    loop.close();
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().message()).contains("never retrieved");
    assertThat(reports.getFirst().exception()).isInstanceOf(GErrorException.class);
    reports.clear();
  }

  @Test
  @DisplayName("GLIB-4 a directory is listed, a hundred entries at a time")
  void enumerates() {
    run(() -> {
      for (int i = 0; i < 250; i++) {
        Files.createFile(directory.resolve("file" + i));
      }
      FileEnumerator entries =
          FileAwait.enumerateChildren(
              file(""), "standard::name", FileQueryInfoFlags.NONE, PRIORITY);
      List<String> names = new ArrayList<>();
      List<Integer> sizes = new ArrayList<>();
      while (true) {
        List<FileInfo> some = FileEnumeratorAwait.nextFiles(entries, 100, PRIORITY);
        sizes.add(some.size());
        if (some.isEmpty()) {
          break;
        }
        some.forEach(info -> names.add(info.getName()));
      }
      assertThat(FileEnumeratorAwait.close(entries, PRIORITY)).isTrue();
      assertThat(names).hasSize(250).doesNotHaveDuplicates();
      assertThat(sizes).containsExactly(100, 100, 50, 0);
    });
  }

  @Test
  @DisplayName("GLIB-4 static and constructor-like operations: newTmp gives a file and its stream")
  void statics() {
    run(() -> {
      FileAwait.NewTmp tmp = FileAwait.newTmp("lariat-XXXXXX", PRIORITY);
      try {
        assertThat(tmp.iostream()).isNotNull();
        IOStreamAwait.close(tmp.iostream(), PRIORITY);
        assertThat(FileAwait.loadContents(tmp.value()).contents()).isNullOrEmpty();
      } finally {
        assertThat(FileAwait.delete(tmp.value(), PRIORITY)).isTrue();
      }
    });
  }

  @Test
  @DisplayName("GLIB-4 a progress callback is called while the task waits")
  void progress() {
    run(() -> {
      byte[] contents = random(16 << 20);
      Files.write(directory.resolve("from"), contents);
      List<Long> seen = new ArrayList<>();
      FileAwait.copy(
          file("from"),
          file("to"),
          FileCopyFlags.OVERWRITE,
          PRIORITY,
          (current, total, _) -> {
            assertThat(total).isEqualTo(contents.length);
            seen.add(current);
          });
      assertThat(seen).isNotEmpty().isSorted().endsWith((long) contents.length);
      assertThat(Files.readAllBytes(directory.resolve("to"))).isEqualTo(contents);
    });
  }

  // -- bytes that have to live -------------------------------------------------------------------

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 4 << 10, 64 << 10, 1 << 20, 64 << 20})
  @DisplayName("what is written is what was given, byte for byte, whatever else goes on")
  void writes(int size) {
    run(() -> {
      byte[] bytes = random(size);
      File file = file("written");
      Task<Void> garbage = createTask(FilesTest::makeGarbage);

      FileOutputStream out = FileAwait.replace(file, null, false, FileCreateFlags.NONE, PRIORITY);
      assertThat(OutputStreamAwait.writeAll(out, bytes, PRIORITY).bytesWritten()).isEqualTo(size);
      OutputStreamAwait.close(out, PRIORITY);
      assertThat(Files.readAllBytes(directory.resolve("written"))).isEqualTo(bytes);

      FileAwait.replaceContents(file, bytes, null, false, FileCreateFlags.NONE);
      assertThat(Files.readAllBytes(directory.resolve("written"))).isEqualTo(bytes);

      FileAwait.replaceContentsBytes(file, bytes, null, false, Set.of());
      assertThat(Files.readAllBytes(directory.resolve("written"))).isEqualTo(bytes);
      garbage.await();
    });
  }

  /** Frees and allocates memory, so that bytes freed too early would not stay as they are. */
  private static void makeGarbage() {
    for (int i = 0; i < 200; i++) {
      try (Arena arena = Arena.ofConfined()) {
        arena.allocate(4 << 10).fill((byte) i);
        arena.allocate(1 << 20).fill((byte) i);
      }
      sleep(Duration.ZERO);
    }
  }

  @Test
  @DisplayName("forty files at a time: none gets the bytes of another")
  void manyWrites() {
    run(() -> {
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int number = i;
        tasks.add(
            createTask(() -> {
              File file = file("many" + number);
              byte[] bytes = random(100_000 + number);
              FileAwait.replaceContents(file, bytes, null, false, FileCreateFlags.NONE);
              FileOutputStream out = FileAwait.appendTo(file, FileCreateFlags.NONE, PRIORITY);
              OutputStreamAwait.writeAll(out, bytes, PRIORITY);
              OutputStreamAwait.close(out, PRIORITY);
              byte[] read = Files.readAllBytes(directory.resolve("many" + number));
              assertThat(java.util.Arrays.copyOf(read, bytes.length)).isEqualTo(bytes);
              assertThat(java.util.Arrays.copyOfRange(read, bytes.length, read.length))
                  .isEqualTo(bytes);
            }));
      }
      for (Task<?> task : tasks) {
        task.await();
      }
    });
  }

  @Test
  @DisplayName("a buffer to read into is filled, and no byte beyond the end is touched")
  void reads() {
    run(() -> {
      byte[] bytes = random(10_000);
      Files.write(directory.resolve("file"), bytes);
      FileInputStream in = FileAwait.read(file("file"), PRIORITY);
      Out<byte[]> first = new Out<>(new byte[4_000]);
      assertThat(InputStreamAwait.read(in, first, PRIORITY)).isEqualTo(4_000);
      assertThat(first.get()).isEqualTo(java.util.Arrays.copyOf(bytes, 4_000));
      Out<byte[]> rest = new Out<>(new byte[20_000]);
      assertThat(InputStreamAwait.readAll(in, rest, PRIORITY).bytesRead()).isEqualTo(6_000);
      assertThat(java.util.Arrays.copyOf(rest.get(), 6_000))
          .isEqualTo(java.util.Arrays.copyOfRange(bytes, 4_000, 10_000));
      assertThat(InputStreamAwait.readBytes(in, 10, PRIORITY)).isNullOrEmpty();
      assertThatThrownBy(() -> InputStreamAwait.read(in, new Out<>(), PRIORITY))
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("new Out<>(new byte[4096])");
    });
  }

  @Test
  @DisplayName("vectors are written in their order")
  void writesVectors() {
    run(() -> {
      FileOutputStream out =
          FileAwait.replace(file("file"), null, false, FileCreateFlags.NONE, PRIORITY);
      try (Arena arena = Arena.ofConfined()) {
        OutputVector[] vectors = new OutputVector[3];
        for (int i = 0; i < 3; i++) {
          MemorySegment text =
              arena.allocateFrom(ValueLayout.JAVA_BYTE, ("part " + i + ";").getBytes("UTF-8"));
          vectors[i] = new OutputVector(text, text.byteSize(), arena);
        }
        assertThat(OutputStreamAwait.writevAll(out, vectors, PRIORITY).bytesWritten())
            .isEqualTo(21);
        OutputStreamAwait.close(out, PRIORITY);
      }
      assertThat(Files.readString(directory.resolve("file"))).isEqualTo("part 0;part 1;part 2;");
    });
  }

  // -- misuse ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "GLIB-4 on a loop that is not on GLib an operation fails at once, and says what to do")
  void notOnGLib() {
    try (EventLoop other = new EventLoop()) {
      other.runUntilComplete(() -> {
        assertThatThrownBy(() -> FileAwait.loadContents(file("file")))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("GLibEventLoop::new");
      });
    }
  }

  @Test
  @DisplayName("GLIB-4 outside a task an operation fails at once, and says what to do")
  void outsideATask() {
    run(() -> {
      Throwable[] thrown = {null};
      loop.callSoon(() -> {
        try {
          FileAwait.loadContents(file("file"));
        } catch (Throwable error) {
          thrown[0] = error;
        }
      });
      sleep(Duration.ofMillis(1));
      assertThat(thrown[0])
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("createTask");
    });
  }
}
