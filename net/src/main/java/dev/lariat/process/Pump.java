package dev.lariat.process;

import dev.lariat.EventLoop;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.PipeSink;
import dev.lariat.net.internal.PipeSource;
import dev.lariat.net.internal.WriteEvents;
import io.netty.buffer.ByteBuf;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Pipes where the loop's poller has none: a thread each copies between the JDK's stream and the
 * loop.
 *
 * <p>These are platform threads: a read of a pipe holds the carrier of a virtual one, and a few
 * dozen idle children would have all carriers. They are reused, and end when they have been idle
 * for a minute.
 */
final class Pump {
  /** For whatever blocks on behalf of a child. */
  static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("lariat-process-", 1).factory());

  private Pump() {}

  /** Tells the loop something; a loop that is closed has closed the pipes as well. */
  private static void tell(EventLoop loop, Runnable event) {
    try {
      loop.callSoonThreadsafe(event);
    } catch (IllegalStateException loopClosed) {
      Callbacks.LOG.log(Level.TRACE, "A pipe has outlived its event loop", loopClosed);
    }
  }

  /** In a pump's thread: what has happened to a stream by then does not matter any more. */
  private static void closeQuietly(Closeable stream) {
    try {
      stream.close();
    } catch (IOException error) {
      Callbacks.LOG.log(Level.DEBUG, "Closing a pipe failed", error);
    }
  }

  /** Reads ahead as many blocks as there are permits. */
  static final class Source implements PipeSource {
    private final EventLoop loop;
    private final InputStream stream;
    private final Semaphore room = new Semaphore(AHEAD);
    private volatile boolean closed;

    Source(EventLoop loop, InputStream stream) {
      this.loop = loop;
      this.stream = stream;
    }

    @Override
    public void start(Events events) {
      THREADS.execute(() -> {
        Throwable cause = copy(events);
        closeQuietly(stream);
        tell(
            loop,
            () -> {
              if (!closed) {
                events.ended(cause);
              }
            });
      });
    }

    private @Nullable Throwable copy(Events events) {
      byte[] block = new byte[BLOCK];
      try {
        while (true) {
          room.acquireUninterruptibly();
          int count = closed ? -1 : stream.read(block);
          if (count < 0) {
            return null;
          }
          byte[] data = Arrays.copyOf(block, count);
          tell(loop, () -> events.received(data));
        }
      } catch (IOException error) {
        return error;
      }
    }

    @Override
    public void consumed() {
      room.release();
    }

    @Override
    public void discard() {
      if (!closed) {
        closed = true;
        room.release();
        THREADS.execute(() -> closeQuietly(stream)); // may wait for a read that is going on
      }
    }
  }

  /** A queue, of which an empty item is the end. */
  static final class Sink implements PipeSink {
    private final EventLoop loop;
    private final OutputStream stream;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private static final byte[] END = {};
    private volatile boolean closed;

    Sink(EventLoop loop, OutputStream stream) {
      this.loop = loop;
      this.stream = stream;
    }

    @Override
    public void start(WriteEvents events) {
      THREADS.execute(() -> copy(events));
    }

    private void copy(WriteEvents events) {
      try {
        for (byte[] data = queue.take(); data != END && !closed; data = queue.take()) {
          int bytes = data.length;
          stream.write(data);
          stream.flush();
          tell(loop, () -> events.written(bytes, null));
        }
      } catch (IOException error) {
        tell(loop, () -> events.written(0, error));
      } catch (InterruptedException nobodyDoes) {
        Thread.currentThread().interrupt();
      } finally {
        closeQuietly(stream);
      }
    }

    @Override
    public void write(ByteBuf data) {
      byte[] bytes = new byte[data.readableBytes()];
      data.readBytes(bytes).release();
      queue.add(bytes);
    }

    @Override
    public void discard() {
      if (!closed) {
        closed = true;
        queue.add(END);
      }
    }
  }
}
