package dev.lariat.net.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe, waited for by epoll like a socket. Its fields are Netty's thread's.
 *
 * <p>epoll always tells of a pipe whose other end is gone, asked or not. So an end that does not
 * want to know, because the loop is behind, is taken out of epoll.
 */
public abstract class EpollPipe implements EpollIoHandle {
  /** What is read or written at once. One for each thread that has pipes: a few. */
  private static final ThreadLocal<ByteBuffer> BLOCKS =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(PipeSource.BLOCK));

  final Reactor reactor;
  private final FileDescriptor fd;
  private EpollIoOps wanted = EpollIoOps.EPOLLERR;
  private @Nullable IoRegistration registration;
  boolean closed;

  EpollPipe(Reactor reactor, FileDescriptor fd) {
    this.reactor = reactor;
    this.fd = fd;
  }

  /** Whether the pipes of {@code reactor} can be waited for in this way. */
  public static boolean worksWith(Reactor reactor) {
    return reactor.sockets.name().equals("epoll");
  }

  /** A pipe's end to read from. {@code fd} does not block, and is closed with this. */
  public static PipeSource source(Reactor reactor, FileDescriptor fd) {
    return new Source(reactor, fd);
  }

  /** A pipe's end to write to. {@code fd} does not block, and is closed with this. */
  public static PipeSink sink(Reactor reactor, FileDescriptor fd) {
    return new Sink(reactor, fd);
  }

  @Override
  public final FileDescriptor fd() {
    return fd;
  }

  final void register(EpollIoOps ops) {
    wanted = ops;
    reactor
        .netty()
        .register(this)
        .addListener(done -> {
          if (!done.isSuccess()) {
            failed(new IOException("epoll refuses a pipe", done.cause()));
            return;
          }
          IoRegistration made = (IoRegistration) done.getNow();
          if (closed) {
            made.cancel();
          } else {
            begin(made);
          }
        });
  }

  private void begin(IoRegistration made) {
    try {
      made.submit(wanted);
      registration = made;
    } catch (UncheckedIOException error) {
      made.cancel();
      refused(error);
    }
  }

  final void want(EpollIoOps ops) {
    if (wanted != ops) {
      wanted = ops;
      if (registration != null) {
        registration.submit(ops);
      }
    }
  }

  final void unregister() {
    if (registration != null) {
      registration.cancel();
      registration = null;
    }
  }

  abstract void failed(IOException cause);

  /** epoll does not wait for this, as for {@code /dev/null}, which is always ready. */
  void refused(Throwable cause) {
    failed(new IOException("epoll cannot wait for this, which is no pipe and no terminal", cause));
  }

  abstract void ready(EpollIoOps ops);

  @Override
  public final void handle(IoRegistration from, IoEvent event) {
    if (!closed) {
      ready(((EpollIoEvent) event).ops());
      reactor.readComplete();
    }
  }

  /** Netty closes this as well, when the loop is closed. */
  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      unregister();
      dropped();
      try {
        fd.close();
      } catch (IOException error) {
        Callbacks.LOG.log(Level.DEBUG, "Closing a pipe failed", error);
      }
    }
  }

  abstract void dropped();

  public final void discard() {
    reactor.toNetty(this::close);
  }

  private static final class Source extends EpollPipe implements PipeSource {
    private @Nullable Events events;
    private int ahead;

    Source(Reactor reactor, FileDescriptor fd) {
      super(reactor, fd);
    }

    @Override
    public void start(Events told) {
      reactor.toNetty(() -> {
        events = told;
        register(EpollIoOps.EPOLLIN);
      });
    }

    @Override
    void ready(EpollIoOps ops) {
      try {
        ByteBuffer block = BLOCKS.get().clear();
        int count = fd().read(block, 0, BLOCK);
        if (count < 0) {
          end(null);
        } else if (count > 0) {
          byte[] data = new byte[count];
          block.get(0, data);
          if (++ahead == AHEAD) {
            unregister();
          }
          tell(told -> told.received(data));
        }
      } catch (IOException | OutOfMemoryError error) {
        end(error);
      }
    }

    private void tell(java.util.function.Consumer<Events> event) {
      Events told = events;
      if (told != null) {
        reactor.toLoop(() -> event.accept(told));
      }
    }

    private void end(@Nullable Throwable cause) {
      close();
      tell(told -> told.ended(cause));
    }

    @Override
    void failed(IOException cause) {
      end(cause);
    }

    @Override
    public void consumed() {
      reactor.toNetty(() -> {
        if (ahead-- == AHEAD && !closed) {
          register(EpollIoOps.EPOLLIN);
        }
      });
    }

    @Override
    void dropped() {}
  }

  private static final class Sink extends EpollPipe implements PipeSink {
    private final Deque<ByteBuf> queue = new ArrayDeque<>();
    private @Nullable WriteEvents events;
    private boolean flushing;

    Sink(Reactor reactor, FileDescriptor fd) {
      super(reactor, fd);
    }

    @Override
    public void start(WriteEvents told) {
      reactor.toNetty(() -> {
        events = told;
        register(EpollIoOps.EPOLLERR); // tells when the reader is gone; NONE would not
      });
    }

    @Override
    public void write(ByteBuf data) {
      reactor.toNetty(() -> {
        if (closed) {
          data.release();
        } else {
          queue.add(data);
          flush();
        }
      });
    }

    /** What is told while this goes on may write more; that is not to come here again. */
    private void flush() {
      if (flushing) {
        return;
      }
      flushing = true;
      try {
        int count = -1;
        for (int blocks = 0; count != 0 && blocks < AT_ONCE && !queue.isEmpty(); blocks++) {
          count = writeSome(queue.element());
        }
        want(queue.isEmpty() ? EpollIoOps.EPOLLERR : EpollIoOps.EPOLLOUT);
      } catch (IOException error) {
        failed(error);
      } finally {
        flushing = false;
      }
    }

    private int writeSome(ByteBuf data) throws IOException {
      ByteBuffer block = firstBlock(data);
      int count = fd().write(block, 0, block.limit());
      data.skipBytes(count);
      if (!data.isReadable()) {
        queue.remove().release();
      }
      if (count > 0) {
        tell(count, null);
      }
      return count;
    }

    private static ByteBuffer firstBlock(ByteBuf data) throws IOException {
      try {
        ByteBuffer block = BLOCKS.get().clear();
        block.limit(Math.min(PipeSource.BLOCK, data.readableBytes()));
        data.getBytes(data.readerIndex(), block);
        return block;
      } catch (Throwable error) { // released by who wrote it; or there is no memory
        throw new IOException("What was written to a pipe cannot be sent", error);
      }
    }

    private void tell(int bytes, @Nullable Throwable cause) {
      WriteEvents told = events;
      if (told != null) {
        reactor.toLoop(() -> told.written(bytes, cause));
      }
    }

    @Override
    void ready(EpollIoOps ops) {
      if (!queue.isEmpty()) {
        flush();
      } else if (ops.contains(EpollIoOps.EPOLLERR)) {
        failed(new IOException("Broken pipe"));
      }
    }

    /** Whoever writes will find out. */
    @Override
    void refused(Throwable cause) {}

    @Override
    void failed(IOException cause) {
      close();
      tell(0, cause);
    }

    @Override
    void dropped() {
      queue.forEach(ReferenceCountUtil::safeRelease);
      queue.clear();
    }
  }
}
