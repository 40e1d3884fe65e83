package dev.lariat.gio.generator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the sources: to the directory named first, from the jars named after it. */
public final class Main {
  private Main() {}

  /**
   * Runs the generator.
   *
   * @param args a directory, and java-gi's jars
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      throw new IllegalArgumentException("usage: DIRECTORY JAR...");
    }
    Path directory = Path.of(args[0]);
    Pairs pairs = read(Arrays.stream(args).skip(1).map(Path::of).toList());
    Map<String, SourceFile> files = new LinkedHashMap<>();
    for (Pairs.Pair pair : pairs.pairs) {
      files.computeIfAbsent(pair.begin().owner(), _ -> new SourceFile(pair.begin())).add(pair);
    }
    for (SourceFile file : files.values()) {
      Path path = directory.resolve(file.path());
      Files.createDirectories(path.getParent());
      String text = file.text();
      if (!Files.exists(path) || !Files.readString(path).equals(text)) {
        Files.writeString(path, text, StandardCharsets.UTF_8);
      }
    }
  }

  static Pairs read(List<Path> jars) throws IOException {
    Pairs pairs = new Pairs();
    for (Path jar : jars) {
      JavaGi.read(jar).forEach(pairs::addAll);
    }
    return pairs;
  }
}
