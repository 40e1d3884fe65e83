package dev.lariat.net;

import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static dev.lariat.process.Subprocess.createSubprocessExec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.process.SubprocessOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Netty is loaded beside the loop, which goes on meanwhile")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadingTest {
  private static final Pattern LOADED = Pattern.compile("\\[(\\d+) *] ([\\w.$]+) source:.*");

  @TempDir Path directory;

  /** What each program does first, in a JVM of its own. */
  enum First {
    CHILD(() -> {
      try (var cat = createSubprocessExec(SubprocessOptions.PIPES, "cat")) {
        cat.communicate(new byte[1]);
      }
    }),
    CONNECTION(() -> {
      Server server = startServer((_, writer) -> writer.write("hello\n"), "127.0.0.1", 0);
      try (Connection connection = openConnection("127.0.0.1", server.port())) {
        connection.reader().readline();
      }
      server.close();
    });

    private final Action action;

    First(Action action) {
      this.action = action;
    }

    static void main(String[] args) {
      Asyncio.run(valueOf(args[0]).action);
    }
  }

  @Test
  @DisplayName("SP-2 of a child's pipes, the loop's thread loads next to nothing")
  void child() throws Exception {
    assertThat(percentLoadedByTheLoop(First.CHILD)).isLessThan(5);
  }

  @Test
  @DisplayName("NET-1 of a connection, it loads little")
  void connection() throws Exception {
    assertThat(percentLoadedByTheLoop(First.CONNECTION)).isLessThan(20);
  }

  /** How many of Netty's classes were loaded by the thread that loaded the program itself. */
  private int percentLoadedByTheLoop(First first) throws IOException, InterruptedException {
    Map<String, String> threads = new TreeMap<>();
    for (String line : Files.readAllLines(run(first))) {
      Matcher matcher = LOADED.matcher(line);
      if (matcher.matches()) {
        threads.put(matcher.group(2), matcher.group(1));
      }
    }
    String loop = threads.get(First.class.getName());
    threads.keySet().removeIf(name -> !name.startsWith("io.netty."));
    assertThat(threads).hasSizeGreaterThan(100);
    return (int) (100 * threads.values().stream().filter(loop::equals).count() / threads.size());
  }

  private Path run(First first) throws IOException, InterruptedException {
    Path log = directory.resolve("classes.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log + ":tid",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(First.class.getName(), first.name()));
    Process program = new ProcessBuilder(command).inheritIO().start();
    assertThat(program.waitFor()).isZero();
    return log;
  }
}
