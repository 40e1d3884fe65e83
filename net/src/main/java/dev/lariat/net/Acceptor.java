package dev.lariat.net;

import dev.lariat.net.internal.Reactor;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** The handler of a server's channel: what it reads are connections. On Netty's thread. */
final class Acceptor extends ChannelInboundHandlerAdapter {
  private final Reactor reactor;
  private final ServerOptions options;
  private volatile @Nullable Server server;

  Acceptor(Reactor reactor, ServerOptions options) {
    this.reactor = reactor;
    this.options = options;
  }

  /** The server that is told. Nothing is accepted before there is one. */
  void setServer(Server newServer) {
    server = newServer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel channel = Reactor.configured((Channel) message);
    try {
      accept(channel);
    } catch (RuntimeException error) {
      channel.unsafe().closeForcibly();
      throw error;
    }
  }

  private void accept(Channel channel) {
    Channels.setUpStream(channel);
    options.setUpConnection(channel);
    Tls tls = options.tls();
    TlsLayer layer = tls == null ? null : TlsLayer.server(tls);
    ChannelTransport transport = new ChannelTransport(reactor, channel);
    var _ = reactor.register(channel); // fails by closing the channel, which is told
    if (layer != null) {
      layer.addTo(reactor, channel);
    }
    Server told = server;
    if (told != null) {
      reactor.toLoop(
          () -> told.accepted(transport, layer),
          () -> channel.unsafe().close(channel.unsafe().voidPromise()));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Server told = server;
    if (told != null && !Channels.isAborted(cause)) {
      Channel channel = context.channel();
      reactor.setReading(channel, false);
      reactor.toLoop(() -> told.acceptFailed(channel, cause));
    }
  }
}
