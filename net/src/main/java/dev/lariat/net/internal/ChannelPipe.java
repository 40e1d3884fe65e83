package dev.lariat.net.internal;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A channel of the JDK as our end of a pipe: read and written on the loop's thread, which is where
 * {@link Readiness} tells of it.
 */
public abstract class ChannelPipe {
  private final Readiness readiness;
  private final SelectableChannel channel;
  private final Direction direction;
  boolean closed;

  private ChannelPipe(Readiness readiness, SelectableChannel channel, Direction direction) {
    this.readiness = readiness;
    this.channel = channel;
    this.direction = direction;
  }

  /** A pipe's end to read from. {@code channel} does not block, and is closed with this. */
  public static <C extends SelectableChannel & ReadableByteChannel> PipeSource source(
      Readiness readiness, C channel) {
    return new Source(readiness, channel, channel);
  }

  /** A pipe's end to write to. {@code channel} does not block, and is closed with this. */
  public static <C extends SelectableChannel & WritableByteChannel> PipeSink sink(
      Readiness readiness, C channel) {
    return new Sink(readiness, channel, channel);
  }

  public final SelectableChannel channel() {
    return channel;
  }

  final void watch(Runnable callback) {
    readiness.watch(channel, direction, callback);
  }

  final void unwatch() {
    readiness.unwatch(channel, direction);
  }

  public final void discard() {
    if (!closed) {
      closed = true;
      unwatch();
      dropped();
      try {
        channel.close();
      } catch (IOException error) {
        Callbacks.LOG.log(Level.DEBUG, "Closing a pipe failed", error);
      }
    }
  }

  void dropped() {}

  private static final class Source extends ChannelPipe implements PipeSource {
    private final ReadableByteChannel input;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private int ahead;
    private @Nullable Events events;

    Source(Readiness readiness, SelectableChannel channel, ReadableByteChannel input) {
      super(readiness, channel, Direction.INPUT);
      this.input = input;
    }

    @Override
    public void start(Events told) {
      events = told;
      watch(() -> read(told));
    }

    private void read(Events told) {
      try {
        int count = input.read(block.clear());
        if (count > 0) {
          byte[] data = new byte[count];
          block.get(0, data);
          if (++ahead == AHEAD) {
            unwatch();
          }
          told.received(data);
        } else if (count < 0) {
          end(told, null);
        }
      } catch (IOException error) {
        end(told, error);
      }
    }

    private void end(Events told, @Nullable Throwable cause) {
      discard();
      told.ended(cause);
    }

    @Override
    public void consumed() {
      if (ahead-- == AHEAD && !closed && events != null) {
        if (channel().isOpen()) {
          start(events);
        } else {
          end(events, new ClosedChannelException());
        }
      }
    }
  }

  private static final class Sink extends ChannelPipe implements PipeSink {
    private final WritableByteChannel output;
    private final Deque<ByteBuf> queue = new ArrayDeque<>();
    private @Nullable WriteEvents events;
    private boolean flushing;
    private boolean waiting;

    Sink(Readiness readiness, SelectableChannel channel, WritableByteChannel output) {
      super(readiness, channel, Direction.OUTPUT);
      this.output = output;
    }

    @Override
    public void start(WriteEvents told) {
      events = told;
    }

    @Override
    public void write(ByteBuf data) {
      if (closed) {
        data.release();
        return;
      }
      queue.add(data);
      if (!waiting && !flushing && events != null) {
        flush(events);
      }
    }

    /** What is told while this goes on may write more; that is not to come here again. */
    private void flush(WriteEvents told) {
      flushing = true;
      try {
        int count = -1;
        for (int blocks = 0; count != 0 && blocks < AT_ONCE && !queue.isEmpty(); blocks++) {
          count = writeSome(queue.element());
          told.written(count, null);
        }
        waitForRoom(told, !queue.isEmpty());
      } catch (IOException error) {
        discard();
        told.written(0, error);
      } finally {
        flushing = false;
      }
    }

    private int writeSome(ByteBuf data) throws IOException {
      int most = Math.min(data.readableBytes(), PipeSource.BLOCK); // may have to be copied
      int count = output.write(firstBytes(data, most));
      data.skipBytes(count);
      if (!data.isReadable()) {
        queue.remove().release();
      }
      return count;
    }

    private static ByteBuffer firstBytes(ByteBuf data, int count) throws IOException {
      try {
        return data.nioBuffer(data.readerIndex(), count);
      } catch (RuntimeException error) { // released by who wrote it
        throw new IOException("What was written to a pipe cannot be sent", error);
      }
    }

    private void waitForRoom(WriteEvents told, boolean wait) {
      if (wait != waiting && !closed) {
        waiting = wait;
        if (wait) {
          watch(() -> flush(told));
        } else {
          unwatch();
        }
      }
    }

    @Override
    void dropped() {
      queue.forEach(ReferenceCountUtil::safeRelease);
      queue.clear();
    }
  }
}
