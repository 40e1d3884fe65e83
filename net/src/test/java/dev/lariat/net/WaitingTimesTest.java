package dev.lariat.net;

import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.net.Streams.openConnection;
import static dev.lariat.net.Streams.startServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.host.Poller;
import dev.lariat.queue.Queue;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long networking waits where nobody says: real sockets, on a clock that jumps. */
@Timeout(60)
class WaitingTimesTest {
  private static final String HOST = "127.0.0.1";

  /** Jumps to the next deadline; waits, for sockets, only if there is none. */
  private static final class JumpingClock implements Poller {
    private final Semaphore signals = new Semaphore(0);
    private volatile long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void poll(long nanos) {
      if (nanos < 0) {
        try {
          signals.acquire();
        } catch (InterruptedException timeout) {
          throw new IllegalStateException("nothing happened", timeout);
        }
      } else if (!signals.tryAcquire()) {
        now += nanos;
      }
      signals.drainPermits();
    }

    @Override
    public void wakeup() {
      signals.release();
    }
  }

  private static void greet(StreamReader reader, StreamWriter writer) throws IOException {
    writer.write("hello");
    reader.read();
    writer.close();
  }

  private static InetSocketAddress address(String literal, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
  }

  private static void onJumpingClock(Action test) {
    try (EventLoop loop = new EventLoop(new JumpingClock())) {
      loop.runUntilComplete(test.toCoroutine());
    }
  }

  @Test
  @DisplayName("NET-2: an address that does not answer has 250 ms before the next one is tried")
  void happyEyeballs() {
    assertThat(ConnectOptions.DEFAULT.happyEyeballsDelay()).isEqualTo(Duration.ofMillis(250));
    onJumpingClock(() -> {
      try (ConnectionsTest.Silent silent = new ConnectionsTest.Silent()) {
        Server server = startServer(WaitingTimesTest::greet, "127.0.0.3", silent.port());
        Duration start = getRunningLoop().time();
        ChannelTransport connected =
            new Connector(
                    Net.reactor(),
                    List.of(address(HOST, silent.port()), address("127.0.0.3", silent.port())),
                    ConnectOptions.DEFAULT)
                .connect();
        assertThat(getRunningLoop().time().minus(start)).isEqualTo(Duration.ofMillis(250));
        connected.discard();
        server.close();
        server.waitClosed();
      }
    });
  }

  @Test
  @DisplayName("NET-4: out of descriptors, a server pauses for a second; not for one that gave up")
  void accepting() {
    assumeTrue(Epoll.isAvailable(), "the numbers of errors are Linux's");
    Throwable aborted = new Errors.NativeIoException("accept", -103);
    Throwable abortedOnMacos = new Errors.NativeIoException("accept", -53);
    Throwable outOfDescriptors = new Errors.NativeIoException("accept", -24);
    onJumpingClock(() -> {
      Queue<Throwable> reports = new Queue<>();
      getRunningLoop().setExceptionHandler((_, report) -> reports.putNowait(report.exception()));
      Server server = startServer(WaitingTimesTest::greet, HOST, 0);
      Connection first = greeted(server);
      Channel listening = server.transports().getFirst().getExtraInfo(ExtraInfo.SOCKET).parent();

      Net.reactor().toNetty(() -> listening.pipeline().fireExceptionCaught(aborted));
      Net.reactor().toNetty(() -> listening.pipeline().fireExceptionCaught(abortedOnMacos));
      Connection second = greeted(server);
      assertThat(listening.config().isAutoRead()).isTrue();

      Net.reactor().toNetty(() -> listening.pipeline().fireExceptionCaught(outOfDescriptors));
      assertThat(reports.get()).isSameAs(outOfDescriptors);
      assertThat(listening.config().isAutoRead()).isFalse();
      Duration start = getRunningLoop().time();
      Connection third = greeted(server);
      assertThat(getRunningLoop().time().minus(start)).isEqualTo(Duration.ofSeconds(1));
      assertThat(reports.empty()).isTrue();
      for (Connection connection : List.of(first, second, third)) {
        connection.close();
      }
      server.close();
      server.waitClosed();
    });
  }

  private static Connection greeted(Server server) throws IOException {
    Connection connection = openConnection(HOST, server.port());
    assertThat(connection.reader().readexactly(5)).isEqualTo(StreamFixtures.ascii("hello"));
    return connection;
  }
}
