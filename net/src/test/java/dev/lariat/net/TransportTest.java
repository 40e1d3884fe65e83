package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.pattern;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.ScopedVoidBlock;
import dev.lariat.Task;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Transports and their protocols, over TCP. */
class TransportTest extends NetTest {
  private static final String HOST = "127.0.0.1";

  /** Both ends of one connection. */
  private record Pair<C extends BaseProtocol, S extends BaseProtocol>(
      Transport client, C clientProtocol, Transport server, S serverProtocol) {}

  /** Runs {@code test} with a connection, whose ends it may leave open. */
  private <C extends BaseProtocol, S extends BaseProtocol> void withPair(
      Supplier<C> client, Supplier<S> server, ScopedVoidBlock<Pair<C, S>, Exception> test) {
    run(() -> {
      List<S> accepted = new ArrayList<>();
      Server listening =
          Net.createServer(
              () -> {
                accepted.add(server.get());
                return accepted.getLast();
              },
              HOST,
              0,
              ServerOptions.DEFAULT);
      listening.use(() -> {
        Endpoint<Transport, C> end =
            Net.createConnection(client, HOST, listening.port(), ConnectOptions.DEFAULT);
        until(() -> !accepted.isEmpty());
        try {
          test.run(
              new Pair<>(
                  end.transport(), end.protocol(), transportOf(listening), accepted.getFirst()));
        } finally {
          end.transport().abort();
          listening.abortClients();
        }
      });
      sleep(Duration.ZERO);
    });
  }

  private static Transport transportOf(Server server) {
    return server.transports().stream().findFirst().orElse(null);
  }

  private void withRecordings(
      ScopedVoidBlock<Pair<RecordingProtocol, RecordingProtocol>, Exception> test) {
    withPair(
        RecordingProtocol::new,
        RecordingProtocol::new,
        pair -> {
          until(() -> pair.serverProtocol().transport != null);
          test.run(pair);
        });
  }

  // -- the life of a connection ------------------------------------------------------------------

  @Test
  @DisplayName("TR-1: connectionMade comes first, connectionLost once and last")
  void life() {
    withRecordings(pair -> {
      assertThat(pair.clientProtocol().events).containsExactly("made");
      pair.client().write(ascii("hello"));
      pair.client().close();
      pair.client().close();
      pair.client().abort();
      pair.clientProtocol().lost.await();
      pair.serverProtocol().lost.await();
      assertThat(pair.clientProtocol().events).containsExactly("made", "lost");
      assertThat(pair.clientProtocol().cause).isNull();
      assertThat(pair.serverProtocol().events).containsExactly("made", "data", "eof", "lost");
      assertThat(pair.serverProtocol().cause).isNull();
      assertThat(pair.serverProtocol().text()).isEqualTo("hello");
      sleep(SHORT);
      assertThat(pair.clientProtocol().events).hasSize(2);
    });
  }

  @Test
  @DisplayName("TR-1, TR-4: connectionLost is called soon, in its turn: by close, by abort")
  void lostSoon() {
    for (boolean abort : new boolean[] {false, true}) {
      withRecordings(pair -> {
        List<String> events = pair.clientProtocol().events;
        getRunningLoop().callSoon(() -> events.add("before"));
        if (abort) {
          pair.client().abort();
        } else {
          pair.client().close();
        }
        getRunningLoop().callSoon(() -> events.add("after"));
        assertThat(events).containsExactly("made");
        sleep(Duration.ZERO);
        assertThat(events).containsExactly("made", "before", "lost", "after");
      });
    }
  }

  @Test
  @DisplayName("TR-1: nothing is received before connectionMade, and none of it is lost")
  void dataWaitsForConnectionMade() {
    class Greeter extends RecordingProtocol {
      @Override
      public void connectionMade(BaseTransport made) {
        super.connectionMade(made);
        transport.write(ascii("greeting"));
        transport.close();
      }
    }
    withPair(
        RecordingProtocol::new,
        Greeter::new,
        pair -> {
          pair.clientProtocol().lost.await();
          assertThat(pair.clientProtocol().events).containsExactly("made", "data", "eof", "lost");
          assertThat(pair.clientProtocol().text()).isEqualTo("greeting");
          assertThat(pair.serverProtocol().events).containsExactly("made", "lost");
        });
  }

  @Test
  @DisplayName("TR-1: a connection that is closed in connectionMade")
  void closedAtOnce() {
    class Closer extends RecordingProtocol {
      @Override
      public void connectionMade(BaseTransport made) {
        super.connectionMade(made);
        made.close();
      }
    }
    run(() -> {
      Server server = Net.createServer(RecordingProtocol::new, HOST, 0, ServerOptions.DEFAULT);
      server.use(() -> {
        Closer closer =
            Net.createConnection(Closer::new, HOST, server.port(), ConnectOptions.DEFAULT)
                .protocol();
        closer.lost.await();
        assertThat(closer.events).containsExactly("made", "lost");
      });
    });
  }

  @Test
  @DisplayName("TR-2: write after the end is dropped; the fifth gives a warning, and no other")
  void writeAfterTheEnd() {
    withRecordings(pair -> {
      pair.client().abort();
      try (Logs logs = new Logs()) {
        for (int write = 1; write <= 10; write++) {
          pair.client().write(ascii("x"));
          assertThat(logs.messages())
              .filteredOn(message -> message.contains("connection that is lost"))
              .as("after %d writes", write)
              .hasSize(write < 5 ? 0 : 1);
        }
      }
      pair.clientProtocol().lost.await();
    });
  }

  @Test
  @DisplayName("TR-2: writing nothing does nothing; buffers that are handed over are released")
  void writeNothing() {
    withRecordings(pair -> {
      pair.client().write(new byte[0]);
      pair.client().write(ByteBuffer.allocate(0));
      pair.client().writelines(List.of());
      assertThat(pair.client().getWriteBufferSize()).isZero();
      ByteBuf buffer = Unpooled.copiedBuffer(ascii("x"));
      pair.client().write(buffer);
      until(() -> buffer.refCnt() == 0);
      pair.client().abort();
      ByteBuf late = Unpooled.copiedBuffer(ascii("y"));
      pair.client().write(late);
      assertThat(late.refCnt()).isZero();
      until(() -> pair.serverProtocol().text().equals("x"));
    });
  }

  // -- flow control ------------------------------------------------------------------------------

  @Test
  @DisplayName("TR-3: water marks: the defaults derive from each other, and must be in order")
  void limits() {
    withRecordings(pair -> {
      Transport transport = pair.client();
      assertThat(transport.getWriteBufferLimits())
          .isEqualTo(new WriteTransport.BufferLimits(16_384, 65_536));
      transport.setWriteBufferLimits(1_000, null);
      assertThat(transport.getWriteBufferLimits())
          .isEqualTo(new WriteTransport.BufferLimits(250, 1_000));
      transport.setWriteBufferLimits(null, 1_000);
      assertThat(transport.getWriteBufferLimits())
          .isEqualTo(new WriteTransport.BufferLimits(1_000, 4_000));
      transport.setWriteBufferLimits(0, null);
      assertThat(transport.getWriteBufferLimits()).isEqualTo(new WriteTransport.BufferLimits(0, 0));
      transport.setWriteBufferLimits(null, null);
      assertThat(transport.getWriteBufferLimits().high()).isEqualTo(65_536);
      assertThatThrownBy(() -> transport.setWriteBufferLimits(1, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("high (1) must be >= low (2)");
      assertThatThrownBy(() -> transport.setWriteBufferLimits(-1, null))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  @DisplayName("TR-3: pauseWriting and resumeWriting, once for each crossing")
  void crossings() {
    withRecordings(pair -> {
      pair.server().pauseReading();
      fill(pair.client());
      pair.client().write(new byte[1_000]);
      List<String> events = pair.clientProtocol().events;
      assertThat(events.getLast()).isEqualTo("pause");
      pair.server().resumeReading();
      until(() -> events.getLast().equals("resume"));
      for (int i = 1; i < events.size(); i++) {
        assertThat(events.get(i)).isEqualTo(i % 2 == 1 ? "pause" : "resume");
      }
      assertThat(pair.client().getWriteBufferSize()).isLessThanOrEqualTo(16_384);
      until(() -> pair.client().getWriteBufferSize() == 0);
    });
  }

  @Test
  @DisplayName("TR-3: what resumeWriting writes comes after the write that it was told in")
  void resumedInTheMiddle() {
    byte[] large = pattern(300_000);
    class Resumed extends RecordingProtocol {
      @Override
      public void resumeWriting() {
        super.resumeWriting();
        transport.write(ascii("resumed"));
      }
    }
    class Trigger extends RecordingProtocol {
      private final Transport target;

      Trigger(Transport target) {
        this.target = target;
      }

      @Override
      public void dataReceived(byte[] received) {
        super.dataReceived(received);
        target.write(large);
      }
    }
    run(() -> {
      try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getByName(HOST))) {
        Transport filled = connect(Resumed::new, listening);
        Socket reading = listening.accept();
        Transport trigger = connect(() -> new Trigger(filled), listening);
        Socket pulling = listening.accept();
        fill(filled);
        for (int i = 0; i < 20_000; i++) { // more than Netty sends before others have their turn
          filled.write(new byte[10]);
        }
        Task<byte[]> all =
            createTask(() -> toThread(() -> reading.getInputStream().readAllBytes()));
        sleep(Duration.ZERO);
        Thread.sleep(300); // real time: one wait of the loop brings both, in this order
        pulling.getOutputStream().write(1);
        Thread.sleep(50);
        List<String> triggered = ((RecordingProtocol) trigger.getProtocol()).events;
        until(() -> triggered.contains("data") && filled.getWriteBufferSize() == 0);
        filled.close();
        String received = new String(all.await(), ISO_8859_1);
        assertThat(received.contains("resumed")).isTrue();
        assertThat(received.contains(new String(large, ISO_8859_1))).as("in one piece").isTrue();
        trigger.close();
        reading.close();
        pulling.close();
      }
    });
  }

  private static Transport connect(Supplier<BaseProtocol> protocol, ServerSocket listening)
      throws IOException {
    return Net.createConnection(protocol, HOST, listening.getLocalPort(), ConnectOptions.DEFAULT)
        .transport();
  }

  /** Writes far more than the kernel takes, however late it is given that. */
  private static void fill(Transport transport) {
    transport.write(new byte[20_000_000]);
    sleep(SHORT); // real time: for what the kernel takes
  }

  @Test
  @DisplayName("TR-3: what pauseWriting and resumeWriting throw is reported")
  void pauseFails() {
    class Failing extends RecordingProtocol {
      @Override
      public void pauseWriting() {
        throw new IllegalStateException("pause");
      }

      @Override
      public void resumeWriting() {
        throw new IllegalStateException("resume");
      }
    }
    withPair(
        Failing::new,
        RecordingProtocol::new,
        pair -> {
          pair.server().pauseReading();
          fill(pair.client());
          var report = takeReports().getFirst();
          assertThat(report.message()).isEqualTo("protocol.pauseWriting() failed");
          assertThat(report.exception()).hasMessage("pause");
          takeReports(); // while it was filled, it may have been resumed
          pair.server().resumeReading();
          until(this::hasReport);
          report = takeReport();
          assertThat(report.message()).isEqualTo("protocol.resumeWriting() failed");
          assertThat(report.exception()).hasMessage("resume");
          until(() -> pair.client().getWriteBufferSize() == 0);
          assertThat(pair.client().isClosing()).isFalse();
        });
  }

  // -- closing -----------------------------------------------------------------------------------

  @Test
  @DisplayName("TR-4: close sends everything first")
  void closeFlushes() {
    byte[] data = pattern(5_000_000);
    withRecordings(pair -> {
      pair.client().write(data);
      pair.client().close();
      assertThat(pair.client().isClosing()).isTrue();
      pair.serverProtocol().lost.await();
      assertThat(pair.serverProtocol().data.toByteArray()).isEqualTo(data);
      pair.clientProtocol().lost.await();
      assertThat(pair.clientProtocol().cause).isNull();
    });
  }

  @Test
  @DisplayName("TR-4: abort drops what was not sent, and is no error")
  void abortDrops() {
    withRecordings(pair -> {
      pair.server().pauseReading();
      fill(pair.client());
      pair.client().abort();
      assertThat(pair.client().getWriteBufferSize()).isZero();
      pair.clientProtocol().lost.await();
      assertThat(pair.clientProtocol().cause).isNull();
      assertThat(pair.clientProtocol().events)
          .startsWith("made", "pause")
          .endsWith("pause", "lost")
          .containsOnlyOnce("lost");
    });
  }

  @Test
  @DisplayName("TR-4: close waits for a peer that does not read; abort ends that")
  void abortWhileClosing() {
    withRecordings(pair -> {
      pair.server().pauseReading();
      fill(pair.client());
      pair.client().close();
      sleep(SHORT);
      assertThat(pair.clientProtocol().events).doesNotContain("lost");
      pair.client().abort();
      pair.clientProtocol().lost.await();
      assertThat(pair.clientProtocol().cause).isNull();
    });
  }

  @Test
  @DisplayName("TR-4, TR-8: a reset is told to the protocol, and to nobody else")
  void reset() {
    withRecordings(pair -> {
      pair.client()
          .getExtraInfo(ExtraInfo.SOCKET)
          .config()
          .setOption(io.netty.channel.ChannelOption.SO_LINGER, 0);
      pair.client().abort();
      pair.serverProtocol().lost.await();
      assertThat(pair.serverProtocol().events).containsExactly("made", "lost");
      assertThat(pair.serverProtocol().cause).isInstanceOf(IOException.class);
    });
  }

  @Test
  @DisplayName("TR-5: eofReceived that returns true keeps the other direction open")
  void keepOpen() {
    withRecordings(pair -> {
      pair.serverProtocol().keepOpen = true;
      pair.client().writeEof();
      until(() -> pair.serverProtocol().events.contains("eof"));
      sleep(SHORT);
      assertThat(pair.server().isClosing()).isFalse();
      pair.server().write(ascii("still here"));
      pair.server().close();
      pair.clientProtocol().lost.await();
      assertThat(pair.clientProtocol().text()).isEqualTo("still here");
      assertThat(pair.serverProtocol().events).containsExactly("made", "eof", "lost");
    });
  }

  @Test
  @DisplayName("TR-5: eofReceived that returns false closes, once what was written is sent")
  void eofCloses() {
    withRecordings(pair -> {
      pair.server().write(ascii("goodbye"));
      pair.client().writeEof();
      pair.clientProtocol().lost.await();
      assertThat(pair.clientProtocol().text()).isEqualTo("goodbye");
      assertThat(pair.serverProtocol().events).containsExactly("made", "eof", "lost");
    });
  }

  @Test
  @DisplayName("TR-6: writeEof comes after what was written, and nothing may come after it")
  void writeEof() {
    byte[] data = pattern(3_000_000);
    withRecordings(pair -> {
      pair.serverProtocol().keepOpen = true;
      assertThat(pair.client().canWriteEof()).isTrue();
      pair.client().write(data);
      pair.client().writeEof();
      pair.client().writeEof();
      assertThatThrownBy(() -> pair.client().write(ascii("more")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("writeEof");
      until(() -> pair.serverProtocol().events.contains("eof"));
      assertThat(pair.serverProtocol().data.toByteArray()).isEqualTo(data);
      assertThat(pair.client().isClosing()).isFalse();
    });
  }

  @Test
  @DisplayName("TR-5, TR-6: both ends half closed need no processor time")
  void bothHalfClosed() {
    withRecordings(pair -> {
      pair.serverProtocol().keepOpen = true;
      pair.clientProtocol().keepOpen = true;
      pair.client().writeEof();
      pair.server().writeEof();
      until(() -> pair.serverProtocol().events.contains("eof"));
      until(() -> pair.clientProtocol().events.contains("eof"));
      long before = processTime();
      sleep(Duration.ofMillis(300)); // real time: a busy loop would use it up
      assertThat(processTime() - before).isLessThan(250_000_000L);
      pair.client().close();
      pair.server().close();
      pair.clientProtocol().lost.await();
      pair.serverProtocol().lost.await();
    });
  }

  private static long processTime() {
    return ((com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  // -- reading -----------------------------------------------------------------------------------

  @Test
  @DisplayName("TR-7: paused, nothing is received; the order is kept when it goes on")
  void pauseReading() {
    byte[] data = pattern(2_000_000);
    withRecordings(pair -> {
      assertThat(pair.server().isReading()).isTrue();
      pair.server().pauseReading();
      pair.server().pauseReading();
      assertThat(pair.server().isReading()).isFalse();
      sleep(Duration.ZERO);
      pair.client().write(data);
      pair.client().close();
      sleep(SHORT);
      assertThat(pair.serverProtocol().events).containsExactly("made");
      pair.server().resumeReading();
      pair.server().resumeReading();
      assertThat(pair.server().isReading()).isTrue();
      pair.serverProtocol().lost.await();
      assertThat(pair.serverProtocol().data.toByteArray()).isEqualTo(data);
    });
  }

  @Test
  @DisplayName("TR-7: paused in connectionMade, it stays paused")
  void pausedFromTheBeginning() {
    class Paused extends RecordingProtocol {
      @Override
      public void connectionMade(BaseTransport made) {
        super.connectionMade(made);
        transport.pauseReading();
      }
    }
    withPair(
        RecordingProtocol::new,
        Paused::new,
        pair -> {
          pair.client().write(ascii("hello"));
          sleep(SHORT);
          assertThat(pair.serverProtocol().events).containsExactly("made");
          pair.server().resumeReading();
          until(() -> pair.serverProtocol().text().equals("hello"));
        });
  }

  @Test
  @DisplayName("TR-7: paused and resumed again and again, nothing is lost or out of order")
  void pausesAtRandom() {
    byte[] data = pattern(4_000_000);
    class Hesitant extends RecordingProtocol {
      @Override
      public void dataReceived(byte[] received) {
        super.dataReceived(received);
        transport.pauseReading();
        getRunningLoop().callSoon(() -> transport.resumeReading());
      }
    }
    withPair(
        RecordingProtocol::new,
        Hesitant::new,
        pair -> {
          pair.client().write(data);
          pair.client().close();
          pair.serverProtocol().lost.await();
          assertThat(pair.serverProtocol().data.toByteArray()).isEqualTo(data);
        });
  }

  @Test
  @DisplayName("TR-8: what dataReceived throws is reported, and closes the connection")
  void dataReceivedFails() {
    class Failing extends RecordingProtocol {
      @Override
      public void dataReceived(byte[] received) {
        throw new IllegalStateException("on purpose");
      }
    }
    withPair(
        RecordingProtocol::new,
        Failing::new,
        pair -> {
          pair.client().write(ascii("x"));
          pair.serverProtocol().lost.await();
          var report = takeReport();
          assertThat(report.message())
              .isEqualTo("Fatal error: protocol.dataReceived() call failed.");
          assertThat(report.exception()).hasMessage("on purpose");
          assertThat(pair.serverProtocol().cause).isSameAs(report.exception());
        });
  }

  @Test
  @DisplayName("TR-8: what connectionMade and connectionLost throw is reported")
  void lifeFails() {
    class Failing extends RecordingProtocol {
      @Override
      public void connectionMade(BaseTransport made) {
        super.connectionMade(made);
        throw new IllegalStateException("made");
      }

      @Override
      public void connectionLost(Throwable why) {
        super.connectionLost(why);
        throw new IllegalStateException("lost");
      }
    }
    withPair(
        Failing::new,
        RecordingProtocol::new,
        pair -> {
          assertThat(takeReport().message()).isEqualTo("protocol.connectionMade() failed");
          pair.client().close();
          pair.clientProtocol().lost.await();
          assertThat(takeReport().message()).isEqualTo("protocol.connectionLost() failed");
        });
  }

  // -- protocols ---------------------------------------------------------------------------------

  @Test
  @DisplayName("TR-9: the protocol can be exchanged, also for one with buffers of its own")
  void setProtocol() {
    withRecordings(pair -> {
      pair.client().write(ascii("first"));
      until(() -> pair.serverProtocol().text().equals("first"));
      BufferRecorder buffered = new BufferRecorder(3);
      pair.server().setProtocol(buffered);
      assertThat(pair.server().getProtocol()).isSameAs(buffered);
      pair.client().write(ascii("second"));
      until(() -> buffered.text.length() == 6);
      assertThat(buffered.text).hasToString("second");
      assertThat(buffered.counts).allMatch(count -> count <= 3);
      RecordingProtocol third = new RecordingProtocol();
      third.events.add("set");
      pair.server().setProtocol(third);
      pair.client().write(ascii("third"));
      pair.client().close();
      third.lost.await();
      assertThat(third.text()).isEqualTo("third");
      assertThat(third.events).containsExactly("set", "data", "eof", "lost");
    });
  }

  private static class BufferRecorder implements BufferedProtocol {
    private final ByteBuffer buffer;
    final StringBuilder text = new StringBuilder();
    final List<Integer> counts = new ArrayList<>();

    BufferRecorder(int size) {
      buffer = ByteBuffer.allocate(size);
    }

    @Override
    public ByteBuffer getBuffer(int sizehint) {
      return buffer.clear();
    }

    @Override
    public void bufferUpdated(int count) {
      counts.add(count);
      text.append(StreamFixtures.text(java.util.Arrays.copyOf(buffer.array(), count)));
    }
  }

  @Test
  @DisplayName("TR-7, TR-9: paused half way through what came, a buffer gets the rest afterwards")
  void bufferPauses() {
    class Pausing extends BufferRecorder {
      private @Nullable Transport transport;

      Pausing() {
        super(10);
      }

      @Override
      public void connectionMade(BaseTransport made) {
        transport = (Transport) made;
      }

      @Override
      public void bufferUpdated(int count) {
        super.bufferUpdated(count);
        Objects.requireNonNull(transport).pauseReading();
      }
    }
    withPair(
        RecordingProtocol::new,
        Pausing::new,
        pair -> {
          pair.client().write(ascii("one two three four"));
          until(() -> !pair.serverProtocol().counts.isEmpty());
          sleep(SHORT);
          assertThat(pair.serverProtocol().counts).containsExactly(10);
          pair.client().write(ascii(" five"));
          until(() -> {
            pair.server().resumeReading();
            return pair.serverProtocol().text.length() == 23;
          });
          assertThat(pair.serverProtocol().text.toString()).isEqualTo("one two three four five");
        });
  }

  @Test
  @DisplayName("TR-9: an empty buffer is an error")
  void emptyBuffer() {
    withPair(
        RecordingProtocol::new,
        () -> new BufferRecorder(0),
        pair -> {
          pair.client().write(ascii("x"));
          pair.clientProtocol().lost.await();
          var report = takeReport();
          assertThat(report.message()).contains("getBuffer");
          assertThat(report.exception()).hasMessageContaining("empty buffer");
        });
  }

  @Test
  @DisplayName("TR-9: so is one that cannot be written to, and the connection ends")
  void readOnlyBuffer() {
    BufferedProtocol readOnly =
        new BufferedProtocol() {
          @Override
          public ByteBuffer getBuffer(int sizehint) {
            return ByteBuffer.allocate(10).asReadOnlyBuffer();
          }

          @Override
          public void bufferUpdated(int count) {}
        };
    withPair(
        RecordingProtocol::new,
        () -> readOnly,
        pair -> {
          pair.client().write(ascii("x"));
          pair.clientProtocol().lost.await();
          assertThat(takeReport().exception()).hasMessageContaining("read-only buffer");
        });
  }

  @Test
  @DisplayName("TR-10: extra information")
  void extraInfo() {
    withRecordings(pair -> {
      InetSocketAddress client = (InetSocketAddress) pair.client().getExtraInfo(ExtraInfo.SOCKNAME);
      assertThat(pair.server().getExtraInfo(ExtraInfo.PEERNAME)).isEqualTo(client);
      assertThat(pair.client().getExtraInfo(ExtraInfo.PEERNAME))
          .isEqualTo(pair.server().getExtraInfo(ExtraInfo.SOCKNAME));
      assertThat(pair.client().getExtraInfo(ExtraInfo.SOCKET).isActive()).isTrue();
      assertThat(pair.client().getExtraInfo(ExtraInfo.SSL_OBJECT)).isNull();
      assertThat(pair.client().getExtraInfo(ExtraInfo.PEERCERT)).isNull();
      assertThat(ExtraInfo.PEERNAME).hasToString("peername");
      pair.client().abort();
      pair.clientProtocol().lost.await();
      assertThat(pair.client().getExtraInfo(ExtraInfo.SOCKNAME))
          .as("after the end")
          .isEqualTo(client);
      assertThat(pair.client().toString()).contains("closed");
    });
  }

  @Test
  @DisplayName("TR-12: writelines sends the pieces in order")
  void writelines() {
    withRecordings(pair -> {
      List<byte[]> lines = new ArrayList<>();
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 5_000; i++) {
        lines.add(ascii(i + "\n"));
        all.append(i).append('\n');
      }
      pair.client().writelines(lines);
      pair.client().close();
      pair.serverProtocol().lost.await();
      assertThat(pair.serverProtocol().text()).isEqualTo(all.toString());
    });
  }

  @Test
  @DisplayName("TR-12: writelines is one write of all the pieces, none of which is copied")
  void writelinesAtOnce() {
    withRecordings(pair -> {
      Outgoing outgoing = Outgoing.of(pair.client());
      pair.client().writelines(List.of(ascii("one"), ascii("two"), ascii("three")));
      until(() -> pair.serverProtocol().text().equals("onetwothree"));
      assertThat(outgoing.noted).containsExactly("11 bytes in 3");
    });
  }
}
