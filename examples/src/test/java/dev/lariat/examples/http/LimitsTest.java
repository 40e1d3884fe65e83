package dev.lariat.examples.http;

import static dev.lariat.Asyncio.*;
import static dev.lariat.net.Streams.openConnection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.Task;
import dev.lariat.examples.Output;
import dev.lariat.examples.http.FileServer.Limits;
import dev.lariat.net.Connection;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client may take up of the file server; time is virtual. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitsTest {
  private static final Limits LIMITS =
      new Limits(2, Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(30));
  private static final String REQUEST = "GET /file HTTP/1.1\r\nHost: x\r\n\r\n";

  @TempDir Path root;

  /** What goes on while the server ends. */
  private Task<Void> clients;

  private Output serve(FileServer.Body body) {
    return Output.ofTask(() -> serveFile(body));
  }

  private void serveFile(FileServer.Body body) throws IOException {
    Files.writeString(root.resolve("file"), "content");
    new FileServer(root, LIMITS).serve(0, body);
  }

  private static Connection connect(int port) throws IOException {
    return openConnection("127.0.0.1", port);
  }

  private static String rest(Connection connection) throws IOException {
    return new String(connection.reader().read(), StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("a head that comes too slowly is 408, after 10 s; one that does not come, the end")
  void slowHead() {
    serve(port -> {
      try (Connection slow = connect(port);
          Connection idle = connect(port)) {
        Duration start = getRunningLoop().time();
        slow.writer().write("GET / HTTP/1.1\r\nHos");
        String answer = rest(slow);
        assertThat(answer).startsWith("HTTP/1.1 408 ").contains("Connection: close");
        assertThat(getRunningLoop().time().minus(start)).isEqualTo(Duration.ofSeconds(10));
        assertThat(rest(idle)).isEmpty();
        assertThat(getRunningLoop().time().minus(start)).isEqualTo(Duration.ofSeconds(60));
      }
    });
  }

  @Test
  @DisplayName("more connections than there may be are refused; when one ends there is room again")
  void connections() {
    serve(port -> {
      Connection first = connect(port);
      first.writer().write(REQUEST);
      first.reader().readuntil("content".getBytes(StandardCharsets.UTF_8));
      try (Connection second = connect(port)) {
        second.writer().write(REQUEST);
        second.reader().readuntil("content".getBytes(StandardCharsets.UTF_8));
        try (Connection third = connect(port)) {
          assertThat(rest(third)).startsWith("HTTP/1.1 503 ");
        }
        first.close();
        sleep(Duration.ofSeconds(1)); // the clock waits for the network
        try (Connection fourth = connect(port)) {
          fourth.writer().write(REQUEST);
          fourth.reader().readuntil("content".getBytes(StandardCharsets.UTF_8));
        }
      }
    });
  }

  @Test
  @DisplayName("one that does not take what it has asked for is cut off, after 30 s")
  void stalled() {
    Output output =
        serve(port -> {
          Path large = root.resolve("large");
          try (FileChannel file =
              FileChannel.open(large, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.position(64 << 20);
            Channels.newOutputStream(file).write(0); // sparse: it takes no space
          }
          try (Connection stalled = connect(port)) {
            stalled.writer().write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
            sleep(Duration.ofSeconds(31));
            long received = 0;
            try {
              byte[] buffer = new byte[1 << 20];
              for (int n; (n = stalled.reader().readInto(buffer, 0, buffer.length)) > 0; ) {
                received += n;
              }
            } catch (IOException reset) {
              // as good an end as any
            }
            assertThat(received).isLessThan(64 << 20);
          } catch (IOException reset) {
            // also when closing
          }
        });
    assertThat(output.elapsed()).isLessThan(Duration.ofSeconds(60));
  }

  @Test
  @DisplayName("the end: idle connections are closed at once, what is being answered is finished")
  void ends() {
    Action program = // in real time: nothing here waits for time to pass
        () -> {
          serveFile(this::beginAndLeave);
          clients.await();
        };
    assertThat(Output.ofMain(() -> run(program))).hasSize(2);
  }

  private void beginAndLeave(int port) throws IOException {
    Files.write(root.resolve("large"), new byte[10 << 20]);
    Connection idle = connect(port);
    idle.writer().write(REQUEST);
    idle.reader().readuntil("content".getBytes(StandardCharsets.UTF_8));
    Connection busy = connect(port);
    busy.writer().write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    busy.reader().readuntil("\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    clients =
        createTask(() -> {
          try (idle;
              busy) {
            assertThat(rest(idle)).isEmpty();
            assertThat(busy.reader().readexactly(10 << 20)).hasSize(10 << 20);
          }
        });
  }
}
