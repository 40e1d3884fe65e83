package dev.lariat.net;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.net.internal.Callbacks;
import java.io.IOException;
import java.net.SocketException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Between a transport and streams: feeds a reader, and lets writers wait. Models {@code
 * asyncio.StreamReaderProtocol}.
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class StreamReaderProtocol implements Protocol {
  private final EventLoop loop = Asyncio.getEventLoop();
  private final StreamReader reader;
  private final @Nullable StreamHandler handler;
  private final Set<Future<@Nullable Void>> drainWaiters = new LinkedHashSet<>();
  private final Future<@Nullable Void> closed = loop.createFuture();
  private @Nullable BaseTransport transport;
  private boolean paused;
  private boolean lost;

  /**
   * Makes one that only feeds a reader.
   *
   * @param reader the reader
   */
  public StreamReaderProtocol(StreamReader reader) {
    this(reader, null);
  }

  /**
   * Makes one that runs a handler, in a task, when the connection is made.
   *
   * @param reader the reader
   * @param handler what to run, or null
   */
  public StreamReaderProtocol(StreamReader reader, @Nullable StreamHandler handler) {
    this.reader = Objects.requireNonNull(reader, "reader");
    this.handler = handler;
  }

  // -- from the transport ------------------------------------------------------------------------

  @Override
  public void connectionMade(BaseTransport newTransport) {
    transport = newTransport;
    if (newTransport instanceof ReadTransport source) {
      reader.setTransport(source);
    }
    if (handler != null) {
      StreamWriter writer = new StreamWriter((WriteTransport) newTransport, this, reader);
      serve(handler, writer);
    }
  }

  private void serve(StreamHandler with, StreamWriter writer) {
    Task<Void> task = loop.createTask(() -> with.handle(reader, writer));
    task.addDoneCallback(done -> {
      Throwable error = done.cancelled() ? null : done.exception();
      if (done.cancelled() || error instanceof CancelledError) {
        writer.close();
      } else if (error != null) {
        Callbacks.report(loop, "Unhandled exception in client_connected_cb", error);
        writer.close();
      }
    });
  }

  @Override
  public void dataReceived(byte[] data) {
    reader.feedData(data);
  }

  @Override
  public boolean eofReceived() {
    reader.feedEof();
    return true; // half closed: there may still be something to write
  }

  @Override
  public void pauseWriting() {
    paused = true;
  }

  @Override
  public void resumeWriting() {
    paused = false;
    wakeWriters(null);
  }

  @Override
  public void connectionLost(@Nullable Throwable cause) {
    lost = true;
    if (cause == null) {
      reader.feedEof();
    } else {
      reader.setException(cause);
    }
    reader.disconnected();
    Channels.complete(closed, cause);
    if (cause != null) {
      closed.exception(); // nobody has to ask
    }
    wakeWriters(cause == null ? lostConnection() : cause);
    transport = null;
  }

  private void wakeWriters(@Nullable Throwable cause) {
    for (Future<@Nullable Void> waiter : List.copyOf(drainWaiters)) {
      Channels.complete(waiter, cause);
    }
  }

  static SocketException lostConnection() {
    return new SocketException("Connection lost");
  }

  // -- for writers -------------------------------------------------------------------------------

  /** Waits while the transport's buffer is full. */
  void drain() throws IOException {
    if (lost) {
      throw lostConnection();
    }
    if (paused) {
      Future<@Nullable Void> waiter = loop.createFuture();
      drainWaiters.add(waiter);
      try {
        Channels.await(waiter);
      } finally {
        drainWaiters.remove(waiter);
      }
    }
  }

  StreamReader reader() {
    return reader;
  }

  boolean isPaused() {
    return paused;
  }

  Future<@Nullable Void> closedFuture() {
    return closed;
  }

  void replaceTransport(Transport newTransport) {
    transport = newTransport;
    reader.replaceTransport(newTransport);
  }

  @Override
  public String toString() {
    return "StreamReaderProtocol[" + transport + "]";
  }
}
