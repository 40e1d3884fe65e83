package dev.lariat.net;

import dev.lariat.EventLoop;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.WriteEvents;
import dev.lariat.net.internal.WriteFlow;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A datagram transport on a Netty channel.
 *
 * <p>A loop that is too slow for what arrives loses datagrams, as it would to a full buffer of the
 * kernel: no more than {@link #MAX_WAITING} wait to be handed over.
 */
final class DatagramEnd implements DatagramTransport, WriteEvents, Reactor.Resource {
  private static final int MAX_WAITING = 1024;

  private final Reactor reactor;
  private final EventLoop loop;
  private final Channel channel;
  private final @Nullable InetSocketAddress remote;
  private final WriteFlow flow;
  private final AtomicInteger waiting = new AtomicInteger();
  private BaseProtocol protocol = new DatagramProtocol() {};
  private @Nullable SocketAddress sockname;
  private boolean closing;
  private boolean finished;

  DatagramEnd(Reactor reactor, Channel channel, @Nullable InetSocketAddress remote) {
    this.reactor = reactor;
    this.loop = reactor.loop;
    this.channel = channel;
    this.remote = remote;
    this.flow = new WriteFlow(loop);
    channel.pipeline().addLast(new Bridge());
    reactor.opened(this);
  }

  /** On Netty's thread. */
  private final class Bridge extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      if (waiting.get() < MAX_WAITING) {
        waiting.incrementAndGet();
        byte[] data = new byte[packet.content().readableBytes()];
        packet.content().readBytes(data);
        SocketAddress sender = packet.sender();
        reactor.toLoop(() -> received(data, sender));
      }
      packet.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      reactor.readComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      reactor.toLoop(() -> failed(cause));
    }
  }

  void open(BaseProtocol first, Runnable then) {
    protocol = first;
    sockname = channel.localAddress();
    loop.callSoon(() -> {
      Callbacks.runAndReport(
          loop, () -> protocol.connectionMade(this), "protocol.connectionMade() failed");
      if (!closing) {
        reactor.toNetty(() -> reactor.setReading(channel, true));
      }
      then.run();
    });
  }

  private void received(byte[] data, SocketAddress sender) {
    waiting.decrementAndGet();
    if (!closing && protocol instanceof DatagramProtocol datagrams) {
      Callbacks.runAndReport(
          loop,
          () -> datagrams.datagramReceived(data, sender),
          "protocol.datagramReceived() failed");
    }
  }

  private void failed(Throwable cause) {
    if (finished) {
      return;
    }
    if (cause instanceof IOException error) {
      if (protocol instanceof DatagramProtocol datagrams) {
        Callbacks.runAndReport(
            loop, () -> datagrams.errorReceived(error), "protocol.errorReceived() failed");
      }
    } else {
      Callbacks.report(loop, "Fatal error on datagram transport", cause);
      forceClose(cause);
    }
  }

  @Override
  public void sendTo(byte[] data, @Nullable SocketAddress to) {
    if (remote != null && to != null && !to.equals(remote)) {
      throw new IllegalArgumentException(
          "Invalid address: must be null or " + remote + ", not " + to);
    }
    if (remote == null && to == null) {
      throw new IllegalArgumentException("This endpoint has no remote address: say where to");
    }
    if (data.length == 0) {
      throw new UnsupportedOperationException("Netty does not send empty datagrams");
    }
    if (closing) {
      return;
    }
    ByteBuf copy = channel.alloc().buffer(data.length).writeBytes(data);
    Object message =
        remote != null
            ? copy
            : new DatagramPacket(copy, (InetSocketAddress) Objects.requireNonNull(to));
    flow.size += data.length;
    reactor.write(channel, message, data.length, this);
    flow.maybePause(protocol);
  }

  @Override
  public void written(int bytes, @Nullable Throwable cause) {
    if (finished) {
      return;
    }
    flow.size -= bytes;
    if (cause != null) {
      failed(cause);
    }
    flow.maybeResume(protocol);
    if (closing && flow.size == 0) {
      forceClose(null);
    }
  }

  @Override
  public void setWriteBufferLimits(@Nullable Integer high, @Nullable Integer low) {
    flow.setLimits(high, low);
    flow.maybePause(protocol);
  }

  @Override
  public long getWriteBufferSize() {
    return flow.size;
  }

  @Override
  public boolean isClosing() {
    return closing;
  }

  @Override
  public void close() {
    if (!closing) {
      closing = true;
      reactor.toNetty(() -> reactor.setReading(channel, false));
      if (flow.size == 0) {
        forceClose(null);
      }
    }
  }

  @Override
  public void abort() {
    forceClose(null);
  }

  private void forceClose(@Nullable Throwable cause) {
    if (!finished) {
      closing = true;
      finished = true;
      flow.size = 0;
      reactor.discard(channel);
      if (!loop.isClosed()) {
        loop.callSoon(() -> lost(cause));
      }
    }
  }

  private void lost(@Nullable Throwable cause) {
    reactor.closed(this);
    Callbacks.runAndReport(
        loop, () -> protocol.connectionLost(cause), "protocol.connectionLost() failed");
  }

  /** Closes what no protocol knows of. */
  void discard() {
    closing = true;
    finished = true;
    reactor.discard(channel);
    reactor.closed(this);
  }

  @Override
  public void loopClosed() {
    Callbacks.LOG.log(Level.WARNING, "unclosed transport " + this + ": close() it");
    forceClose(null);
  }

  @Override
  public void setProtocol(BaseProtocol newProtocol) {
    protocol = Objects.requireNonNull(newProtocol, "protocol");
  }

  @Override
  public BaseProtocol getProtocol() {
    return protocol;
  }

  @Override
  public <T> @Nullable T getExtraInfo(ExtraInfo<T> what) {
    Object value = null;
    if (what == ExtraInfo.PEERNAME) {
      value = remote;
    } else if (what == ExtraInfo.SOCKNAME) {
      value = sockname;
    } else if (what == ExtraInfo.SOCKET) {
      value = channel;
    }
    return what.cast(value);
  }

  @Override
  public String toString() {
    return "DatagramTransport["
        + sockname
        + (remote == null ? "" : " -> " + remote)
        + (finished ? ", closed]" : closing ? ", closing]" : "]");
  }
}
