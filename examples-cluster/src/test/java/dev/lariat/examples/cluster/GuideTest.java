package dev.lariat.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in docs/cluster.md is that of this module, which is compiled and tested. */
class GuideTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)\n```java\n(.*?)\n```\n");

  @Test
  void everyBlockIsInASource() throws IOException {
    StringBuilder sources = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        sources.append(Files.readString(file).indent(0).replaceAll("(?m)^ +", ""));
      }
    }
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Path.of("..", "docs", "cluster.md")))
            .results()
            .map(block -> block.group(1).replaceAll("(?m)^ +", ""))
            .toList();
    assertThat(blocks)
        .hasSizeGreaterThan(2)
        .allSatisfy(block -> assertThat(sources).contains(block));
  }
}
