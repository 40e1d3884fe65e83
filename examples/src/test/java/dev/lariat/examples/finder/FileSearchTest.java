package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSearchTest {
  @TempDir Path root;
  private final List<String> found = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();

  private final FileSearch.Listener listener =
      new FileSearch.Listener() {
        @Override
        public void found(Path directory, List<Path> files) {
          files.forEach(file -> found.add(root.relativize(file).toString()));
        }

        @Override
        public void failed(Path path, IOException error) {
          failed.add(path.getFileName() + ": " + error.getClass().getSimpleName());
        }

        @Override
        public void progress(int read, int known) {
          progress.add(read + "/" + known);
        }
      };

  @BeforeEach
  void makeFiles() throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    Files.createDirectory(root.resolve("c"));
    for (String name : List.of("Note.txt", "other", "a/notes", "a/b/NOTE", "c/knot", "c/x")) {
      Files.writeString(root.resolve(name), "");
    }
  }

  @Test
  @DisplayName("finds names in whatever case, at any depth, directories too")
  void finds() {
    run(() -> new FileSearch(root, "not", listener).run());
    assertThat(found).containsExactlyInAnyOrder("Note.txt", "a/notes", "a/b/NOTE", "c/knot");
    assertThat(progress).hasSize(4).endsWith("4/4");
    assertThat(failed).isEmpty();
    found.clear();
    run(() -> new FileSearch(root, "B", listener).run());
    assertThat(found).containsExactly("a/b");
  }

  @Test
  @DisplayName("a directory that cannot be read is told, and the search goes on")
  void unreadable() {
    run(() -> new FileSearch(root.resolve("missing"), "x", listener).run());
    assertThat(failed).containsExactly("missing: NoSuchFileException");
    assertThat(progress).containsExactly("1/1");
  }

  @Test
  @DisplayName("a symbolic link is found and not followed")
  void links() throws IOException {
    Files.createSymbolicLink(root.resolve("c/loop-not"), root);
    run(() -> new FileSearch(root, "not", listener).run());
    assertThat(found).hasSize(5).contains("c/loop-not");
  }

  @Test
  @DisplayName("once cancelled, it tells nothing more")
  void cancelled() {
    run(() -> {
      Task<Void> search = createTask(() -> new FileSearch(root, "not", listener).run());
      while (progress.isEmpty()) {
        sleep(java.time.Duration.ZERO);
      }
      search.cancel();
      assertThatThrownBy(search::await).isInstanceOf(CancelledError.class);
      List<String> seen = List.copyOf(progress);
      assertThat(seen.size()).isLessThan(4);
      sleep(java.time.Duration.ofMillis(20)); // real time: what a thread left behind would take
      assertThat(progress).isEqualTo(seen);
    });
  }

  @Test
  @DisplayName("the arguments of a Finder")
  void arguments() {
    FinderArguments all =
        FinderArguments.of(root.toString(), "--search", "x", "--screenshot", "p.png");
    assertThat(all).isEqualTo(new FinderArguments(root, "x", Path.of("p.png")));
    assertThat(FinderArguments.of().root()).isEqualTo(Path.of(System.getProperty("user.home")));
    assertThatThrownBy(() -> FinderArguments.of("--search"))
        .hasMessageContaining("--search wants a value");
    assertThatThrownBy(() -> FinderArguments.of("--nonsense")).hasMessageContaining("no directory");
  }
}
