package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.net.ConnectionsTest.Silent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

@DisplayName("What is under way when a loop is closed")
@Timeout(60)
class LoopEndTest {
  private static final String HOST = "127.0.0.1";

  @ParameterizedTest
  @ArgumentsSource(LoopKind.Provider.class)
  @DisplayName(
      "NET-5 a connection that was accepted, and that the loop does not know of, is closed")
  void accepted(LoopKind kind) throws Exception {
    for (int round = 0; round < 50; round++) {
      EventLoop loop = kind.newLoop();
      Server server = loop.runUntilComplete(() -> Streams.startServer((_, _) -> {}, HOST, 0));
      try (Socket client = new Socket(HOST, server.port())) {
        Thread.sleep(2); // real time: for a thread beside the loop to accept it
        server.close();
        loop.close();
        assertThat(isClosed(client)).as("closed in round %d", round).isTrue();
      }
    }
  }

  private static boolean isClosed(Socket client) throws IOException {
    client.setSoTimeout(5_000);
    try {
      return client.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @ParameterizedTest
  @ArgumentsSource(LoopKind.Provider.class)
  @DisplayName(
      "NET-2 a task that tries several addresses is unwound, and no exception is in the way")
  void connecting(LoopKind kind) throws IOException {
    List<Exception> caught = new ArrayList<>();
    try (Silent silent = new Silent()) {
      EventLoop loop = kind.newLoop();
      InetSocketAddress address = new InetSocketAddress(HOST, silent.port());
      loop.setExceptionHandler((_, _) -> {}); // that the task is lost
      loop.runUntilComplete(() -> {
        Task<Void> task =
            createTask(() -> {
              try {
                new Connector(Net.reactor(), List.of(address, address), ConnectOptions.DEFAULT)
                    .connect();
              } catch (Exception error) {
                caught.add(error);
              }
            });
        sleep(NetTest.SHORT); // real time: both are tried
        assertThat(task.done()).isFalse();
      });
      loop.close();
    }
    assertThat(caught).isEmpty();
  }
}
