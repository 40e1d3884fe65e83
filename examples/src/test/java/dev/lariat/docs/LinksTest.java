package dev.lariat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Follows the links between the files of the documentation. */
class LinksTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("examples"), ROOT.resolve("docs"))) {
      boolean deep = folder.endsWith("docs");
      try (Stream<Path> found = Files.walk(folder, deep ? 9 : 1)) {
        found.filter(file -> file.toString().endsWith(".md")).forEach(files::add);
      }
    }
    List<Path> targets = new ArrayList<>();
    for (Path file : files) {
      LINK.matcher(Files.readString(file))
          .results()
          .forEach(match -> targets.add(file.resolveSibling(match.group(1))));
    }
    assertThat(targets).hasSizeGreaterThan(30).allSatisfy(target -> assertThat(target).exists());
  }
}
