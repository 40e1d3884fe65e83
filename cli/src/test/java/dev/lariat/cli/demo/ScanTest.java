package dev.lariat.cli.demo;

import static dev.lariat.Asyncio.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.host.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanTest {
  @TempDir Path tree;

  private void file(String name, int size) throws IOException {
    Path path = tree.resolve(name);
    Files.createDirectories(path.getParent());
    Files.write(path, new byte[size]);
  }

  private static void onLoop(Action program) {
    try (EventLoop loop = new EventLoop(new VirtualTime())) {
      loop.runUntilComplete(program);
    }
  }

  private Scan scan(Scan.Reader reader, int limit) throws IOException {
    Scan scan = new Scan(Listing.root(tree), limit, reader);
    onLoop(scan::run);
    return scan;
  }

  private Scan scan() throws IOException {
    return scan(Listing::read, 4);
  }

  @Test
  void sumsUpEveryDirectoryWithAllThatIsBelowIt() throws IOException {
    file("small", 10);
    file("a/one", 100);
    file("a/deep/er/two", 1000);
    file("b/three", 300);
    Files.createDirectories(tree.resolve("empty"));

    Scan scan = scan();

    assertThat(scan.tally().files).isEqualTo(4);
    assertThat(scan.tally().bytes).isEqualTo(1410);
    assertThat(scan.tally().directories).isEqualTo(6);
    assertThat(scan.root().bytes).isEqualTo(1410);
    assertThat(scan.largest(10))
        .extracting(folder -> folder.relativePath() + " " + folder.bytes + " " + folder.files)
        .containsExactly("a 1100 2", "a/deep 1000 1", "a/deep/er 1000 1", "b 300 1");
    assertThat(scan.largest(1)).hasSize(1);
    assertThat(scan.waiting()).isZero();
    assertThat(scan.progress()).isEqualTo(1);
  }

  @Test
  void countsAFileOfSeveralNamesOnce() throws IOException {
    file("a/name", 100);
    Files.createDirectories(tree.resolve("b"));
    Files.createLink(tree.resolve("b/other-name"), tree.resolve("a/name"));

    Scan scan = scan();

    assertThat(scan.tally().files).isEqualTo(1);
    assertThat(scan.tally().bytes).isEqualTo(100);
  }

  @Test
  void countsSymbolicLinksAndTheirLoopsAndFollowsNone() throws IOException {
    file("a/b/file", 100);
    Files.createDirectories(tree.resolve("c"));
    Files.createSymbolicLink(tree.resolve("a/b/up"), tree.resolve("a")); // a loop
    Files.createSymbolicLink(tree.resolve("self"), Path.of("self")); // a loop
    Files.createSymbolicLink(tree.resolve("ping"), Path.of("pong")); // a loop of two
    Files.createSymbolicLink(tree.resolve("pong"), Path.of("ping"));
    Files.createSymbolicLink(tree.resolve("c/across"), tree.resolve("a"));
    Files.createSymbolicLink(tree.resolve("to-file"), tree.resolve("a/b/file"));
    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere"));

    Scan scan = scan();

    assertThat(scan.tally().links).isEqualTo(7);
    assertThat(scan.tally().loops).isEqualTo(4);
    assertThat(scan.tally().files).isEqualTo(1);
    assertThat(scan.tally().bytes).isEqualTo(100);
    assertThat(scan.tally().directories).isEqualTo(4);
    assertThat(scan.tally().vanished).isZero();
  }

  @Test
  void goesOnWhenADirectoryVanishes() throws IOException {
    file("a/one", 100);
    file("b/two", 200);

    Scan scan =
        scan(
            folder -> {
              if (folder.relativePath().equals(Path.of("a"))) {
                delete(tree.resolve("a/one"));
                delete(tree.resolve("a"));
              }
              return Listing.read(folder);
            },
            1);

    assertThat(scan.tally().vanished).isEqualTo(1);
    assertThat(scan.tally().bytes).isEqualTo(200);
    assertThat(scan.tally().directories).isEqualTo(2);
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void goesOnWhenADirectoryBecomesAFile() throws IOException {
    Files.createDirectories(tree.resolve("a"));

    Scan scan =
        scan(
            folder -> {
              Listing listing = Listing.read(folder);
              if (folder.parent == null) {
                delete(tree.resolve("a"));
                try {
                  file("a", 1);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
              return listing;
            },
            1);

    assertThat(scan.tally().vanished).isEqualTo(1);
  }

  @Test
  void goesOnWhenADirectoryCannotBeRead() throws IOException {
    file("a/one", 100);
    file("b/two", 200);
    Folder unreadable = new Folder(null, Path.of("/" + "too-long".repeat(100)), null, null);

    Scan scan =
        scan(
            folder ->
                Listing.read(folder.relativePath().equals(Path.of("a")) ? unreadable : folder),
            2);

    assertThat(scan.tally().unreadable).isEqualTo(1);
    assertThat(scan.unreadable()).containsExactly(tree.toRealPath().resolve("a"));
    assertThat(scan.tally().bytes).isEqualTo(200);
  }

  @Test
  void goesOnWhenADirectoryIsForbidden() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may read everything");
    file("a/one", 100);
    file("b/two", 200);
    Files.setPosixFilePermissions(tree.resolve("a"), PosixFilePermissions.fromString("---------"));
    try {
      Scan scan = scan();
      assertThat(scan.tally().unreadable).isEqualTo(1);
      assertThat(scan.tally().bytes).isEqualTo(200);
    } finally {
      Files.setPosixFilePermissions(
          tree.resolve("a"), PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void doesNotEnterAnotherFileSystem() throws IOException {
    file("a/one", 100);
    Folder real = Listing.root(tree);
    Folder elsewhere = new Folder(null, real.path(), real.key, "another device");

    Scan scan = new Scan(elsewhere, 2, Listing::read);
    onLoop(scan::run);

    assertThat(scan.tally().mounts).isEqualTo(1);
    assertThat(scan.tally().files).isZero();
  }

  @Test
  void readsAsManyDirectoriesAtATimeAsItMayAndNoMore() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.createDirectories(tree.resolve("d" + i));
    }
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch three = new CountDownLatch(3);

    scan(
        folder -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          if (folder.parent != null) {
            three.countDown();
            assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
          }
          Listing listing = Listing.read(folder);
          inside.decrementAndGet();
          return listing;
        },
        3);

    assertThat(most).hasValue(3);
  }

  @Test
  void keepsItsSumsAndInterruptsItsThreadsWhenItIsCancelled() throws Exception {
    file("read", 100);
    file("slow/never", 200);
    AtomicBoolean interrupted = new AtomicBoolean();
    CompletableFuture<Void> reading = new CompletableFuture<>();
    Scan scan =
        new Scan(
            Listing.root(tree),
            2,
            folder -> {
              if (folder.parent != null) {
                reading.complete(null);
                block(interrupted);
              }
              return Listing.read(folder);
            });

    onLoop(() -> {
      Task<Void> task = createTask(scan::run);
      await(reading);
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      getRunningLoop().shutdownDefaultExecutor(null); // waits for the threads
    });

    assertThat(interrupted).isTrue();
    assertThat(scan.tally().bytes).isEqualTo(100);
    assertThat(scan.waiting()).isEqualTo(1);
    assertThat(scan.progress()).isLessThan(1);
  }

  private static void block(AtomicBoolean interrupted) throws InterruptedException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.set(true);
      throw e;
    }
  }

  @Test
  void aReadIsAbandonedBetweenTwoEntriesWhenItsThreadIsInterrupted() throws IOException {
    file("one", 1);
    Folder root = Listing.root(tree);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Listing.read(root)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void startsAtADirectoryOnly() throws IOException {
    file("file", 1);
    assertThatThrownBy(() -> Listing.root(tree.resolve("nothing")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Listing.root(tree.resolve("file")))
        .isInstanceOf(NotDirectoryException.class);
  }

  @Test
  void startsAtTheTargetOfALink() throws IOException {
    file("a/file", 7);
    Path link = Files.createSymbolicLink(tree.resolve("link"), tree.resolve("a"));
    assertThat(Listing.root(link).path()).isEqualTo(tree.toRealPath().resolve("a"));
  }
}
