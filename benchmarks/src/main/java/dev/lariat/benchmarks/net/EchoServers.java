package dev.lariat.benchmarks.net;

import com.sun.management.OperatingSystemMXBean;
import dev.lariat.Asyncio;
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
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The same echo server, three times; a process serves one of them. */
final class EchoServers {
  /** By the names that {@link #main} takes. */
  static final Map<String, Callable<Integer>> SERVERS = new LinkedHashMap<>();

  static {
    SERVERS.put("lariat", EchoServers::lariat);
    SERVERS.put("netty", EchoServers::netty);
    SERVERS.put("virtual_threads", EchoServers::virtualThreads);
  }

  private static final int BACKLOG = 4096;

  private EchoServers() {}

  /**
   * Serves, until the standard input ends. Prints its port, and the nanoseconds of processor time
   * it has used for each line that it is sent.
   */
  public static void main(String[] args) throws Exception {
    System.out.println(Objects.requireNonNull(SERVERS.get(args[0])).call());
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    while (IO.readln() != null) {
      System.out.println(system.getProcessCpuTime());
    }
    System.exit(0);
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
  private static int netty() {
    Channel listening =
        new ServerBootstrap()
            .group(newGroup())
            .channel(serverClass())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Initializer(Echo::new))
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    return ((InetSocketAddress) listening.localAddress()).getPort();
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
  private static int lariat() {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("lariat-echo")
        .start(() ->
            Asyncio.run(() -> {
              Asyncio.getRunningLoop().setExceptionHandler((_, _) -> {}); // clients that are gone
              ServerOptions options = ServerOptions.DEFAULT.withBacklog(BACKLOG);
              try (Server server =
                  Streams.startServer(EchoServers::echo, "127.0.0.1", 0, options)) {
                port.complete(server.port());
                server.serveForever();
              }
            }));
    return port.join();
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
  private static int virtualThreads() throws IOException {
    ServerSocket listening = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
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
    return listening.getLocalPort();
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
