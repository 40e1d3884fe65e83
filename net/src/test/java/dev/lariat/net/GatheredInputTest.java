package dev.lariat.net;

import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.net.Certificates.clientTls;
import static dev.lariat.net.Certificates.serverTls;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Future;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** More connections than are dealt with at a time have input at once, and one changes another. */
class GatheredInputTest extends NetTest {
  private static final String HOST = "127.0.0.1";
  private static final int CONNECTIONS = 40;

  private final List<Receiver> receivers = new ArrayList<>();
  private final List<Socket> peers = new ArrayList<>();

  /** Runs once, in the middle of what has come, with all that have been told nothing yet. */
  private interface Change {
    void apply(List<Receiver> others);
  }

  private final class Receiver extends RecordingProtocol {
    private Change first = _ -> {};

    @Override
    public void dataReceived(byte[] received) {
      super.dataReceived(received);
      Change change = first;
      receivers.forEach(one -> one.first = _ -> {});
      change.apply(receivers.stream().filter(one -> one != this).toList());
    }
  }

  private Server connect() throws IOException {
    Server server =
        Net.createServer(
            () -> {
              Receiver receiver = new Receiver();
              receivers.add(receiver);
              return receiver;
            },
            HOST,
            0,
            ServerOptions.DEFAULT);
    for (int i = 0; i < CONNECTIONS; i++) {
      peers.add(new Socket(HOST, server.port()));
      int made = i + 1;
      until(() -> receivers.size() == made && receivers.getLast().transport != null);
    }
    return server;
  }

  /** From the loop's thread and without a pause, so that one wait finds all. */
  private void sendAll() throws IOException {
    for (Socket peer : peers) {
      peer.getOutputStream().write(ascii("hello"));
    }
  }

  private void end(Server server) throws IOException {
    for (Socket peer : peers) {
      peer.close();
    }
    server.close();
    server.abortClients();
    server.waitClosed();
  }

  @Test
  @DisplayName(
      "TR-7, TR-9, TR-11: one closes, aborts, pauses, hands over others whose bytes are here")
  void changesOthers() {
    run(() -> {
      Server server = connect();
      RecordingProtocol other = new RecordingProtocol();
      other.events.add("made");
      List<Receiver> changed = new ArrayList<>();
      Change change =
          others -> {
            changed.addAll(others);
            others.get(0).transport.close();
            others.get(1).transport.abort();
            others.get(2).transport.pauseReading();
            others.get(3).transport.setProtocol(other);
            others.get(4).transport.writeEof();
            others.get(35).transport.abort();
            others.get(36).transport.pauseReading();
          };
      receivers.forEach(one -> one.first = change);
      sendAll();
      List<Integer> told = List.of(4, 5, 20, 33, 34, 37, 38);
      until(() -> changed.size() == CONNECTIONS - 1);
      until(() -> told.stream().allMatch(i -> changed.get(i).text().equals("hello")));
      until(() -> other.text().equals("hello"));
      for (int i : List.of(0, 1, 2, 3, 35, 36)) {
        assertThat(changed.get(i).text()).as("of connection %d", i).isEmpty();
      }
      for (int i : List.of(0, 1, 35)) {
        until(() -> changed.get(i).lost.done());
        assertThat(changed.get(i).events).containsExactly("made", "lost");
      }
      for (int i : List.of(2, 36)) {
        changed.get(i).transport.resumeReading();
        until(() -> changed.get(i).text().equals("hello"));
      }
      end(server);
    });
  }

  @Test
  @DisplayName("The loop is stopped by one; the others are told when it runs again")
  void stopsTheLoop() {
    Server server = run(this::connect);
    receivers.forEach(one -> one.first = _ -> loop.stop());
    loop.callSoon(() -> {
      try {
        sendAll();
      } catch (IOException error) {
        throw new AssertionError(error);
      }
    });
    loop.runForever();
    run(() -> {
      until(() -> receivers.stream().allMatch(one -> one.text().equals("hello")));
      end(server);
    });
  }

  @Test
  @DisplayName("STR-10: one begins TLS on another whose ClientHello is here")
  void beginsTls() {
    run(() -> {
      List<StreamWriter> writers = new ArrayList<>();
      List<StreamReader> readers = new ArrayList<>();
      Future<Void> end = getRunningLoop().createFuture();
      Server server =
          startServer(
              (reader, writer) -> {
                writers.add(writer);
                readers.add(reader);
                if (writers.size() == 1) {
                  reader.readLine();
                  writers.get(1).startTls(serverTls());
                  writers.get(1).write(readers.get(1).readline());
                }
                end.await();
                writer.close();
              },
              HOST,
              0);
      try (Connection first = openConnection(HOST, server.port())) {
        until(() -> writers.size() == 1);
        try (Connection second = openConnection(HOST, server.port())) {
          until(() -> writers.size() == 2);
          first.writer().write("go\n");
          second.writer().startTls(clientTls().withServerHostname("localhost"));
          second.writer().write("secret\n");
          assertThat(second.reader().readLine()).isEqualTo("secret");
          end.setResult(null);
        }
      }
      server.close();
      server.waitClosed();
    });
  }

  @Test
  @DisplayName("Connections that are closed are not kept by what dealt with them")
  void keepsNothing() {
    run(() -> {
      Server server = connect();
      sendAll();
      until(() -> receivers.stream().allMatch(one -> one.text().equals("hello")));
      Socket last = peers.removeLast();
      Receiver busy = receivers.removeLast();
      for (Socket peer : peers) {
        peer.close();
      }
      until(() -> receivers.stream().allMatch(one -> one.lost.done()));
      List<WeakReference<Receiver>> closed =
          receivers.stream().map(one -> new WeakReference<>(one)).toList();
      receivers.clear();
      receivers.add(busy);
      until(() -> {
        System.gc();
        return closed.stream().allMatch(one -> one.get() == null);
      });
      last.close();
      end(server);
    });
  }
}
