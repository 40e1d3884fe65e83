package dev.lariat.examples.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.examples.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PortScannerTest {
  private static ServerSocket listen(int backlog) throws IOException {
    return new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
  }

  @Test
  @DisplayName("NET-1 the open ports among many are found")
  void finds() throws Exception {
    try (ServerSocket one = listen(50);
        ServerSocket two = listen(50)) {
      int low = Math.min(one.getLocalPort(), two.getLocalPort());
      int high = Math.max(one.getLocalPort(), two.getLocalPort());
      try (Program scan =
          Program.start(PortScanner.class, "127.0.0.1", low + "-" + high, "20000")) {
        assertThat(scan.awaitEnd()).isZero();
        assertThat(scan.lines())
            .contains("%5d is open".formatted(low), "%5d is open".formatted(high));
        int ports = high - low + 1;
        assertThat(scan.lines().getLast())
            .startsWith("Done: %d of %d ports tried; ".formatted(ports, ports))
            .contains("0 failed");
      }
    }
  }

  /** A port that neither takes connections nor refuses them: its backlog is full. */
  private static List<SocketChannel> silence(ServerSocket full) throws IOException {
    List<SocketChannel> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
      waiting.add(channel);
    }
    return waiting;
  }

  @Test
  @DisplayName("a port that does not answer costs its time, and no more")
  void silent() throws Exception {
    try (ServerSocket full = listen(1)) {
      List<SocketChannel> waiting = silence(full);
      try (Program scan =
          Program.start(PortScanner.class, "127.0.0.1", "" + full.getLocalPort(), "200")) {
        assertThat(scan.awaitEnd()).isZero();
        assertThat(scan.lines().getLast()).contains("0 open", "1 silent");
      } finally {
        for (SocketChannel channel : waiting) {
          channel.close();
        }
      }
    }
  }

  @Test
  @DisplayName("Ctrl-C ends it early, with what was found until then")
  void interrupted() throws Exception {
    try (ServerSocket full = listen(1);
        ServerSocket open = listen(50)) {
      List<SocketChannel> waiting = silence(full);
      int low = Math.min(full.getLocalPort(), open.getLocalPort());
      int high = Math.max(full.getLocalPort(), open.getLocalPort());
      try (Program scan =
          Program.start(PortScanner.class, "127.0.0.1", low + "-" + high, "999999999")) {
        scan.awaitLine(open.getLocalPort() + " is open");
        scan.typeCtrlC();
        assertThat(scan.awaitEnd()).isEqualTo(130);
        assertThat(scan.lines().getLast())
            .startsWith("Interrupted: ")
            .contains(" open [", "" + open.getLocalPort(), "0 silent");
      } finally {
        for (SocketChannel channel : waiting) {
          channel.close();
        }
      }
    }
  }

  @Test
  @DisplayName("the progress bar")
  void progress() {
    PortScanner scanner = new PortScanner("127.0.0.1", 1, 1000, Duration.ofSeconds(1));
    assertThat(scanner.progress()).isEqualTo("[....................] 0 of 1000 ports, 0 open");
  }
}
