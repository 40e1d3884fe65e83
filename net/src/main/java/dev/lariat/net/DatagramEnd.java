package dev.lariat.net;

import dev.lariat.Future;
import dev.lariat.net.internal.Callbacks;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.SendingTransport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A datagram transport on a Netty channel.
 *
 * <p>A loop that is too slow for what arrives loses datagrams, as it would to a full buffer of the
 * kernel: no more than {@link #MAX_WAITING} wait to be handed over.
 */
final class DatagramEnd extends SendingTransport implements DatagramTransport {
  private static final int MAX_WAITING = 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final Reactor reactor;
  private final Channel channel;
  private final @Nullable InetSocketAddress remote;
  private final AtomicInteger waiting = new AtomicInteger();
  private @Nullable SocketAddress sockname;

  DatagramEnd(Reactor reactor, Channel channel, @Nullable InetSocketAddress remote) {
    super(reactor.loop, new DatagramProtocol() {});
    this.reactor = reactor;
    this.channel = channel;
    this.remote = remote;
    channel.pipeline().addLast(new Bridge());
    attachTo(reactor);
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

  /** What makes a channel ready for use. */
  interface Opening {
    void run() throws IOException;
  }

  /** Opens an endpoint: its channel, its protocol, connectionMade. */
  <P extends BaseProtocol> Endpoint<DatagramTransport, P> open(
      Supplier<P> protocolFactory, Opening opening) throws IOException {
    try {
      opening.run();
      P first = Objects.requireNonNull(protocolFactory.get(), "the protocol");
      Future<@Nullable Void> made = loop.createFuture();
      begin(first, () -> Channels.complete(made, null));
      made.await();
      return new Endpoint<>(this, first);
    } catch (Throwable error) {
      discard();
      throw error;
    }
  }

  private void begin(BaseProtocol first, Runnable then) {
    protocol = first;
    sockname = channel.localAddress();
    tellMade(() -> {
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

  private void failed(Throwable netty) {
    if (finished) {
      return;
    }
    Throwable cause = Channels.plain(netty);
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
    loop.checkThread();
    if (remote != null && to != null && !to.equals(remote)) {
      throw new IllegalArgumentException(
          "Invalid address: must be null or " + remote + ", not " + to);
    }
    if (remote == null && to == null) {
      throw new IllegalArgumentException("This endpoint has no remote address: say where to");
    }
    if (to != null) {
      Resolver.checkAddress(to); // Netty would find it out, and that is the end of the endpoint
    }
    if (data.length == 0) {
      sendEmpty(to);
      return;
    }
    if (closing) {
      return;
    }
    ByteBuf copy = channel.alloc().buffer(data.length).writeBytes(data);
    Object message =
        remote != null
            ? copy
            : new DatagramPacket(copy, (InetSocketAddress) Objects.requireNonNull(to));
    unsent += data.length;
    reactor.write(channel, message, data.length, this);
    flow.maybePause(protocol, unsent);
  }

  /** Netty takes these for sent without sending them. They may overtake others that wait. */
  private void sendEmpty(@Nullable SocketAddress to) {
    if (!(channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket)) {
      throw new UnsupportedOperationException(
          "Empty datagrams cannot be sent by a channel of the JDK; "
              + "an endpoint that is made with DatagramOptions, on epoll or kqueue, can");
    }
    if (!closing) {
      reactor.toNetty(() -> {
        try {
          int _ =
              remote != null || !(to instanceof InetSocketAddress address)
                  ? socket.send(NOTHING, 0, 0)
                  : socket.sendTo(NOTHING, 0, 0, address.getAddress(), address.getPort());
        } catch (IOException error) {
          reactor.toLoop(() -> failed(error));
        }
      });
    }
  }

  @Override
  protected void writeFailed(Throwable cause) {
    boolean otherFamily = cause instanceof UnsupportedAddressTypeException; // as the JDK has it
    failed(
        otherFamily ? new SocketException("Address family not supported").initCause(cause) : cause);
  }

  @Override
  protected void sentAll() {
    if (closing) {
      forceClose(null);
    }
  }

  @Override
  protected void beginClosing() {
    super.beginClosing();
    reactor.toNetty(() -> reactor.setReading(channel, false));
  }

  @Override
  protected void forceClose(@Nullable Throwable cause) {
    if (!finished) {
      unsent = 0;
      tellLost(cause);
      reactor.discard(channel);
    }
  }

  /** Closes what no protocol knows of. */
  private void discard() {
    closing = true;
    finished = true;
    reactor.discard(channel);
    detach();
  }

  @Override
  protected @Nullable Object extraInfo(ExtraInfo<?> what) {
    if (what == ExtraInfo.PEERNAME) {
      return remote;
    } else if (what == ExtraInfo.SOCKNAME) {
      return sockname;
    }
    return what == ExtraInfo.SOCKET ? channel : null;
  }

  @Override
  public String toString() {
    return "DatagramTransport["
        + sockname
        + (remote == null ? "" : " -> " + remote)
        + state()
        + "]";
  }
}
