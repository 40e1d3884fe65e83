package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import java.net.ConnectException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A toolkit whose thread ends, as that of JavaFX does, with a loop on it that is not closed. */
@Timeout(60)
class AbandonedLoopTest {
  private static final String HOST = "127.0.0.1";

  private int port;

  /** A toolkit that knows turns, and nothing else. */
  private static final class Toolkit implements Host {
    private final Thread thread = Thread.currentThread();
    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private Guest guest;

    @Override
    public void start(Guest newGuest) {
      guest = newGuest;
    }

    @Override
    public boolean isHostThread() {
      return Thread.currentThread() == thread;
    }

    @Override
    public void wake() {
      events.add(guest::turn);
    }

    @Override
    public void wakeAt(long nanoTime) {}

    @Override
    public void run() {}

    @Override
    public void quit() {}
  }

  private Toolkit toolkit;

  /** Opens a server, and ends; the server is still open then, and so is the loop. */
  private void toolkitThread() {
    toolkit = new Toolkit();
    EventLoop loop = new EventLoop(toolkit);
    loop.attach();
    Action open = () -> port = Streams.startServer((in, out) -> {}, HOST, 0).port();
    createTask(open);
    while (port == 0) {
      try {
        toolkit.events.take().run();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  @DisplayName("its server is closed when the toolkit ends, and its descriptors with it")
  void serverIsClosed() throws Exception {
    Thread thread = Thread.ofPlatform().start(this::toolkitThread);
    thread.join();
    long open = Descriptors.count();
    new Socket(HOST, port).close();
    toolkit.guest.hostEnded();
    assertThatThrownBy(() -> new Socket(HOST, port).close()).isInstanceOf(ConnectException.class);
    assertThat(Descriptors.count()).isLessThan(open);
  }
}
