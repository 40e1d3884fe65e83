package dev.lariat.net;

import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.queue.Queue;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** UDP. */
class DatagramsTest extends NetTest {
  private static final InetSocketAddress ANY = address("127.0.0.1", 0);

  private static InetSocketAddress address(String literal, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
  }

  private static final class Recorder implements DatagramProtocol {
    private final Queue<String> received = new Queue<>();
    private final List<SocketAddress> senders = new ArrayList<>();
    private final List<IOException> errors = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    @Override
    public void connectionMade(BaseTransport transport) {
      events.add("made");
    }

    @Override
    public void datagramReceived(byte[] data, SocketAddress from) {
      received.putNowait(text(data));
      senders.add(from);
    }

    @Override
    public void errorReceived(IOException error) {
      errors.add(error);
    }

    @Override
    public void pauseWriting() {
      events.add("pause");
    }

    @Override
    public void resumeWriting() {
      events.add("resume");
    }

    @Override
    public void connectionLost(Throwable cause) {
      events.add("lost " + cause);
    }
  }

  private static Endpoint<DatagramTransport, Recorder> open(DatagramOptions options)
      throws IOException {
    return Net.createDatagramEndpoint(Recorder::new, options);
  }

  private static InetSocketAddress addressOf(Endpoint<DatagramTransport, Recorder> end) {
    return (InetSocketAddress) end.transport().getExtraInfo(ExtraInfo.SOCKNAME);
  }

  @Test
  @DisplayName("NET-6, TR-11: datagrams there and back, large ones kept whole")
  void thereAndBack() {
    run(() -> {
      var server = open(DatagramOptions.boundTo(ANY));
      var client = open(DatagramOptions.connectedTo(addressOf(server)));
      String large = "x".repeat(60_000);
      for (String message : List.of("hello", "x", large)) {
        client.transport().sendTo(ascii(message));
        assertThat(server.protocol().received.get()).isEqualTo(message);
        assertThat(server.protocol().senders.getLast()).isEqualTo(addressOf(client));
        server.transport().sendTo(ascii(message), server.protocol().senders.getLast());
        assertThat(client.protocol().received.get()).isEqualTo(message);
      }
      assertThat(client.transport().getExtraInfo(ExtraInfo.PEERNAME)).isEqualTo(addressOf(server));
      client.transport().close();
      client.transport().close();
      server.transport().close();
      assertThat(client.transport().isClosing()).isTrue();
      client.transport().sendTo(ascii("dropped"));
      sleep(SHORT);
      assertThat(client.protocol().events).containsExactly("made", "lost null");
      assertThat(server.protocol().events).containsExactly("made", "lost null");
    });
  }

  @Test
  @DisplayName("NET-6: IPv6, and two sockets that share a port")
  void sixAndShared() {
    run(() -> {
      var server =
          open(
              DatagramOptions.boundTo(address("::1", 0))
                  .withReusePort(true)
                  .withAllowBroadcast(true));
      var other = open(DatagramOptions.boundTo(addressOf(server)).withReusePort(true));
      Channel others = other.transport().getExtraInfo(ExtraInfo.SOCKET);
      other.transport().abort();
      var client = open(DatagramOptions.connectedTo(addressOf(server)));
      until(() -> others.closeFuture().isDone()); // or it may get what is sent
      letNioClose();
      client.transport().sendTo(ascii("six"));
      assertThat(server.protocol().received.get()).isEqualTo("six");
      client.transport().close();
      server.transport().close();
      sleep(Duration.ZERO);
    });
  }

  @Test
  @DisplayName("NET-6: broadcasts are allowed where that is wanted, and only there")
  void broadcast() {
    run(() -> {
      for (boolean allow : new boolean[] {false, true}) {
        var end = open(DatagramOptions.boundTo(ANY).withAllowBroadcast(allow));
        Channel channel = end.transport().getExtraInfo(ExtraInfo.SOCKET);
        assertThat(channel.config().getOption(ChannelOption.SO_BROADCAST)).isEqualTo(allow);
        end.transport().close();
      }
      assertThat(DatagramOptions.boundTo(ANY).allowBroadcast()).isFalse();
      assertThat(DatagramOptions.connectedTo(ANY).allowBroadcast()).isFalse();
      sleep(Duration.ZERO);
    });
  }

  @Test
  @DisplayName("TR-11: empty datagrams are sent, with a remote address and without")
  void emptySent() {
    needsMoreThanNio("channels of the JDK send no empty datagrams");
    run(() -> {
      var server = open(DatagramOptions.boundTo(ANY));
      var client = open(DatagramOptions.connectedTo(addressOf(server)));
      var other = open(DatagramOptions.boundTo(ANY));
      for (int i = 0; i < 3; i++) {
        client.transport().sendTo(new byte[0]);
        client.transport().sendTo(ascii("x"));
        assertThat(server.protocol().received.get() + server.protocol().received.get())
            .isEqualTo("x");
        server.transport().sendTo(new byte[0], addressOf(other));
        assertThat(other.protocol().received.get()).isEmpty();
        assertThat(other.protocol().senders.getLast()).isEqualTo(addressOf(server));
      }
      other.transport().close();
      client.transport().close();
      client.transport().sendTo(new byte[0]);
      server.transport().close();
      sleep(SHORT);
      assertThat(server.protocol().received.empty()).isTrue();
    });
  }

  @Test
  @DisplayName("TR-11: with a remote address only to it; without one only to somebody")
  void addresses() {
    run(() -> {
      var server = open(DatagramOptions.boundTo(ANY));
      var client = open(DatagramOptions.connectedTo(addressOf(server)));
      client.transport().sendTo(ascii("x"), addressOf(server));
      assertThatThrownBy(() -> client.transport().sendTo(ascii("x"), address("127.0.0.1", 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be null or");
      assertThatThrownBy(() -> server.transport().sendTo(ascii("x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("say where to");
      assertThatThrownBy(() -> new DatagramOptions(null, null, false, false))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> open(DatagramOptions.boundTo(addressOf(server))))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("in use");
      client.transport().close();
      server.transport().close();
      sleep(Duration.ZERO);
    });
  }

  @Test
  @DisplayName("TR-11: an empty datagram of somebody else is received")
  void empty() {
    run(() -> {
      var server = open(DatagramOptions.boundTo(ANY));
      try (java.net.DatagramSocket other = new java.net.DatagramSocket()) {
        other.send(new java.net.DatagramPacket(new byte[0], 0, addressOf(server)));
        other.send(new java.net.DatagramPacket(ascii("x"), 1, addressOf(server)));
        assertThat(server.protocol().received.get()).isEmpty();
        assertThat(server.protocol().received.get()).isEqualTo("x");
      }
      server.transport().close();
      sleep(Duration.ZERO);
    });
  }

  @Test
  @DisplayName("TR-11: a closed port is told to errorReceived, and is not the end")
  void refused() {
    run(() -> {
      var server = open(DatagramOptions.boundTo(ANY));
      InetSocketAddress where = addressOf(server);
      server.transport().abort();
      sleep(SHORT);
      var client = open(DatagramOptions.connectedTo(where));
      until(() -> {
        client.transport().sendTo(ascii("anybody?"));
        return !client.protocol().errors.isEmpty();
      });
      assertThat(client.transport().isClosing()).isFalse();
      var again = open(DatagramOptions.boundTo(where));
      until(() -> {
        client.transport().sendTo(ascii("hello"));
        return !again.protocol().received.empty();
      });
      client.transport().close();
      again.transport().close();
      sleep(Duration.ZERO);
    });
  }

  @Test
  @DisplayName("TR-11: a datagram that is too large is an error, and is not the end")
  void tooLarge() {
    run(() -> {
      var server = open(DatagramOptions.boundTo(ANY));
      var client = open(DatagramOptions.connectedTo(addressOf(server)));
      client.transport().sendTo(new byte[70_000]);
      until(() -> !client.protocol().errors.isEmpty());
      assertThat(client.transport().getWriteBufferSize()).isZero();
      client.transport().sendTo(ascii("small"));
      assertThat(server.protocol().received.get()).isEqualTo("small");
      client.transport().setWriteBufferLimits(10, 5);
      assertThatThrownBy(() -> client.transport().setWriteBufferLimits(5, 10))
          .isInstanceOf(IllegalArgumentException.class);
      client.transport().close();
      server.transport().close();
      sleep(Duration.ZERO);
    });
  }

  @Test
  @DisplayName("TR-11: pauseWriting and resumeWriting, once for each crossing of the limits")
  void flowControl() {
    run(() -> {
      var server = open(DatagramOptions.boundTo(ANY));
      var client = open(DatagramOptions.connectedTo(addressOf(server)));
      Outgoing outgoing = Outgoing.of(client.transport());
      client.transport().setWriteBufferLimits(10, 5);
      outgoing.hold();
      client.transport().sendTo(ascii("0123456789"));
      assertThat(client.transport().getWriteBufferSize()).isEqualTo(10);
      assertThat(client.protocol().events).containsExactly("made");
      client.transport().sendTo(ascii("x"));
      client.transport().sendTo(ascii("y"));
      assertThat(client.protocol().events).containsExactly("made", "pause");
      until(() -> outgoing.noted.size() == 3);
      outgoing.letGo();
      for (String message : List.of("0123456789", "x", "y")) {
        assertThat(server.protocol().received.get()).isEqualTo(message);
      }
      until(() -> client.transport().getWriteBufferSize() == 0);
      assertThat(client.protocol().events).containsExactly("made", "pause", "resume");
      client.transport().close();
      server.transport().close();
      sleep(Duration.ZERO);
    });
  }

  @Test
  @DisplayName("TR-8: what datagramReceived throws is reported, and is not the end")
  void protocolFails() {
    run(() -> {
      var server =
          Net.createDatagramEndpoint(
              () ->
                  new DatagramProtocol() {
                    @Override
                    public void datagramReceived(byte[] data, SocketAddress from) {
                      throw new IllegalStateException(text(data));
                    }
                  },
              DatagramOptions.boundTo(ANY));
      var client =
          open(
              DatagramOptions.connectedTo(
                  (InetSocketAddress) server.transport().getExtraInfo(ExtraInfo.SOCKNAME)));
      for (String message : List.of("one", "two")) {
        client.transport().sendTo(ascii(message));
        until(this::hasReport);
        assertThat(takeReport().exception()).hasMessage(message);
      }
      client.transport().close();
      server.transport().close();
      sleep(Duration.ZERO);
    });
  }
}
