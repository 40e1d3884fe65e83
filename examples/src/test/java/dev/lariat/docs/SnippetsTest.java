package dev.lariat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles every block of Java in the documentation, as the body of a method. What a block takes
 * for granted, such as a method {@code fetch}, is in {@link #GIVEN}.
 */
class SnippetsTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)\n```java\n(.*?)\n```\n");

  private static final String IMPORTS =
      """
      import static dev.lariat.Asyncio.*;
      import dev.lariat.*;
      import dev.lariat.context.*;
      import dev.lariat.event.*;
      import static dev.lariat.net.Streams.*;
      import static dev.lariat.net.Sockets.*;
      import static dev.lariat.process.Subprocess.*;
      import dev.lariat.host.*;
      import dev.lariat.net.*;
      import dev.lariat.process.*;
      import dev.lariat.process.Process;
      import dev.lariat.queue.Queue;
      import dev.lariat.sync.*;
      import java.io.*;
      import java.net.InetSocketAddress;
      import java.nio.channels.FileChannel;
      import java.nio.channels.SocketChannel;
      import java.nio.file.*;
      import java.time.Duration;
      import java.util.ArrayList;
      import java.util.List;
      import java.util.Map;
      import java.util.concurrent.CompletableFuture;
      import java.util.concurrent.CompletionException;
      import java.util.concurrent.ForkJoinPool;
      """;

  private static final String GIVEN =
      """
      static final String url = "";
      static final List<String> urls = List.of();
      static final Path path = Path.of("");
      static final Map<String, String> cache = Map.of();
      static final Task<Integer> task = null;
      static final Host host = null;
      static final EventLoop other = null;
      static final EventSource<String> keys = null;
      static final EventSource<Integer> sizes = null;
      static String fetch(String url) { return ""; }
      static void save(Object page) {}
      static void log(String what, Throwable why) {}
      static void work() {}
      static void undo() {}
      static int compute() { return 0; }
      """;

  @TempDir Path classes;

  @TestFactory
  Stream<DynamicTest> everySnippetCompiles() throws IOException {
    List<Path> files = new ArrayList<>(List.of(Path.of("..", "README.md")));
    try (Stream<Path> docs = Files.list(Path.of("..", "docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
      files.removeIf(file -> file.endsWith("cluster.md")); // checked in examples-cluster
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files) {
      BLOCK
          .matcher(Files.readString(file))
          .results()
          .map(match -> match.group(1))
          .forEach(code ->
              tests.add(
                  DynamicTest.dynamicTest(
                      file.getFileName() + ": " + code.lines().findFirst().orElse(""),
                      () -> assertThat(errors(code)).isEmpty())));
    }
    assertThat(tests).hasSizeGreaterThan(10);
    return tests.stream();
  }

  private String errors(String snippet) {
    String imports = lines(snippet, true);
    String body = lines(snippet, false);
    String source =
        IMPORTS
            + imports
            + "class Snippet {\n"
            + GIVEN
            + "void snippet() throws Exception {\n"
            + body
            + "}}";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter output = new StringWriter();
    boolean ok =
        compiler
            .getTask(
                output,
                null,
                null,
                List.of(
                    "-d",
                    classes.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-proc:none"),
                null,
                List.of(new Source(source)))
            .call();
    return ok ? "" : output + "\nin\n" + body;
  }

  private static String lines(String snippet, boolean imports) {
    return snippet
        .lines()
        .filter(line -> line.startsWith("import ") == imports)
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
