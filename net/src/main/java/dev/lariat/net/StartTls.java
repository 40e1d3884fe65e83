package dev.lariat.net;

import dev.lariat.Future;
import dev.lariat.net.internal.Reactor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Turns a connection into an encrypted one, in place. */
final class StartTls {
  private StartTls() {}

  /**
   * Puts TLS under the protocol of {@code transport}, which stays the same object.
   *
   * @param unread what was received and belongs to the encrypted part; released
   */
  static Transport upgrade(BaseTransport transport, ByteBuf unread, Tls tls) throws IOException {
    if (!(transport instanceof ChannelTransport stream)) {
      unread.release();
      throw new IllegalArgumentException("startTls needs a TCP or Unix connection: " + transport);
    }
    if (stream.isClosing()) {
      unread.release();
      throw new IllegalStateException("The connection is closed: " + transport);
    }
    TlsLayer layer;
    try {
      layer = tls.context.isClient() ? TlsLayer.client(tls, null, -1) : TlsLayer.server(tls);
    } catch (Throwable unfit) {
      unread.release();
      throw unfit;
    }
    stream.pauseReading(); // whatever is decrypted waits until the handshake is over
    try {
      awaitArrivals(stream);
    } catch (Throwable error) {
      unread.release();
      stream.forceClose(null);
      throw error;
    }
    ByteBuf rest = Unpooled.wrappedBuffer(unread, stream.takeHeld());
    stream.setTls(layer);
    stream
        .reactor()
        .toNetty(() -> {
          layer.addTo(stream.reactor(), stream.channel());
          layer.inject(stream.channel(), rest);
        });
    try {
      Channels.await(layer.handshake(stream.reactor(), stream.channel()));
    } catch (Throwable error) {
      stream.forceClose(error instanceof IOException ? error : null);
      throw error;
    }
    stream.resumeReading();
    return stream;
  }

  /** Waits until all that was read from the channel has come to the transport, which holds it. */
  private static void awaitArrivals(ChannelTransport stream) throws IOException {
    Reactor reactor = stream.reactor();
    Future<@Nullable Void> arrived = reactor.loop.createFuture();
    reactor.toNetty(() -> reactor.toLoop(() -> Channels.complete(arrived, null)));
    Channels.await(arrived);
    if (stream.isClosing()) {
      throw StreamReaderProtocol.lostConnection();
    }
  }
}
