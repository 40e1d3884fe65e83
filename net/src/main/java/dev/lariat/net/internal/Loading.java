package dev.lariat.net.internal;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.Protocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Netty takes as long to load as a dozen frames of an animation. So it is loaded in a thread of its
 * own, by being used a little, and the tasks that need it first wait for that: a loop does not
 * stand still meanwhile.
 */
public final class Loading {
  private static final FutureTask<@Nullable Void> LOADED = new FutureTask<>(() -> Use.load(), null);
  private static final Executor THREAD =
      work -> Thread.ofPlatform().daemon().name("lariat-net-loading").start(work);

  private Loading() {}

  /**
   * Waits until Netty is loaded.
   *
   * <p><i>Suspends</i>: unless it is. <i>Cancellable</i>: yes.
   */
  public static void await(EventLoop loop) {
    if (!LOADED.isDone()) {
      Asyncio.wait(
          List.of(
              loop.runInExecutor(
                  THREAD,
                  () -> {
                    LOADED.run(); // does nothing if another thread does it already
                    return LOADED.get();
                  })));
    }
  }

  /** Apart, for to load this class is to load much of Netty. */
  private static final class Use {
    static void load() {
      try (EventLoop loop = new EventLoop()) {
        loop.runUntilComplete(() -> {
          Reactor reactor = Reactor.of(loop);
          useSocket(reactor);
          if (EpollPipe.worksWith(reactor)) {
            usePipe(reactor);
          }
        });
      } catch (Exception | LinkageError error) { // whoever needs it is told more
        Callbacks.LOG.log(Level.DEBUG, "Netty could not be loaded beforehand", error);
      }
    }

    private static void useSocket(Reactor reactor) {
      Channel channel = Reactor.configured(reactor.sockets.tcp().get());
      var _ = reactor.register(channel);
      reactor.discard(channel);
    }

    private static void usePipe(Reactor reactor) throws IOException {
      FileDescriptor[] ends = FileDescriptor.pipe();
      Future<String> read = reactor.loop.createFuture();
      Protocol protocol =
          new Protocol() {
            @Override
            public void connectionLost(@Nullable Throwable cause) {
              read.setResult("to the end");
            }
          };
      PipeWriter writer =
          new PipeWriter(reactor.loop, EpollPipe.sink(reactor, ends[1]), new BaseProtocol() {});
      writer.start();
      writer.write(Unpooled.wrappedBuffer(new byte[1]));
      writer.close();
      new PipeReader(reactor.loop, EpollPipe.source(reactor, ends[0]), protocol).start();
      read.await();
    }
  }
}
