package dev.lariat.benchmarks.net;

import dev.lariat.EventLoop;
import dev.lariat.net.Server;
import dev.lariat.net.ServerOptions;
import dev.lariat.net.StreamReader;
import dev.lariat.net.StreamWriter;
import dev.lariat.net.Streams;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The same echo server, three times. */
final class EchoServers {
  private static final int BACKLOG = 4096;

  private EchoServers() {}

  /** A server that runs. */
  interface Running extends AutoCloseable {
    int port();

    @Override
    void close();
  }

  // -- Netty, for the server and the load --------------------------------------------------------

  static EventLoopGroup newGroup() {
    return new MultiThreadIoEventLoopGroup(
        1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  static Class<? extends Channel> socketClass() {
    return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  private static Class<? extends ServerChannel> serverClass() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  static final class Initializer extends ChannelInitializer<Channel> {
    private final Supplier<ChannelHandler> handlers;

    Initializer(Supplier<ChannelHandler> handlers) {
      this.handlers = handlers;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(handlers.get());
    }
  }

  /** Netty's callbacks, as its own example does it. */
  static Running netty() {
    EventLoopGroup group = newGroup();
    Channel listening =
        new ServerBootstrap()
            .group(group)
            .channel(serverClass())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Initializer(Echo::new))
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    return new Running() {
      @Override
      public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
      }

      @Override
      public void close() {
        group
            .shutdownGracefully(0, 10, java.util.concurrent.TimeUnit.SECONDS)
            .syncUninterruptibly();
      }
    };
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
      var _ = context.write(data, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }
  }

  // -- Lariat ------------------------------------------------------------------------------------

  /** A task for each connection. */
  static Running lariat() {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    EventLoop loop = new EventLoop();
    loop.setExceptionHandler((_, _) -> {}); // clients that are gone
    Thread thread =
        new Thread(
            () -> {
              loop.createTask(() -> {
                Server server =
                    Streams.startServer(
                        EchoServers::echo,
                        "127.0.0.1",
                        0,
                        ServerOptions.DEFAULT.withBacklog(BACKLOG));
                port.complete(server.port());
                try {
                  server.serveForever();
                } finally {
                  server.close();
                }
              });
              loop.runForever();
              loop.close();
            },
            "lariat-echo");
    thread.start();
    int bound = port.join();
    return new Running() {
      @Override
      public int port() {
        return bound;
      }

      @Override
      public void close() {
        loop.callSoonThreadsafe(loop::stop);
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  private static void echo(StreamReader reader, StreamWriter writer) throws IOException {
    try (writer) {
      for (ByteBuf data = reader.readBuffer(); data.isReadable(); data = reader.readBuffer()) {
        writer.write(data);
      }
    }
  }

  // -- virtual threads ---------------------------------------------------------------------------

  /** A virtual thread for each connection, and blocking sockets. */
  static Running virtualThreads() {
    ServerSocket listening;
    try {
      listening = new ServerSocket(0, BACKLOG, java.net.InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException error) {
      throw new java.io.UncheckedIOException(error);
    }
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (true) {
              Socket socket = listening.accept();
              socket.setTcpNoDelay(true);
              Thread.startVirtualThread(() -> echo(socket));
            }
          } catch (IOException closed) {
            // that is how it ends
          }
        });
    return new Running() {
      @Override
      public int port() {
        return listening.getLocalPort();
      }

      @Override
      public void close() {
        try {
          listening.close();
        } catch (IOException error) {
          throw new java.io.UncheckedIOException(error);
        }
      }
    };
  }

  private static void echo(Socket socket) {
    byte[] buffer = new byte[65536];
    try (socket) {
      var in = socket.getInputStream();
      var out = socket.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    } catch (IOException broken) {
      // the client is gone
    }
  }
}
