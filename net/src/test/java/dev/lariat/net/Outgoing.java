package dev.lariat.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Between a transport's channel and the network: notes what the channel is given to send, and may
 * hold it, as a network that takes nothing. A small write, which a transport makes without the
 * channel if the system takes it at once, is not seen here.
 */
final class Outgoing extends ChannelOutboundHandlerAdapter {
  /** Such as "file of 50" and "9 bytes in 3". */
  final List<String> noted = new CopyOnWriteArrayList<>();

  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private volatile boolean holds;
  private volatile ChannelHandlerContext context;

  static Outgoing of(BaseTransport transport) {
    Outgoing outgoing = new Outgoing();
    transport.getExtraInfo(ExtraInfo.SOCKET).pipeline().addFirst(outgoing);
    return outgoing;
  }

  /** From now on, nothing is sent. */
  void hold() {
    holds = true;
  }

  /** Sends what was held, all of which has been noted. */
  void letGo() {
    holds = false;
    held.forEach(Runnable::run);
    context.flush();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void write(ChannelHandlerContext from, Object message, ChannelPromise promise) {
    String what =
        message instanceof FileRegion file
            ? "file of " + file.count()
            : message instanceof ByteBuf data
                ? data.readableBytes() + " bytes in " + data.nioBufferCount()
                : message.getClass().getSimpleName();
    if (holds) {
      held.add(() -> from.write(message, promise));
    } else {
      from.write(message, promise);
    }
    noted.add(what);
  }
}
