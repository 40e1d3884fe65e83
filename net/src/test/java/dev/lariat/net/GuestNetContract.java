package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.openUnixConnection;
import static dev.lariat.net.Streams.startServer;
import static dev.lariat.net.Streams.startUnixServer;
import static dev.lariat.process.Subprocess.createSubprocessExec;
import static dev.lariat.signal.Signals.addSignalHandler;
import static dev.lariat.signal.Signals.removeSignalHandler;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.host.Host;
import dev.lariat.process.Process;
import dev.lariat.process.SubprocessOptions;
import dev.lariat.queue.Queue;
import dev.lariat.testkit.VirtualTimeHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

/**
 * Networking, subprocesses and signals on the main loop of a toolkit that knows nothing of them:
 * some of each, to see that all is as elsewhere, and happens on the toolkit's thread.
 *
 * <p>A test fails, too, if the loop's exception handler was told anything, if tasks are left, or if
 * a buffer has leaked.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class GuestNetContract {

  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  @TempDir Path directory;

  /** Those that the callbacks of the test ran on. */
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  private final StreamHandler echo =
      (reader, writer) -> {
        for (byte[] data = reader.read(65536); data.length > 0; data = reader.read(65536)) {
          noteThread();
          writer.write(data);
        }
        writer.close();
      };

  /** Runs {@code test} on the toolkit's thread. */
  protected abstract void onHostThread(Executable test) throws Throwable;

  /** Called on that thread. */
  protected abstract Host newHost();

  /**
   * Runs a nested main loop, as a modal dialog has one. Called on that thread.
   *
   * @param opening is given what ends the nested loop, before that begins
   */
  protected abstract void runDialog(Consumer<Runnable> opening);

  private void noteThread() {
    threads.add(Thread.currentThread());
  }

  private void run(Action test) throws Throwable {
    List<ExceptionContext> reports = new ArrayList<>();
    onHostThread(() -> {
      try (EventLoop loop = new EventLoop(newHost())) {
        loop.setExceptionHandler((_, report) -> reports.add(report));
        loop.runUntilComplete(() -> timeout(PATIENCE, test::run));
        assertThat(Asyncio.allTasks(loop)).as("tasks that the test left").allMatch(Task::done);
      }
      assertThat(threads).containsExactly(Thread.currentThread());
    });
    assertThat(reports).as("reports").isEmpty();
  }

  /** By a program that takes its time. */
  @BeforeAll
  static void makeCertificates() {
    Certificates.good();
  }

  @AfterAll
  static void noLeaks() throws InterruptedException {
    assertThat(Leaks.found()).as("leaked buffers").isEmpty();
  }

  private static void ask(Connection connection, String question) throws IOException {
    connection.writer().write(question + "\n");
    assertThat(connection.reader().readLine()).isEqualTo(question);
  }

  // -- networking --------------------------------------------------------------------------------

  @Test
  @DisplayName("STR-1 NET-3 a server and twenty clients, each message answered on its thread")
  void streams() throws Throwable {
    run(() -> {
      Server server = startServer(echo, HOST, 0);
      server.use(() -> {
        List<Task<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          int client = i;
          clients.add(
              createTask(() -> {
                try (Connection connection = openConnection(HOST, server.port())) {
                  for (int j = 0; j < 20; j++) {
                    ask(connection, client + " asks " + j);
                    noteThread();
                  }
                }
              }));
        }
        gather(clients).await();
      });
    });
  }

  @Test
  @DisplayName("NET-7 TLS, there and back")
  void tls() throws Throwable {
    Tls ofServer =
        Certificates.serverTls(); // made by a program, which the toolkit need not wait for
    Tls ofClient = Certificates.clientTls();
    byte[] data = pattern(500_000);
    run(() -> {
      Server server = startServer(echo, HOST, 0, ServerOptions.tls(ofServer));
      server.use(() -> {
        try (Connection connection =
            openConnection(HOST, server.port(), ConnectOptions.tls(ofClient))) {
          Task<byte[]> answer = createTask(() -> connection.reader().readexactly(data.length));
          connection.writer().write(data);
          assertSame(answer.await(), data);
        }
      });
    });
  }

  /** Without a report of megabytes where they differ. */
  private static void assertSame(byte[] actual, byte[] expected) {
    assertThat(Arrays.mismatch(actual, expected)).as("where they differ").isEqualTo(-1);
  }

  private final class Recorder implements DatagramProtocol {
    private final Queue<String> received = new Queue<>();
    private SocketAddress sender;

    @Override
    public void datagramReceived(byte[] data, SocketAddress from) {
      noteThread();
      sender = from;
      received.putNowait(StreamFixtures.text(data));
    }
  }

  @Test
  @DisplayName("NET-6 TR-11 a datagram, there and back")
  void datagrams() throws Throwable {
    run(() -> {
      var any = new InetSocketAddress(InetAddress.ofLiteral(HOST), 0);
      var server = Net.createDatagramEndpoint(Recorder::new, DatagramOptions.boundTo(any));
      var address = (InetSocketAddress) server.transport().getExtraInfo(ExtraInfo.SOCKNAME);
      var client = Net.createDatagramEndpoint(Recorder::new, DatagramOptions.connectedTo(address));
      client.transport().sendTo(StreamFixtures.ascii("question"));
      assertThat(server.protocol().received.get()).isEqualTo("question");
      server.transport().sendTo(StreamFixtures.ascii("answer"), server.protocol().sender);
      assertThat(client.protocol().received.get()).isEqualTo("answer");
      client.transport().close();
      server.transport().close();
    });
  }

  @Test
  @DisplayName("STR-1 NET-6 a Unix socket")
  @DisabledOnOs(OS.WINDOWS)
  void unixSocket() throws Throwable {
    Path path = directory.resolve("socket");
    run(() ->
        startUnixServer(echo, path)
            .use(() -> {
              try (Connection connection = openUnixConnection(path)) {
                ask(connection, "hello");
              }
            }));
    assertThat(path).doesNotExist();
  }

  // -- subprocesses ------------------------------------------------------------------------------

  @Test
  @DisplayName("SP-2 megabytes through a child, byte for byte")
  @DisabledOnOs(OS.WINDOWS)
  void throughAChild() throws Throwable {
    byte[] data = pattern(4 << 20);
    run(() -> {
      Process cat = createSubprocessExec(SubprocessOptions.PIPES, "cat");
      assertSame(cat.communicate(data).stdout(), data);
      assertThat(cat.returncode()).isZero();
      noteThread();
    });
  }

  @Test
  @DisplayName("SP-3 SP-4 a child is killed when its task is cancelled, and leaves nothing")
  @DisabledOnOs(OS.WINDOWS)
  void cancelledChild() throws Throwable {
    run(() -> {
      Future<Process> started = getRunningLoop().createFuture();
      Task<Void> task =
          createTask(() -> {
            try (Process child = createSubprocessExec(SubprocessOptions.PIPES, "sleep", "300")) {
              started.setResult(child);
              child.await();
            }
          });
      Process child = started.await();
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      assertThat(child.await()).isEqualTo(-9);
      assertThat(ProcessHandle.of(child.pid())).isEmpty();
      noteThread();
    });
  }

  // -- signals -----------------------------------------------------------------------------------

  @Test
  @DisplayName("SIG-1 SIG-2 a signal's handler runs on its thread, until it is removed")
  @DisabledOnOs(OS.WINDOWS)
  void signal() throws Throwable {
    run(() -> {
      EventLoop loop = getRunningLoop();
      Queue<String> came = new Queue<>();
      addSignalHandler(
          loop,
          "WINCH",
          () -> {
            noteThread();
            came.putNowait("signal");
          });
      for (int i = 0; i < 3; i++) {
        Signal.raise(new Signal("WINCH"));
        assertThat(came.get()).isEqualTo("signal");
      }
      assertThat(removeSignalHandler(loop, "WINCH")).isTrue();
    });
  }

  // -- virtual time ------------------------------------------------------------------------------

  @Test
  @DisplayName("STR-1 on virtual time the clock stands while the network is at it")
  void onVirtualTime() throws Throwable {
    onHostThread(() -> {
      try (EventLoop loop = new EventLoop(new VirtualTimeHost(newHost()))) {
        loop.runUntilComplete(() -> {
          Server server = startServer(echo, HOST, 0);
          server.use(() -> {
            Duration start = loop.time();
            timeout(
                Duration.ofMillis(1),
                () -> {
                  try (Connection connection = openConnection(HOST, server.port())) {
                    ask(connection, "how late is it");
                  }
                });
            Asyncio.sleep(Duration.ofHours(1));
            assertThat(loop.time().minus(start)).isEqualTo(Duration.ofHours(1));
          });
        });
      }
    });
  }

  // -- nested main loops -------------------------------------------------------------------------

  @Test
  @DisplayName("STR-1 SP-2 SIG-1 while a task has a modal dialog open, all of this goes on")
  @DisabledOnOs(OS.WINDOWS)
  void inADialog() throws Throwable {
    List<String> events = new ArrayList<>();
    run(() -> {
      Server server = startServer(echo, HOST, 0);
      server.use(() -> {
        runDialog(close ->
            createTask(() -> {
              try {
                timeout(PATIENCE, () -> someOfEach(server, events)); // nobody else ends the dialog
              } finally {
                close.run();
              }
            }));
        events.add("closed");
      });
    });
    assertThat(events).containsExactly("answers", "through a child", "signal", "closed");
  }

  private static void someOfEach(Server server, List<String> events) throws IOException {
    EventLoop loop = getRunningLoop();
    try (Connection connection = openConnection(HOST, server.port())) {
      for (int i = 0; i < 20; i++) {
        ask(connection, "question " + i);
      }
    }
    events.add("answers");

    Process cat = createSubprocessExec(SubprocessOptions.PIPES, "cat");
    events.add(cat.communicate(StreamFixtures.ascii("through a child")).stdoutText());

    Future<String> signal = loop.createFuture();
    addSignalHandler(loop, "WINCH", () -> signal.setResult("signal"));
    Signal.raise(new Signal("WINCH"));
    events.add(signal.await());
    assertThat(removeSignalHandler(loop, "WINCH")).isTrue();
  }
}
