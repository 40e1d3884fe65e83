package dev.lariat.benchmarks.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clients of the echo benchmark, in a process of their own: each sends a message, waits until
 * all of it has come back, and sends the next. Commands are lines of the standard input, each
 * answered by one:
 *
 * <pre>
 *   visit PORT BYTES                   many clients that soon go again; "done"
 *   open PORT CONNECTIONS BYTES        clients that stay; their number
 *   run NUMBER MILLISECONDS            sets them to work; how many messages came back in that time,
 *                                      and how many until all had come to rest
 * </pre>
 */
final class EchoLoad {
  private static final int VISITS = 120;
  private static final int VISITORS = 100;

  private final List<Channel> channels = new ArrayList<>();
  private final ByteBuf message;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean running;

  private EchoLoad(EventLoopGroup group, String port, int connections, String bytes)
      throws InterruptedException {
    int size = Integer.parseInt(bytes);
    message = Unpooled.directBuffer(size).writeZero(size);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(EchoServers.socketClass())
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new EchoServers.Initializer(Client::new));
    for (int i = 0; i < connections; i++) {
      channels.add(bootstrap.connect("127.0.0.1", Integer.parseInt(port)).sync().channel());
    }
  }

  /** Runs until the standard input ends. */
  public static void main(String[] args) throws InterruptedException {
    EventLoopGroup group = EchoServers.newGroup();
    List<EchoLoad> loads = new ArrayList<>();
    for (String line = IO.readln(); line != null; line = IO.readln()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "visit" -> {
          for (int i = 0; i < VISITS; i++) {
            EchoLoad visit = new EchoLoad(group, words[1], VISITORS, words[2]);
            visit.run(3);
            visit.close();
          }
          IO.println("done");
        }
        case "open" -> {
          loads.add(new EchoLoad(group, words[1], Integer.parseInt(words[2]), words[3]));
          IO.println(loads.size() - 1);
        }
        default -> IO.println(loads.get(Integer.parseInt(words[1])).run(Long.parseLong(words[2])));
      }
    }
    System.exit(0);
  }

  private String run(long milliseconds) throws InterruptedException {
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
    return counted + " " + messages;
  }

  private void close() throws InterruptedException {
    for (Channel channel : channels) {
      channel.close().sync();
    }
    message.release();
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
      cause.printStackTrace(); // a server that breaks connections is not to be measured
      System.exit(1);
    }
  }
}
