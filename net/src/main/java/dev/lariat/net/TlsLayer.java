package dev.lariat.net;

import dev.lariat.Future;
import dev.lariat.net.internal.ChannelBridge;
import dev.lariat.net.internal.Reactor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TLS on one channel: Netty's handler, set up as {@link Tls} says. */
final class TlsLayer {
  private final Tls settings;
  private final SslHandler handler;

  private TlsLayer(Tls settings, SslHandler handler) {
    this.settings = settings;
    this.handler = handler;
  }

  /** For a client, which must know whom it means to talk to. */
  static TlsLayer client(Tls settings, @Nullable String host, int port) {
    if (!settings.context.isClient()) {
      throw new IllegalArgumentException("These are TLS settings for a server: use Tls.client()");
    }
    String name = settings.serverHostname != null ? settings.serverHostname : host;
    if (name == null) {
      throw new IllegalArgumentException(
          "There is no host to check the certificate against: use Tls.withServerHostname(name)");
    }
    TlsLayer layer =
        new TlsLayer(settings, settings.context.newHandler(Reactor.ALLOCATOR, name, port));
    layer.setUp(settings.checksHostname ? "HTTPS" : "");
    return layer;
  }

  static TlsLayer server(Tls settings) {
    requireServer(settings);
    TlsLayer layer = new TlsLayer(settings, settings.context.newHandler(Reactor.ALLOCATOR));
    layer.setUp(null);
    return layer;
  }

  static void requireServer(Tls settings) {
    if (settings.context.isClient()) {
      throw new IllegalArgumentException(
          "These are TLS settings for a client: a server needs Tls.server(certificate, key)");
    }
  }

  Duration shutdownTimeout() {
    return settings.shutdownTimeout;
  }

  private void setUp(@Nullable String identification) {
    SSLEngine engine = handler.engine();
    SSLParameters parameters = engine.getSSLParameters();
    if (identification != null) {
      parameters.setEndpointIdentificationAlgorithm(identification);
    }
    if (settings.context instanceof JdkSslContext && !settings.alpn.isEmpty()) {
      parameters.setApplicationProtocols(settings.alpn.toArray(new String[0]));
    }
    engine.setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(millis(settings.handshakeTimeout));
    long shutdown = millis(settings.shutdownTimeout);
    handler.setCloseNotifyFlushTimeoutMillis(shutdown);
    handler.setCloseNotifyReadTimeoutMillis(shutdown);
  }

  /** For Netty, to which 0 is for ever. */
  private static long millis(Duration time) {
    return Math.max(1, TimeUnit.MILLISECONDS.convert(time));
  }

  /** Puts the layer between a channel and its bridge. On Netty's thread. */
  void addTo(Reactor reactor, Channel channel) {
    // The end of the input in the middle of a handshake must end that; later, what was written
    // before is still sent.
    Reactor.set(channel, ChannelOption.ALLOW_HALF_CLOSURE, false);
    handler
        .handshakeFuture()
        .addListener(
            done -> Reactor.set(channel, ChannelOption.ALLOW_HALF_CLOSURE, done.isSuccess()));
    ChannelHandlerContext bridge = channel.pipeline().lastContext();
    channel.pipeline().addBefore(bridge.name(), null, handler);
    channel.pipeline().addBefore(bridge.name(), null, new InputEnd());
    ((ChannelBridge) bridge.handler()).endDirect();
    reactor.setReading(channel, true);
  }

  /** After the end of the input no close_notify comes any more, and is not to be waited for. */
  private final class InputEnd extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        handler.setCloseNotifyReadTimeoutMillis(0);
      }
      context.fireUserEventTriggered(event);
    }
  }

  /** Has the layer read what has been read from the channel already. On Netty's thread. */
  void inject(Channel channel, ByteBuf data) {
    ChannelHandlerContext context = channel.pipeline().context(handler);
    if (context == null || !data.isReadable()) {
      data.release();
      return;
    }
    try {
      handler.channelRead(context, data);
      handler.channelReadComplete(context);
    } catch (Exception error) {
      channel.pipeline().fireExceptionCaught(error);
    }
  }

  /** Is done when the handshake is. The loop's thread. */
  Future<@Nullable Void> handshake(Reactor reactor, Channel channel) {
    Future<@Nullable Void> done = reactor.loop.createFuture();
    reactor.toNetty(() -> {
      if (!handler.handshakeFuture().isDone() && isOver(channel)) { // before the handler was there
        Exception cause = new SSLHandshakeException("Connection closed before the TLS handshake");
        reactor.toLoop(() -> complete(done, cause));
      } else {
        handler
            .handshakeFuture()
            .addListener(handshake -> reactor.toLoop(() -> complete(done, handshake.cause())));
      }
    });
    return done;
  }

  private static void complete(Future<@Nullable Void> handshake, @Nullable Throwable cause) {
    Channels.complete(handshake, cause != null && isPeerGone(cause) ? peerGone(cause) : cause);
    if (!handshake.cancelled()) {
      var _ = handshake.exception(); // a loop that is closed now need not say that nobody asked
    }
  }

  private static boolean isPeerGone(Throwable cause) {
    Throwable beneath = cause.getCause();
    return cause instanceof ClosedChannelException
        || (beneath instanceof IOException && !(beneath instanceof SSLException));
  }

  /** Netty says that control frames could not be written, or nothing at all. */
  private static Throwable peerGone(Throwable cause) {
    return new SSLHandshakeException("Connection closed during the TLS handshake", cause);
  }

  private static boolean isOver(Channel channel) {
    return !channel.isActive()
        || (channel instanceof DuplexChannel duplex && duplex.isInputShutdown());
  }

  @Nullable Object extraInfo(ExtraInfo<?> what) {
    SSLEngine engine = handler.engine();
    if (what == ExtraInfo.SSLCONTEXT) {
      return settings.context;
    } else if (what == ExtraInfo.SSL_OBJECT) {
      return engine;
    } else if (what == ExtraInfo.CIPHER) {
      return engine.getSession().getCipherSuite();
    } else if (what == ExtraInfo.ALPN_PROTOCOL) {
      String chosen = // the JDK's engine does not tell the handler
          settings.context instanceof JdkSslContext
              ? engine.getApplicationProtocol()
              : handler.applicationProtocol();
      return chosen == null || chosen.isEmpty() ? null : chosen;
    }
    return what == ExtraInfo.PEERCERT ? peerCertificate(engine) : null;
  }

  private static @Nullable X509Certificate peerCertificate(SSLEngine engine) {
    try {
      Certificate[] chain = engine.getSession().getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
  }
}
