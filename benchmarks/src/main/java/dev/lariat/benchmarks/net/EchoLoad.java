package dev.lariat.benchmarks.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clients of the echo benchmark, in a process of their own: each sends a message, waits until
 * all of it has come back, and sends the next. Commands are lines of the standard input: {@code
 * open port connections bytes} makes clients, answered by {@code ok}; {@code run index
 * milliseconds} sets those of one server to work, answered by the number of messages.
 */
final class EchoLoad {
  private final List<Channel> channels = new ArrayList<>();
  private final ByteBuf message;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean running;

  private EchoLoad(EventLoopGroup group, int port, int connections, int bytes)
      throws InterruptedException {
    message = Unpooled.directBuffer(bytes).writeZero(bytes);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(EchoServers.socketClass())
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new EchoServers.Initializer(Client::new));
    for (int i = 0; i < connections; i++) {
      channels.add(bootstrap.connect("127.0.0.1", port).sync().channel());
    }
  }

  /** Runs until the standard input ends. */
  public static void main(String[] args) throws IOException, InterruptedException {
    EventLoopGroup group = EchoServers.newGroup();
    List<EchoLoad> loads = new ArrayList<>();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      if (words[0].equals("open")) {
        loads.add(
            new EchoLoad(
                group,
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3])));
        System.out.println("ok");
      } else {
        System.out.println(loads.get(Integer.parseInt(words[1])).run(Long.parseLong(words[2])));
      }
      System.out.flush();
    }
    var _ = group.shutdownGracefully().awaitUninterruptibly();
  }

  private long run(long milliseconds) throws InterruptedException {
    messages.set(0);
    running = true;
    underWay.set(channels.size());
    for (Channel channel : channels) {
      var _ = channel.writeAndFlush(message.retainedDuplicate(), channel.voidPromise());
    }
    Thread.sleep(milliseconds);
    running = false;
    long counted = messages.get();
    while (underWay.get() > 0) {
      Thread.sleep(1);
    }
    return counted;
  }

  private final class Client extends ChannelInboundHandlerAdapter {
    private int received;

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
      ByteBuf bytes = (ByteBuf) data;
      received += bytes.readableBytes();
      bytes.release();
      if (received == message.readableBytes()) {
        received = 0;
        messages.incrementAndGet();
        if (running) {
          var _ = context.writeAndFlush(message.retainedDuplicate(), context.voidPromise());
        } else {
          underWay.decrementAndGet();
        }
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }
  }
}
