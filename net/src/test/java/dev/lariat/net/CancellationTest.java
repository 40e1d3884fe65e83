package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.pattern;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.openUnixConnection;
import static dev.lariat.net.Streams.startServer;
import static dev.lariat.net.Streams.startUnixServer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.Future;
import dev.lariat.Task;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call that suspends, cancelled at each of its awaits: after no iteration of the loop, after
 * one, and so on until the call is done before it can be cancelled. Then nothing is open that was
 * not before, and no byte is lost.
 */
@Timeout(120)
class CancellationTest extends NetTest {
  private static final String HOST = "localhost";
  private static final StreamHandler SINK =
      (reader, writer) -> {
        try (writer) {
          reader.read();
        } catch (IOException broken) {
          // a client that was cancelled
        }
      };

  /** What becomes of a call that was not cancelled. */
  private interface Check<T> {
    void accept(T result) throws Exception;
  }

  private static <T> void atEachAwait(Coroutine<T> call, Check<? super T> whenDone) {
    atEachAwait(call, whenDone, () -> {});
  }

  /** Runs {@code call} again and again; {@code afterwards} whether it was cancelled or not. */
  private static <T> void atEachAwait(
      Coroutine<T> call, Check<? super T> whenDone, Runnable afterwards) {
    for (int iterations = 0; !cancelledAfter(iterations, call, whenDone); iterations++) {
      afterwards.run();
      assertThat(iterations).as("ends some time").isLessThan(2_000);
    }
    afterwards.run();
  }

  /** Returns whether it was done already. */
  private static <T> boolean cancelledAfter(
      int iterations, Coroutine<T> call, Check<? super T> whenDone) {
    Task<T> task = createTask(call);
    for (int i = 0; i < iterations && !task.done(); i++) {
      sleep(i < 20 ? Duration.ZERO : Duration.ofMillis(1)); // sockets take real time
    }
    boolean done = task.done();
    task.cancel();
    try {
      whenDone.accept(task.await());
    } catch (CancelledError cancelled) {
      assertThat(done).isFalse();
    } catch (Exception error) {
      throw new AssertionError("after " + iterations + " iterations", error);
    }
    return done;
  }

  private void leavingNothing(Runnable calls) {
    run(() -> openOnce()); // what is made on first use
    long descriptors = Descriptors.count();
    run(() -> {
      calls.run();
      until(() -> Descriptors.count() <= descriptors);
    });
  }

  private static void openOnce() throws IOException {
    Server server = startServer(SINK, HOST, 0);
    server.use(() -> openConnection(HOST, server.port()).close());
    endpointOnSocket().transport().close(); // and a selector
  }

  private static Endpoint<DatagramTransport, DatagramProtocol> endpointOnSocket()
      throws IOException {
    return Net.createDatagramEndpoint(() -> new DatagramProtocol() {}, DatagramChannel.open());
  }

  // -- opening -----------------------------------------------------------------------------------

  @Test
  @DisplayName("NET-1, NET-7: connecting, by name and with TLS")
  void connecting() throws IOException {
    ServerOptions withTls = ServerOptions.tls(Certificates.serverTls());
    Tls trusting = Certificates.clientTls();
    leavingNothing(() -> {
      Server plain = serverOf(() -> startServer(SINK, HOST, 0));
      Server tls = serverOf(() -> startServer(SINK, HOST, 0, withTls));
      atEachAwait(() -> Net.getaddrinfo(HOST, 80), found -> assertThat(found).isNotEmpty());
      atEachAwait(() -> openConnection(HOST, plain.port()), Connection::close);
      atEachAwait(
          () -> openConnection(HOST, tls.port(), ConnectOptions.tls(trusting)), Connection::close);
      for (Server server : List.of(plain, tls)) {
        until(() -> server.transports().isEmpty());
        server.close();
        server.waitClosed();
      }
    });
    takeReports(); // a handshake that was broken off, if the server had begun one
  }

  private static Server serverOf(Coroutine<Server> start) {
    try {
      return start.run();
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  @Test
  @DisplayName("NET-3, NET-6: Unix sockets, servers and datagram endpoints")
  void others(@TempDir Path directory) {
    Path path = directory.resolve("socket");
    leavingNothing(() -> {
      atEachAwait(
          () -> startServer(SINK, HOST, 0),
          server -> {
            server.close();
            server.waitClosed();
          });
      atEachAwait(
          () ->
              Net.createDatagramEndpoint(
                  () -> new DatagramProtocol() {},
                  DatagramOptions.boundTo(new InetSocketAddress("127.0.0.1", 0))),
          endpoint -> endpoint.transport().close());
      atEachAwait(CancellationTest::endpointOnSocket, endpoint -> endpoint.transport().close());
      Server server = serverOf(() -> startUnixServer(SINK, path));
      atEachAwait(() -> openUnixConnection(path), Connection::close);
      until(() -> server.transports().isEmpty());
      server.close();
      server.waitClosed();
    });
  }

  @Test
  @DisplayName("STR-10: TLS on a connection that exists: cancelled, that is closed")
  void startTls() throws IOException {
    Tls server = Certificates.serverTls();
    Tls client = Certificates.clientTls().withServerHostname(HOST);
    StreamHandler upgrading =
        (reader, writer) -> {
          try (writer) {
            writer.startTls(server);
            reader.read();
          } catch (IOException broken) {
            // on purpose
          }
        };
    leavingNothing(() -> {
      Server listening = serverOf(() -> startServer(upgrading, HOST, 0));
      Connection[] connection = new Connection[1];
      atEachAwait(
          () -> {
            connection[0] = openConnection(HOST, listening.port());
            try {
              connection[0].writer().startTls(client);
              return connection[0];
            } catch (CancelledError cancelled) {
              connection[0].close();
              throw cancelled;
            }
          },
          Connection::close);
      until(() -> listening.transports().isEmpty());
      listening.close();
      listening.waitClosed();
    });
  }

  // -- reading -----------------------------------------------------------------------------------

  /** One of the ways to read; null at the end. */
  private interface Read {
    byte @Nullable [] from(StreamReader reader) throws IOException;
  }

  private static byte @Nullable [] nullIfEmpty(byte[] data) {
    return data.length == 0 ? null : data;
  }

  private static byte @Nullable [] partial(Read read, StreamReader reader) throws IOException {
    try {
      return read.from(reader);
    } catch (IncompleteReadException end) {
      return nullIfEmpty(end.partial());
    }
  }

  @Test
  @DisplayName("STR-2, STR-3, STR-4, STR-5: a read that is cancelled leaves all bytes to the next")
  void reads() {
    byte[] data = pattern(997);
    List<Read> reads =
        List.of(
            reader -> nullIfEmpty(reader.read()),
            reader -> nullIfEmpty(reader.read(7)),
            reader -> reader.readexactly(10),
            reader -> nullIfEmpty(reader.readline()),
            reader -> reader.readuntil(new byte[] {3}, new byte[] {4, 5}),
            reader -> {
              byte[] target = new byte[9];
              int count = reader.readInto(target, 0, 9);
              return count < 0 ? null : Arrays.copyOf(target, count);
            },
            reader -> {
              ByteBuf buffer = reader.readBuffer();
              try {
                return nullIfEmpty(ByteBufUtil.getBytes(buffer));
              } finally {
                buffer.release();
              }
            });
    run(() -> checkReads(data, reads));
  }

  @Test
  @DisplayName("STR-3: a line that is cancelled is left to the next, also in a loop over lines")
  void lines() {
    byte[] data = ascii("one\n\na line that comes in parts\nlast\n".repeat(10));
    List<Read> reads =
        List.of(
            reader -> {
              String line = reader.readLine();
              return line == null ? null : ascii(line + "\n");
            },
            reader -> {
              Iterator<String> lines = reader.iterator();
              return lines.hasNext() ? ascii(lines.next() + "\n") : null;
            });
    run(() -> checkReads(data, reads));
  }

  private static void checkReads(byte[] data, List<Read> reads) {
    for (Read read : reads) {
      for (int iterations = 0; iterations < 4; iterations++) {
        assertThat(readWithInterruptions(data, read, iterations)).isEqualTo(data);
      }
    }
  }

  /** Reads {@code data} as it trickles in; each second call is cancelled. */
  private static byte[] readWithInterruptions(byte[] data, Read read, int iterations) {
    StreamReader reader = new StreamReader();
    Task<Void> trickle =
        createTask(() -> {
          for (int from = 0; from < data.length; from += 5) {
            int to = Math.min(data.length, from + 5);
            reader.feedData(Arrays.copyOfRange(data, from, to));
            sleep(Duration.ZERO);
          }
          reader.feedEof();
        });
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean[] ended = new boolean[1];
    for (int calls = 0; !ended[0]; calls++) {
      cancelledAfter(
          calls % 2 == 0 ? iterations : Integer.MAX_VALUE,
          () -> partial(read, reader),
          got -> {
            if (got == null) {
              ended[0] = true;
            } else {
              all.write(got);
            }
          });
    }
    trickle.await();
    return all.toByteArray();
  }

  // -- writing -----------------------------------------------------------------------------------

  @Test
  @DisplayName("STR-8: a write that is cancelled is sent whole or not at all")
  void writes() {
    byte[] block = pattern(100_000);
    List<byte[]> halves =
        List.of(Arrays.copyOf(block, 50_000), Arrays.copyOfRange(block, 50_000, 100_000));
    run(() -> {
      long[] received = new long[1];
      List<Connection> accepted = new ArrayList<>();
      Server server =
          startServer((reader, writer) -> accepted.add(new Connection(reader, writer)), HOST, 0);
      server.use(() -> {
        Connection connection = openConnection(HOST, server.port());
        until(() -> !accepted.isEmpty());
        long written = 0;
        for (int i = 0; i < 200; i++) { // far more than the sockets hold
          boolean[] sent = new boolean[1];
          boolean inPieces = i % 2 == 1;
          cancelledAfter(
              i % 5,
              () -> {
                if (inPieces) {
                  connection.writer().writelines(halves);
                } else {
                  connection.writer().write(block);
                }
                sent[0] = true;
                return null;
              },
              _ -> {});
          written += sent[0] ? block.length : 0;
          cancelledAfter(
              i % 5,
              () -> {
                connection.writer().drain();
                return null;
              },
              _ -> {}); // changes nothing
          if (i % 5 == 4) { // there is room again, some time
            received[0] += accepted.getFirst().reader().read(300_000).length;
          }
        }
        createTask(() -> {
          connection.writer().drain();
          connection.writer().close();
        });
        byte[] data = accepted.getFirst().reader().read(1 << 20);
        while (data.length > 0) {
          received[0] += data.length;
          data = accepted.getFirst().reader().read(1 << 20);
        }
        assertThat(received[0]).isEqualTo(written).isPositive();
        accepted.getFirst().close();
      });
    });
  }

  @Test
  @DisplayName("NET-8: a file whose sending is cancelled again and again arrives whole")
  void sendfile(@TempDir Path directory) throws IOException {
    byte[] data = pattern(10_000_000);
    Path path = Files.write(directory.resolve("file"), data);
    run(() -> {
      Future<byte[]> received = getRunningLoop().createFuture();
      Server server =
          startServer(
              (reader, writer) -> {
                try (writer) {
                  received.setResult(reader.read());
                }
              },
              HOST,
              0);
      server.use(() -> {
        try (Connection connection = openConnection(HOST, server.port());
            FileChannel file = FileChannel.open(path)) {
          WriteTransport transport = connection.writer().transport();
          for (int i = 0; file.position() < data.length; i++) {
            cancelledAfter(
                i % 7 == 6 ? 21 : i % 7, // now and then there is time for some of it to be sent
                () -> Net.sendfile(transport, file, file.position(), null, true),
                _ -> {});
          }
          connection.writer().writeEof();
          assertThat(received.await()).isEqualTo(data);
        }
      });
    });
  }

  // -- channels of the JDK -----------------------------------------------------------------------

  @Test
  @DisplayName("TR-13: a pipe that is being connected is closed")
  void pipes() {
    leavingNothing(() -> {
      Pipe[] pipe = new Pipe[1];
      atEachAwait(
          () -> {
            pipe[0] = Pipe.open();
            return Pipes.connectReadPipe(() -> new Protocol() {}, pipe[0].source());
          },
          end -> end.transport().close(),
          () -> closed(pipe[0], Pipe::source, Pipe::sink));
      atEachAwait(
          () -> {
            pipe[0] = Pipe.open();
            return Pipes.connectWritePipe(() -> new BaseProtocol() {}, pipe[0].sink());
          },
          end -> end.transport().close(),
          () -> closed(pipe[0], Pipe::sink, Pipe::source));
    });
  }

  /** Waits until the one end is closed, then closes the other. */
  private static void closed(
      @Nullable Pipe pipe, Function<Pipe, Channel> given, Function<Pipe, Channel> other) {
    if (pipe != null) { // it was opened before the call was cancelled
      until(() -> !given.apply(pipe).isOpen());
      try {
        other.apply(pipe).close();
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }

  @Test
  @DisplayName("NET-9: connecting, accepting and sending go on where they were cancelled")
  void sockets() {
    byte[] data = pattern(100_000);
    run(() -> {
      try (ServerSocketChannel listening = ServerSocketChannel.open()) {
        listening.configureBlocking(false);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        for (int iterations = 0; iterations < 10; iterations++) {
          try (SocketChannel client = SocketChannel.open();
              SocketChannel peer = connected(client, listening, iterations)) {
            Task<byte[]> receiving = createTask(() -> receive(peer, data.length));
            ByteBuffer left = ByteBuffer.wrap(data);
            int each = iterations;
            client.setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            for (int i = 0; left.hasRemaining(); i++) {
              cancelledAfter(
                  i % 2 == 0 ? each : 20,
                  () -> {
                    Sockets.sockSendall(client, left);
                    return null;
                  },
                  _ -> {});
            }
            assertThat(receiving.await()).isEqualTo(data);
          }
        }
      }
    });
  }

  /** The peer of {@code client}; both calls are cancelled, and made again. */
  private static SocketChannel connected(
      SocketChannel client, ServerSocketChannel listening, int iterations) throws IOException {
    client.configureBlocking(false);
    SocketAddress address = listening.getLocalAddress();
    SocketChannel[] peer = new SocketChannel[1];
    Task<Void> connecting =
        createTask(() -> {
          cancelledAfter(
              iterations,
              () -> {
                Sockets.sockConnect(client, address);
                return null;
              },
              _ -> {});
          if (!client.isConnected()) {
            Sockets.sockConnect(client, address);
          }
        });
    cancelledAfter(iterations, () -> Sockets.sockAccept(listening), accepted -> peer[0] = accepted);
    if (peer[0] == null) {
      peer[0] = Sockets.sockAccept(listening);
    }
    connecting.await();
    return peer[0];
  }

  private static byte[] receive(SocketChannel channel, int length) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(length);
    while (all.hasRemaining()) {
      all.put(Sockets.sockRecv(channel, Math.min(all.remaining(), 1_000)));
    }
    return all.array();
  }

  // -- waiting for an end ------------------------------------------------------------------------

  @Test
  @DisplayName("STR-10, NET-5: who waits for an end can be cancelled, and nobody else is")
  void ends() {
    leavingNothing(() -> {
      Server server = serverOf(() -> startServer(SINK, HOST, 0));
      Connection connection;
      try {
        connection = openConnection(HOST, server.port());
      } catch (IOException error) {
        throw new CompletionException(error);
      }
      Task<Void> other = createTask(() -> connection.writer().waitClosed());
      for (int iterations = 0; iterations < 5; iterations++) {
        cancelledAfter(
            iterations,
            () -> {
              connection.writer().waitClosed();
              return null;
            },
            _ -> {});
        cancelledAfter(
            iterations,
            () -> {
              server.waitClosed();
              return null;
            },
            _ -> {});
      }
      assertThat(other.done()).isFalse();
      connection.writer().writeNowait(ascii("the last word"));
      connection.writer().close();
      other.await();
      cancelledAfter(
          3,
          () -> {
            server.serveForever();
            return null;
          },
          _ -> {});
      until(() -> server.transports().isEmpty()); // serveForever, cancelled, has closed it
      server.waitClosed();
    });
  }

  @Test
  @DisplayName("NET-5: closing with time to spare, cancelled, leaves what it had not closed yet")
  void closeWithGrace() {
    leavingNothing(() -> {
      Server[] server = {serverOf(() -> startServer(SINK, HOST, 0))};
      atEachAwait(
          () -> {
            server[0] = startServer(SINK, HOST, 0);
            try (Connection connection = openConnection(HOST, server[0].port())) {
              until(() -> server[0].transports().size() == 1);
              return server[0].close(Duration.ofMillis(3)); // the connection does not end by itself
            }
          },
          bySelf -> assertThat(bySelf).isFalse(),
          () -> {
            server[0].close(); // that may have been cancelled before
            server[0].waitClosed();
            assertThat(server[0].transports()).isEmpty();
          });
    });
  }
}
