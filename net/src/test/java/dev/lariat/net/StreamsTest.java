package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.StreamFixtures.text;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.context.ContextVar;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams over TCP. */
class StreamsTest extends NetTest {
  private static final String HOST = "127.0.0.1";

  private static Server serve(StreamHandler handler) throws IOException {
    return startServer(handler, HOST, 0);
  }

  private static Connection connect(Server server) throws IOException {
    return openConnection(HOST, server.port());
  }

  @Test
  @DisplayName("STR-1: a client and a server, both sides' addresses")
  void echo() {
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      server.use(() -> {
        try (Connection connection = connect(server)) {
          connection.writer().write("hello\n");
          assertThat(connection.reader().readLine()).isEqualTo("hello");
          assertThat(connection.writer().getExtraInfo(ExtraInfo.PEERNAME))
              .isEqualTo(new InetSocketAddress(HOST, server.port()));
          assertThat(connection.writer().getExtraInfo(ExtraInfo.SOCKNAME)).isNotNull();
          assertThat(connection.writer().getExtraInfo(ExtraInfo.CIPHER)).isNull();
          connection.writer().writeEof();
          assertThat(connection.reader().read()).isEmpty();
        }
      });
    });
  }

  @Test
  @DisplayName("STR-1: megabytes arrive whole and in order, through every kind of write")
  void largeTransfer() {
    byte[] data = pattern(3_000_000);
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      server.use(() -> {
        try (Connection connection = connect(server)) {
          StreamWriter writer = connection.writer();
          Task<byte[]> answer = createTask(() -> connection.reader().readexactly(4 * data.length));
          writer.write(data);
          writer.write(ByteBuffer.wrap(data));
          writer.write(Unpooled.wrappedBuffer(data));
          List<byte[]> pieces = new ArrayList<>();
          for (int at = 0; at < data.length; at += 100_000) {
            pieces.add(Arrays.copyOfRange(data, at, at + 100_000));
          }
          writer.writelines(pieces);
          byte[] all = answer.await();
          for (int copy = 0; copy < 4; copy++) {
            int start = copy * data.length;
            assertThat(Arrays.equals(all, start, start + data.length, data, 0, data.length))
                .as("copy " + copy)
                .isTrue();
          }
        }
      });
    });
  }

  @Test
  @DisplayName("STR-1: many connections at once")
  void manyConnections() {
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      server.use(() -> {
        List<Task<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          String line = "client " + i;
          clients.add(
              createTask(() -> {
                try (Connection connection = connect(server)) {
                  for (int turn = 0; turn < 10; turn++) {
                    connection.writer().write(line + "\n");
                    assertThat(connection.reader().readLine()).isEqualTo(line);
                  }
                }
              }));
        }
        gather(clients).await();
      });
    });
  }

  @Test
  @DisplayName("STR-1: nobody listens")
  void refused() {
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      int port = server.port();
      server.close();
      letNioClose();
      assertThatThrownBy(() -> openConnection(HOST, port))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("refused");
    });
  }

  @Test
  @DisplayName("Aborted, and its loop closed before anybody is told: what is unread is given back")
  void abortedAtLast() {
    StreamHandler greeter =
        (_, writer) -> {
          writer.write("hello");
          writer.close();
        };
    Connection connection =
        run(() -> {
          Server server = serve(greeter);
          Connection made = connect(server);
          made.reader().readexactly(1);
          server.close();
          server.waitClosed();
          return made;
        });
    connection.writer().transport().abort();
    loop.close(); // and noLeaks() looks
  }

  @Test
  @DisplayName(
      "A reader that was ended by hand and then gets bytes breaks its connection, and no more")
  void endedByHand() {
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      server.use(() -> {
        Connection broken = connect(server);
        broken.reader().feedEof();
        broken.writer().write("hello");
        assertThatThrownBy(() -> broken.writer().waitClosed()).hasMessageContaining("feedEof");
        assertThat(takeReport().message())
            .isEqualTo("Fatal error: StreamReader.feedData() call failed.");
        try (Connection other = connect(server)) {
          other.writer().write("hello");
          assertThat(text(other.reader().readexactly(5))).isEqualTo("hello");
        }
      });
    });
  }

  @Test
  @DisplayName("What was written may be changed afterwards")
  void writeCopies() {
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      server.use(() -> {
        try (Connection connection = connect(server)) {
          byte[] data = new byte[300_000];
          Arrays.fill(data, (byte) 'a');
          connection.writer().write(data);
          Arrays.fill(data, (byte) 'b');
          assertThat(connection.reader().readexactly(data.length)).containsOnly('a');
        }
      });
    });
  }

  // -- slow peers --------------------------------------------------------------------------------

  @Test
  @DisplayName("STR-7, STR-8: a peer that does not read stops the writer, and the memory it needs")
  void slowReader() {
    run(() -> {
      Future<Void> readOn = getRunningLoop().createFuture();
      long[] received = new long[1];
      Server server =
          serve((reader, writer) -> {
            readOn.await();
            for (byte[] data = reader.read(65536); data.length > 0; data = reader.read(65536)) {
              received[0] += data.length;
            }
            writer.close();
          });
      server.use(() -> {
        long[] written = new long[1];
        try (Connection connection = connect(server)) {
          Task<Void> writing =
              createTask(() -> {
                byte[] piece = new byte[10_000];
                for (int i = 0; i < 5_000; i++) {
                  connection.writer().write(piece); // never drains by itself
                  written[0] += piece.length;
                }
              });
          long before = -1;
          while (written[0] != before) { // real time: until the kernel's buffers are full
            before = written[0];
            sleep(Duration.ofMillis(100));
          }
          assertThat(writing.done()).isFalse();
          assertThat(connection.writer().transport().getWriteBufferSize())
              .as("paused, so between the marks, and one piece above at most")
              .isBetween(16_384L, 65_536L + 10_000);
          readOn.setResult(null);
          writing.await();
          connection.writer().writeEof();
          assertThat(connection.reader().read()).isEmpty();
        }
        assertThat(received[0]).isEqualTo(50_000_000).isEqualTo(written[0]);
      });
    });
  }

  @Test
  @DisplayName("STR-7: a peer that sends for ever fills no memory while nobody reads")
  void slowServer() {
    run(() -> {
      Server server =
          serve((reader, writer) -> {
            byte[] piece = new byte[65536];
            while (true) {
              writer.write(piece);
            }
          });
      Connection connection = connect(server);
      connection.reader().readexactly(1);
      sleep(Duration.ofMillis(200)); // real time: enough for megabytes
      until(() -> connection.reader().toString().contains("paused"));
      int buffered =
          Integer.parseInt(connection.reader().toString().replaceAll("\\D*(\\d+) bytes.*", "$1"));
      assertThat(buffered).isLessThan(1 << 20);
      connection.reader().readexactly(3 << 20); // and it goes on
      connection.writer().transport().abort();
      server.close();
      server.waitClosed();
      until(this::hasReport);
      assertThat(takeReport().exception()).isInstanceOf(IOException.class);
    });
  }

  @Test
  @DisplayName("STR-8: any number of tasks may wait in drain")
  void manyDrains() {
    run(() -> {
      Future<Void> readOn = getRunningLoop().createFuture();
      Server server =
          serve((reader, writer) -> {
            readOn.await();
            reader.read();
            writer.close();
          });
      server.use(() -> {
        try (Connection connection = connect(server)) {
          StreamWriter writer = connection.writer();
          writer.drain(); // at once
          writer.writeNowait(new byte[MUCH]);
          List<Task<Void>> drains = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            drains.add(createTask(writer::drain));
          }
          sleep(SHORT);
          assertThat(drains).noneMatch(Task::done);
          drains.get(2).cancel();
          readOn.setResult(null);
          for (Task<Void> drain : drains) {
            if (drain == drains.get(2)) {
              assertThatThrownBy(drain::await).isInstanceOf(CancelledError.class);
            } else {
              drain.await();
            }
          }
          writer.writeEof();
        }
      });
    });
  }

  @Test
  @DisplayName(
      "STR-8: tasks that wait to write do so in order, before a later drain; one can be cancelled")
  void manyWriters() {
    int writers = 20;
    run(() -> {
      Future<Void> readOn = getRunningLoop().createFuture();
      List<byte[]> received = new ArrayList<>();
      Server server =
          serve((reader, writer) -> {
            readOn.await();
            reader.readexactly(MUCH);
            received.add(reader.read());
            writer.close();
          });
      server.use(() -> {
        try (Connection connection = connect(server)) {
          StreamWriter writer = connection.writer();
          writer.writeNowait(new byte[MUCH]);
          List<Task<Void>> writing = new ArrayList<>();
          StringBuilder expected = new StringBuilder();
          for (int i = 0; i < writers; i++) {
            String piece = "" + (char) ('a' + i);
            writing.add(createTask(() -> writer.write(piece)));
            expected.append(i == 7 ? "" : piece);
          }
          Task<Void> ending =
              createTask(() -> {
                writer.drain();
                writer.writeEof();
              });
          sleep(SHORT);
          assertThat(writing).noneMatch(Task::done);
          writing.get(7).cancel();
          readOn.setResult(null);
          ending.await();
          connection.reader().read();
          assertThat(received)
              .singleElement()
              .extracting(StreamFixtures::text)
              .isEqualTo(expected.toString());
        }
      });
    });
  }

  @Test
  @DisplayName("STR-8: drain raises the reader's exception, whatever it is")
  void drainAfterFailedReading() {
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      server.use(() -> {
        try (Connection connection = connect(server)) {
          for (Exception failure : List.of(new IOException("x"), new IllegalStateException("y"))) {
            connection.reader().setException(failure);
            assertThatThrownBy(connection.writer()::drain).isSameAs(failure);
          }
          assertThat(connection.writer().isClosing()).isFalse();
        }
      });
    });
  }

  /** More than the kernel takes, however late it is given that. */
  private static final int MUCH = 20_000_000;

  @Test
  @DisplayName("STR-8: a write that is cancelled while it waits has written nothing")
  void cancelledWrite() {
    run(() -> {
      Future<Void> readOn = getRunningLoop().createFuture();
      long[] received = new long[1];
      Server server =
          serve((reader, writer) -> {
            readOn.await();
            received[0] = reader.read().length;
            writer.close();
          });
      server.use(() -> {
        try (Connection connection = connect(server)) {
          StreamWriter writer = connection.writer();
          writer.transport().setWriteBufferLimits(0, 0);
          writer.writeNowait(new byte[MUCH]);
          sleep(SHORT); // real time: for what the kernel takes
          Task<Void> writing = createTask(() -> writer.write("not sent"));
          sleep(SHORT);
          writing.cancel();
          assertThatThrownBy(writing::await).isInstanceOf(CancelledError.class);
          readOn.setResult(null);
          writer.write("!");
          writer.writeEof();
          connection.reader().read();
          assertThat(received[0]).isEqualTo(MUCH + 1);
        }
      });
    });
  }

  @Test
  @DisplayName("STR-8: a loop of writes learns that the connection is lost")
  void writeToClosedPeer() {
    run(() -> {
      Server server = serve((reader, writer) -> writer.transport().abort());
      server.use(() -> {
        Connection connection = connect(server);
        assertThatThrownBy(
                () -> {
                  while (true) {
                    connection.writer().write("x".repeat(10_000));
                    sleep(Duration.ZERO);
                  }
                })
            .isInstanceOf(IOException.class);
        assertThatThrownBy(connection.writer()::drain).isInstanceOf(IOException.class);
        connection.writer().close();
        try {
          connection.writer().waitClosed();
        } catch (IOException broken) {
          assertThat(broken).isNotInstanceOf(java.io.EOFException.class);
        }
      });
    });
  }

  @Test
  @DisplayName("STR-8: drain on a closing transport yields once, and then finds the end")
  void drainWhileClosing() {
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      server.use(() -> {
        Connection connection = connect(server);
        connection.writer().close();
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 3; i++) {
                    connection.writer().writeNowait(ascii("x"));
                    connection.writer().drain();
                  }
                })
            .isInstanceOf(IOException.class)
            .hasMessage("Connection lost");
        connection.writer().waitClosed();
      });
    });
  }

  // -- closing -----------------------------------------------------------------------------------

  @Test
  @DisplayName("STR-10: close sends what was written")
  void closeFlushes() {
    byte[] data = pattern(2_000_000);
    run(() -> {
      List<byte[]> received = new ArrayList<>();
      Server server =
          serve((reader, writer) -> {
            received.add(reader.read());
            writer.close();
          });
      server.use(() -> {
        Connection connection = connect(server);
        connection.writer().writeNowait(data);
        connection.writer().close();
        assertThat(connection.writer().isClosing()).isTrue();
        connection.writer().close(); // once more does nothing
        connection.writer().waitClosed();
        connection.writer().waitClosed();
        until(() -> !received.isEmpty());
      });
      assertThat(received.getFirst()).isEqualTo(data);
    });
  }

  @Test
  @DisplayName("STR-10: closing with unread data is fine")
  void closeUnread() {
    run(() -> {
      Server server =
          serve((reader, writer) -> {
            writer.write("never read");
            writer.close();
          });
      server.use(() -> {
        Connection connection = connect(server);
        until(() -> connection.reader().toString().contains("10 bytes"));
        connection.writer().close();
        connection.writer().waitClosed();
      });
    });
  }

  @Test
  @DisplayName("STR-10: waitClosed can be awaited by many, and cancelled, before and after the end")
  void waitClosed() {
    run(() -> {
      Server server = serve(StreamFixtures::echo);
      server.use(() -> {
        Connection connection = connect(server);
        Task<Void> first = createTask(connection.writer()::waitClosed);
        Task<Void> second = createTask(connection.writer()::waitClosed);
        sleep(Duration.ZERO);
        first.cancel();
        assertThatThrownBy(first::await).isInstanceOf(CancelledError.class);
        assertThat(second.done()).isFalse();
        connection.writer().close();
        second.await();
        connection.writer().waitClosed();
      });
    });
  }

  @Test
  @DisplayName("STR-10: what is unread can be read after the connection is closed")
  void readAfterClose() {
    run(() -> {
      Server server =
          serve((reader, writer) -> {
            writer.write("the rest");
            writer.close();
          });
      server.use(() -> {
        Connection connection = connect(server);
        until(() -> connection.reader().toString().contains("eof"));
        connection.writer().close();
        connection.writer().waitClosed();
        assertThat(text(connection.reader().read())).isEqualTo("the rest");
      });
    });
  }

  @Test
  @DisplayName("Half-close: the end of one direction leaves the other open")
  void halfClose() {
    run(() -> {
      Server server =
          serve((reader, writer) -> {
            byte[] question = reader.read();
            writer.write("you said " + text(question));
            writer.close();
          });
      server.use(() -> {
        try (Connection connection = connect(server)) {
          assertThat(connection.writer().canWriteEof()).isTrue();
          connection.writer().write("hello");
          connection.writer().writeEof();
          connection.writer().writeEof();
          assertThatThrownBy(() -> connection.writer().write("more"))
              .isInstanceOf(IllegalStateException.class);
          assertThat(text(connection.reader().read())).isEqualTo("you said hello");
        }
      });
    });
  }

  // -- handlers ----------------------------------------------------------------------------------

  @Test
  @DisplayName("STR-11: a handler that fails is reported, and its connection closed")
  void handlerFails() {
    run(() -> {
      IllegalStateException failure = new IllegalStateException("on purpose");
      Server server =
          serve((reader, writer) -> {
            throw failure;
          });
      server.use(() -> {
        try (Connection connection = connect(server)) {
          assertThat(connection.reader().read()).isEmpty();
        }
      });
      var report = takeReport();
      assertThat(report.message()).isEqualTo("Unhandled exception in client_connected_cb");
      assertThat(report.exception()).isSameAs(failure);
    });
  }

  @Test
  @DisplayName("STR-11: a handler that is cancelled has its connection closed, without a word")
  void handlerCancelled() {
    run(() -> {
      Future<Task<?>> handling = getRunningLoop().createFuture();
      Server server =
          serve((reader, writer) -> {
            handling.setResult(dev.lariat.Asyncio.currentTask());
            reader.read();
          });
      server.use(() -> {
        try (Connection connection = connect(server)) {
          handling.await().cancel();
          assertThat(connection.reader().read()).isEmpty();
        }
      });
    });
  }

  @Test
  @DisplayName("Handlers see the context that the server was made in, and change a copy of it")
  void handlerContext() {
    ContextVar<String> name = ContextVar.withDefault("name", "nobody");
    run(() -> {
      name.set("the server's");
      Server server =
          serve((reader, writer) -> {
            writer.write(name.get());
            name.set("a handler's");
            writer.close();
          });
      name.set("later");
      server.use(() -> {
        for (int i = 0; i < 2; i++) {
          try (Connection connection = connect(server)) {
            assertThat(text(connection.reader().read())).isEqualTo("the server's");
          }
        }
      });
      assertThat(name.get()).isEqualTo("later");
    });
  }

  // -- warnings ----------------------------------------------------------------------------------

  @Test
  @DisplayName("STR-12: a writer that is dropped is closed, with a warning")
  void droppedWriter() {
    run(() -> {
      Server server =
          serve((reader, writer) -> {
            reader.read();
            writer.close();
          });
      try (Logs logs = new Logs()) {
        connect(server); // dropped
        server.close();
        Task<Void> end = createTask(server::waitClosed);
        for (int i = 0; i < 200 && !end.done(); i++) {
          System.gc();
          sleep(SHORT); // real time: the cleaner's thread works meanwhile
        }
        end.await();
        assertThat(logs.messages()).anyMatch(message -> message.contains("unclosed StreamWriter"));
      }
    });
  }

  @Test
  @DisplayName("STR-12: what is open when the loop is closed is closed, with a warning for each")
  void unclosedAtTheEnd() {
    List<Connection> kept = new ArrayList<>();
    try (Logs logs = new Logs()) {
      run(() -> {
        Server server =
            serve((reader, writer) -> {
              kept.add(new Connection(reader, writer));
            });
        kept.add(connect(server));
        until(() -> kept.size() == 2);
      });
      loop.close();
      assertThat(logs.messages())
          .filteredOn(message -> message.contains("unclosed transport"))
          .hasSize(2);
      assertThat(logs.messages())
          .filteredOn(message -> message.contains("unclosed server"))
          .hasSize(1);
    }
  }

  @Test
  @DisplayName("Connections are closed in a finally block, also when the loop closes first")
  void closeInFinally() {
    try (Logs logs = new Logs()) {
      List<String> done = new ArrayList<>();
      Future<Void> reading = loop.createFuture();
      loop.createTask(() -> {
        Server server = serve(StreamFixtures::echo);
        Connection connection = connect(server);
        try {
          reading.setResult(null);
          connection.reader().read();
        } finally {
          connection.writer().close();
          server.close();
          done.add("closed");
        }
      });
      run(() -> reading.await());
      run(() -> sleep(SHORT));
      loop.setExceptionHandler((_, report) -> done.add(report.message()));
      loop.close();
      assertThat(done)
          .contains("closed")
          .allMatch(event -> event.equals("closed") || event.contains("destroyed"));
    }
  }
}
