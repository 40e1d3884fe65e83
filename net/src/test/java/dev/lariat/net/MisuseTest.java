package dev.lariat.net;

import static dev.lariat.Asyncio.toThread;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.text;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static dev.lariat.process.Subprocess.createSubprocessExec;
import static dev.lariat.process.Subprocess.subprocessShell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Asyncio;
import dev.lariat.Future;
import dev.lariat.process.Process;
import dev.lariat.process.SubprocessOptions;
import dev.lariat.process.SubprocessProtocol;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is called wrongly is refused, in words, and breaks nothing. */
class MisuseTest extends NetTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path directory;

  private static String ask(Connection connection, String question) throws IOException {
    connection.writer().write(question);
    return text(connection.reader().readexactly(question.length()));
  }

  // -- threads -----------------------------------------------------------------------------------

  /** Another thread calls each, while the loop runs. */
  private static void refusesAnotherThread(ThrowingCallable... calls) throws Exception {
    toThread(() -> {
      for (int i = 0; i < calls.length; i++) {
        assertThatThrownBy(calls[i])
            .as("call %d", i)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("thread");
      }
      return null;
    });
  }

  @Test
  @DisplayName("LOOP-11 a connection and its server refuse another thread, and go on")
  void anotherThread() {
    run(() -> {
      Server server = startServer(StreamFixtures::echo, HOST, 0);
      server.use(() -> {
        try (Connection connection = openConnection(HOST, server.port())) {
          assertThat(ask(connection, "before")).isEqualTo("before");
          StreamWriter writer = connection.writer();
          Transport transport = (Transport) writer.transport();
          refusesAnotherThread(
              () -> writer.write("x"),
              () -> writer.writeNowait(ascii("x")),
              () -> writer.writelines(List.of(ascii("x"))),
              writer::writeEof,
              () -> transport.write(ascii("x")),
              transport::pauseReading,
              transport::resumeReading,
              transport::close,
              transport::abort,
              () -> transport.setProtocol(new Protocol() {}),
              () -> transport.setWriteBufferLimits(1, 0),
              server::startServing,
              server::close,
              server::closeClients,
              server::abortClients);
          assertThat(ask(connection, "after")).isEqualTo("after");
          try (Connection another = openConnection(HOST, server.port())) {
            assertThat(ask(another, "another")).isEqualTo("another");
          }
        }
      });
    });
  }

  @Test
  @DisplayName("LOOP-11 so do datagrams and pipes")
  void anotherThreadElsewhere() {
    run(() -> {
      InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral(HOST), 0);
      DatagramTransport datagrams =
          Net.createDatagramEndpoint(() -> new DatagramProtocol() {}, DatagramOptions.boundTo(any))
              .transport();
      refusesAnotherThread(
          () -> datagrams.sendTo(ascii("x"), new InetSocketAddress(HOST, 9)), datagrams::close);
      assertThat(datagrams.isClosing()).isFalse();
      datagrams.close();

      Pipe pipe = Pipe.open();
      PipeRecorder received = new PipeRecorder();
      ReadTransport reading = Pipes.connectReadPipe(() -> received, pipe.source()).transport();
      WriteTransport writing =
          Pipes.connectWritePipe(() -> new BaseProtocol() {}, pipe.sink()).transport();
      refusesAnotherThread(
          () -> writing.write(ascii("x")),
          writing::close,
          reading::pauseReading,
          reading::resumeReading,
          reading::close);
      writing.write(ascii("through"));
      writing.close();
      assertThat(received.all.await()).isEqualTo("through");
    });
  }

  private static final class PipeRecorder implements Protocol {
    private final Future<String> all = Asyncio.getRunningLoop().createFuture();
    private final StringBuilder text = new StringBuilder();

    @Override
    public void dataReceived(byte[] data) {
      text.append(text(data));
    }

    @Override
    public void connectionLost(Throwable cause) {
      all.setResult(text.toString());
    }
  }

  @Test
  @DisplayName(
      "LOOP-11 closing a child on another thread is refused, and leaves nothing half closed")
  @DisabledOnOs(OS.WINDOWS)
  void childOfAnotherThread() {
    run(() -> {
      Process child = createSubprocessExec(SubprocessOptions.PIPES, "cat");
      refusesAnotherThread(child::close);
      assertThat(child.communicate(ascii("there")).stdoutText()).isEqualTo("there");
    });
  }

  @Test
  @DisplayName("a plain callback cannot open a connection, and nothing is left of the attempt")
  void inACallback() {
    run(() -> {
      Server server = startServer(StreamFixtures::echo, HOST, 0);
      server.use(() -> {
        try (Connection loaded = openConnection(HOST, server.port())) {
          assertThat(ask(loaded, "there")).isEqualTo("there");
        }
        Future<Throwable> refused = loop.createFuture();
        loop.callSoon(() -> {
          try {
            openConnection(HOST, server.port()).close();
          } catch (IllegalStateException | IOException error) {
            refused.setResult(error);
          }
        });
        assertThat(refused.await()).hasMessageContaining("createTask");
      });
    });
    System.gc(); // nor is there a failure that nobody has looked at
  }

  // -- arguments ---------------------------------------------------------------------------------

  private static void refusesNull(String name, ThrowingCallable call) {
    assertThatNullPointerException().isThrownBy(call).withMessageContaining(name);
  }

  @Test
  @DisplayName("a null is refused by its name, also one that a factory returns")
  @SuppressWarnings("NullAway")
  void nulls() {
    run(() -> {
      refusesNull("handler", () -> startServer(null, HOST, 0));
      refusesNull("protocolFactory", () -> Net.createServer(null, HOST, 0, ServerOptions.DEFAULT));
      refusesNull("program", () -> createSubprocessExec((String) null));
      refusesNull("args", () -> createSubprocessExec("echo", (String) null));
      refusesNull("address", () -> Net.getnameinfo(null));
      refusesNull(
          "protocol",
          () -> subprocessShell(() -> (SubprocessProtocol) null, SubprocessOptions.DEFAULT, ":"));
      Server server = Net.createServer(() -> null, HOST, 0, ServerOptions.DEFAULT);
      server.use(() -> {
        try (Connection connection = openConnection(HOST, server.port())) {
          assertThat(connection.reader().read()).isEmpty();
        }
        assertThat(takeReport().exception()).hasMessage("the protocol");
        refusesNull(
            "protocol",
            () -> Net.createConnection(() -> null, HOST, server.port(), ConnectOptions.DEFAULT));
        until(this::hasReport); // of the server's end of that one
        takeReports();
      });
    });
  }

  @Test
  @DisplayName("TR-11 a datagram to a name that is not resolved, or to no host, costs nothing")
  void addresses() {
    run(() -> {
      InetSocketAddress unresolved = InetSocketAddress.createUnresolved("localhost", 9);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DatagramOptions.boundTo(unresolved))
          .withMessageContaining("getaddrinfo");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DatagramOptions.connectedTo(unresolved));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ConnectOptions.DEFAULT.withLocalAddress(unresolved));
      InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral(HOST), 0);
      RecordingDatagrams received = new RecordingDatagrams();
      DatagramTransport end =
          Net.createDatagramEndpoint(() -> received, DatagramOptions.boundTo(any)).transport();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> end.sendTo(ascii("x"), unresolved))
          .withMessageContaining("localhost");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> end.sendTo(ascii("x"), UnixDomainSocketAddress.of("/x")));
      end.sendTo(ascii("x"), new InetSocketAddress(InetAddress.ofLiteral("::1"), 9)); // lost
      end.sendTo(ascii("to itself"), end.getExtraInfo(ExtraInfo.SOCKNAME));
      assertThat(received.first.await()).isEqualTo("to itself");
      end.close();
    });
  }

  private static final class RecordingDatagrams implements DatagramProtocol {
    private final Future<String> first = Asyncio.getRunningLoop().createFuture();

    @Override
    public void datagramReceived(byte[] data, SocketAddress from) {
      first.setResult(text(data));
    }
  }

  @Test
  @DisplayName("numbers at the end of their range are taken for very large ones")
  void largeNumbers() {
    run(() -> {
      Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
      Server server =
          startServer(
              StreamFixtures::echo,
              HOST,
              0,
              ServerOptions.tls(Certificates.serverTls().withHandshakeTimeout(ages)));
      server.use(() -> {
        Tls tls = Certificates.clientTls().withHandshakeTimeout(ages).withShutdownTimeout(ages);
        try (Connection connection =
            openConnection("localhost", server.port(), ConnectOptions.tls(tls))) {
          connection.writer().transport().setWriteBufferLimits(null, Integer.MAX_VALUE);
          assertThat(ask(connection, "encrypted")).isEqualTo("encrypted");
        }
      });
    });
  }

  // -- what cannot be connected to ---------------------------------------------------------------

  @Test
  @DisplayName("NET-1 what cannot be connected to is named, and from where, in the system's words")
  void cannotConnect() {
    run(() -> {
      Path missing = directory.resolve("missing");
      assertThatThrownBy(() -> Streams.openUnixConnection(missing))
          .isInstanceOf(FileNotFoundException.class)
          .hasMessage("Cannot connect to " + missing + ": No such file or directory");
      Server server = startServer(StreamFixtures::echo, HOST, 0);
      server.use(() -> {
        InetSocketAddress taken = (InetSocketAddress) server.addresses().getFirst();
        assertThatThrownBy(() ->
                openConnection(HOST, server.port(), ConnectOptions.DEFAULT.withLocalAddress(taken)))
            .isInstanceOf(BindException.class)
            .hasMessageMatching(
                "Cannot connect to \\S+:%d from \\S+:%1$d: [^()]+".formatted(server.port()));
        InetSocketAddress otherFamily = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        assertThatThrownBy(() ->
                openConnection(
                    HOST, server.port(), ConnectOptions.DEFAULT.withLocalAddress(otherFamily)))
            .isInstanceOf(Exception.class)
            .hasMessageNotContaining("null");
      });
    });
  }
}
