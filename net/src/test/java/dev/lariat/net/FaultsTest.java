package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.reset;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What breaks, and what is left when it has. */
class FaultsTest extends NetTest {
  private static final String HOST = "127.0.0.1";

  private static void echo(StreamReader reader, StreamWriter writer) throws IOException {
    try (writer) {
      for (byte[] data = reader.read(65536); data.length > 0; data = reader.read(65536)) {
        writer.write(data);
      }
    } catch (IOException broken) {
      // on purpose
    }
  }

  /** One client; one in ten breaks off, each time somewhere else. */
  private static void client(Server server, int number) throws IOException {
    Random random = new Random(number);
    Connection connection = openConnection(HOST, server.port());
    boolean breaks = number % 10 == 0;
    int turns = breaks ? random.nextInt(3) : 2;
    byte[] message = new byte[1 + random.nextInt(3_000)];
    for (int i = 0; i < turns; i++) {
      connection.writer().write(message);
      assertThat(connection.reader().readexactly(message.length)).hasSize(message.length);
    }
    if (!breaks) {
      connection.close();
    } else if (random.nextBoolean()) {
      connection.writer().writeNowait(message);
      reset(connection);
    } else {
      connection.writer().writeNowait(message);
      connection.writer().transport().abort();
    }
  }

  /** The acceptance run is of 100,000: {@code -Dlariat.soak=100000}. */
  @Test
  @Timeout(600)
  @DisplayName("After thousands of connections, a tenth broken, nothing is left of them")
  void soak() throws InterruptedException {
    int count = Integer.getInteger("lariat.soak", 2_000);
    run(() -> roundOf(50)); // what is made on first use
    long descriptors = Descriptors.count();
    int threads = Thread.activeCount();
    for (int done = 0; done < count; done += 500) {
      run(() -> roundOf(500));
    }
    run(() -> until(() -> Descriptors.count() <= descriptors));
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
    assertThat(Leaks.found()).isEmpty();
  }

  private static void roundOf(int connections) throws Exception {
    Server server = startServer(FaultsTest::echo, HOST, 0);
    server.use(() -> {
      for (int from = 0; from < connections; from += 50) {
        List<Task<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          int number = from + i;
          clients.add(createTask(() -> client(server, number)));
        }
        gather(clients).await();
      }
    });
  }

  /** epoll had let go of the server's socket, which wanted nothing between question and answer. */
  @Test
  @DisplayName(
      "TR-5, TR-6: an answer larger than any buffer, to a peer that has said its last word")
  void largeAnswerAfterTheEnd() {
    byte[] data = StreamFixtures.pattern(10_000_000);
    run(() -> {
      Server server =
          startServer(
              (reader, writer) -> {
                try (writer) {
                  reader.read();
                  sleep(Duration.ofMillis(1)); // long enough for the socket to have nothing to do
                  writer.write(data);
                }
              },
              HOST,
              0);
      server.use(() -> {
        for (int i = 0; i < 5; i++) {
          try (Connection connection = openConnection(HOST, server.port())) {
            connection.writer().write(ascii("question"));
            connection.writer().writeEof();
            assertThat(connection.reader().read()).isEqualTo(data);
          }
        }
      });
    });
  }

  @Test
  @DisplayName("A client that is cancelled after any number of steps leaves nothing open")
  void cancelledAnywhere() {
    run(() -> {
      Server server = startServer(FaultsTest::echo, HOST, 0);
      server.use(() -> {
        for (int steps = 0; steps < 40; steps++) {
          Task<Void> client =
              createTask(() -> {
                try (Connection connection = openConnection(HOST, server.port())) {
                  connection.writer().write("question\n");
                  connection.reader().readLine();
                  connection.writer().drain();
                }
              });
          for (int i = 0; i < steps && !client.done(); i++) {
            sleep(i < 30 ? Duration.ZERO : Duration.ofMillis(1));
          }
          client.cancel();
          try {
            client.await();
          } catch (CancelledError expected) {
            // wherever it was
          }
        }
        until(() -> server.transports().isEmpty());
      });
    });
  }

  @Test
  @DisplayName(
      "STR-10: a reset is an IOException for a try statement, which reading has thrown, too")
  void resetInTry() {
    run(() -> {
      List<Connection> accepted = new ArrayList<>();
      Server server =
          startServer((reader, writer) -> accepted.add(new Connection(reader, writer)), HOST, 0);
      Throwable thrown = null;
      try (Connection connection = openConnection(HOST, server.port())) {
        until(() -> !accepted.isEmpty());
        reset(accepted.getFirst());
        connection.reader().readLine();
      } catch (Throwable error) {
        thrown = error;
      }
      assertThat(thrown).isInstanceOf(IOException.class);
      server.close();
      server.waitClosed();
    });
  }

  @Test
  @DisplayName("A reset while a task reads, writes, drains or waits for the end")
  void resets() {
    run(() -> {
      List<Connection> accepted = new ArrayList<>();
      Server server =
          startServer((reader, writer) -> accepted.add(new Connection(reader, writer)), HOST, 0);
      server.use(() -> {
        for (int what = 0; what < 3; what++) {
          accepted.clear();
          Connection connection = openConnection(HOST, server.port());
          until(() -> accepted.size() == 1);
          int call = what;
          Task<Void> waiting =
              createTask(() -> {
                switch (call) {
                  case 0 -> connection.reader().read();
                  case 1 -> {
                    while (true) {
                      connection.writer().write(new byte[100_000]);
                    }
                  }
                  default -> connection.writer().waitClosed();
                }
              });
          sleep(SHORT);
          reset(accepted.getFirst());
          assertThat(waitFor(waiting)).isInstanceOf(IOException.class);
          assertThat(connection.writer().isClosing()).isTrue();
          connection.writer().close();
        }
      });
    });
  }

  private static Throwable waitFor(Task<Void> task) {
    try {
      task.await();
      return null;
    } catch (java.util.concurrent.CompletionException error) {
      return error.getCause();
    }
  }

  @Test
  @DisplayName("NET-4: out of descriptors, a server pauses, says so, and goes on")
  void outOfDescriptors() throws Exception {
    // In a JVM of its own, which is given few descriptors.
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n 220; exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OutOfDescriptors.class.getName(),
                kind.name())
            .redirectErrorStream(true)
            .start();
    String said = StreamFixtures.text(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("out of system resource").contains("served afterwards");
  }

  /** Opens connections until accepting fails, then closes them, and is served again. */
  static final class OutOfDescriptors {
    private OutOfDescriptors() {}

    /** Runs the program. */
    public static void main(String[] args) {
      dev.lariat.EventLoop loop = LoopKind.named(args[0]).newLoop();
      boolean[] failed = new boolean[1];
      loop.setExceptionHandler((_, report) -> {
        System.out.println(report.message());
        failed[0] |= report.message().contains("out of system resource");
      });
      loop.callLater(Duration.ofSeconds(20), loop::stop);
      loop.runUntilComplete(() -> {
        loadClassesOfFailures();
        Server server = startServer(FaultsTest::echo, HOST, 0);
        List<Connection> open = new ArrayList<>();
        List<AutoCloseable> others = new ArrayList<>();
        while (!failed[0]) {
          try {
            open.add(openConnection(HOST, server.port()));
          } catch (IOException noMore) {
            open.removeLast().close(); // frees two: ours and the server's
            sleep(Duration.ofMillis(50));
            try {
              others.add(new java.io.FileInputStream("/dev/null")); // so the next accept has none
            } catch (IOException noneLeft) {
              // the next accept has none as it is
            }
          }
        }
        for (Connection connection : open) {
          connection.close();
        }
        for (AutoCloseable other : others) {
          other.close();
        }
        Connection connection = openWhenPossible(server.port());
        connection.writer().write(ascii("hello\n"));
        if ("hello".equals(connection.reader().readLine())) {
          System.out.println("served afterwards");
        }
        connection.close();
        server.close();
        server.waitClosed();
        return null;
      });
      loop.close();
    }

    /** Later there is no descriptor to load them with: each is a file, unless it is in a jar. */
    private static void loadClassesOfFailures() throws IOException {
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        if (Files.isDirectory(Path.of(entry))) {
          loadAll(Path.of(entry));
        }
      }
      Task<Void> failing =
          createTask(() -> {
            throw new IOException("on purpose");
          });
      try {
        failing.await();
      } catch (java.util.concurrent.CompletionException error) {
        // as it should be
      }
    }

    private static void loadAll(Path folder) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          String name = folder.relativize(file).toString().replace(File.separatorChar, '.');
          if (name.endsWith(".class")) {
            try {
              Class.forName(
                  name.substring(0, name.length() - 6), false, LoopKind.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError noProgramNeedsIt) {
              // module-info, or of a library that is not there
            }
          }
        }
      }
    }

    /** The descriptors of what was closed are free a moment later. */
    private static Connection openWhenPossible(int port) {
      while (true) {
        try {
          return openConnection(HOST, port);
        } catch (IOException noDescriptor) {
          sleep(Duration.ofMillis(50));
        }
      }
    }
  }
}
