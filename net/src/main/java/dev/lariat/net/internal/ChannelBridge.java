package dev.lariat.net.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The last handler of a stream channel's pipeline: hands what happens over to the loop. */
public final class ChannelBridge extends ChannelInboundHandlerAdapter {
  final Reactor reactor;
  final ChannelEvents events;
  @Nullable DirectSocket direct;
  private boolean inputClosed;

  /** Makes a bridge from the channel it is added to. */
  public ChannelBridge(Reactor reactor, ChannelEvents events) {
    this.reactor = reactor;
    this.events = events;
  }

  /** What reads and writes without the channel; null if nothing does. The loop's thread. */
  public @Nullable DirectSocket direct() {
    return direct;
  }

  /** Another handler stands in front of this one, from now on: TLS. */
  public void endDirect() {
    if (direct != null) {
      direct.end();
      direct = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    reactor.received(context.channel(), events, (ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reactor.readComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    boolean closes =
        event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS;
    if (closes && !inputClosed) {
      inputClosed = true;
      reactor.toLoop(events::inputClosed);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    boolean wrapped = error instanceof DecoderException || error instanceof UncheckedIOException;
    Throwable cause = wrapped && error.getCause() != null ? error.getCause() : error;
    reactor.toLoop(() -> events.failed(cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    reactor.toLoop(events::closed);
  }
}
