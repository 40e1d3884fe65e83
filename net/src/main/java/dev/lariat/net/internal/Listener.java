package dev.lariat.net.internal;

import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A server's socket. Usually Netty binds it, and listens at once. We do it ourselves, with epoll,
 *
 * <ul>
 *   <li>for a server that does not serve yet, so that nobody can connect to it;
 *   <li>for a Unix socket, whose file Netty would delete with it, also if another server has taken
 *       its place.
 * </ul>
 *
 * Such a channel is registered when it listens: epoll reports errors of one that does not.
 */
public final class Listener {
  private final ServerChannel channel;
  private final boolean bound;
  private final @Nullable Socket unlistened;

  private Listener(ServerChannel channel, boolean bound, @Nullable Socket unlistened) {
    this.channel = channel;
    this.bound = bound;
    this.unlistened = unlistened;
  }

  /** A channel that Netty is to bind. */
  public static Listener unbound(ServerChannel channel) {
    return new Listener(channel, false, null);
  }

  /** A channel that listens already. */
  public static Listener listening(ServerChannel channel) {
    return new Listener(Reactor.configured(channel), true, null);
  }

  /** Whether {@link #bind} can be used. */
  public static boolean canBind(SocketKind sockets) {
    return sockets.name().equals("epoll");
  }

  /** A socket that is bound, and does not listen yet. */
  public static Listener bind(SocketAddress address, boolean reuseAddress, boolean reusePort)
      throws IOException {
    boolean internet = address instanceof InetSocketAddress;
    Socket socket = internet ? Socket.newSocketStream() : Socket.newSocketDomain();
    try {
      if (internet) {
        socket.setReuseAddress(reuseAddress);
      }
      if (reusePort) {
        socket.setReusePort(true);
      }
      socket.bind(address);
      ServerChannel channel =
          internet
              ? new EpollServerSocketChannel(socket.intValue())
              : new EpollServerDomainSocketChannel(socket.intValue());
      return new Listener(Reactor.configured(channel), true, socket);
    } catch (IOException | RuntimeException error) {
      socket.close();
      throw error;
    }
  }

  public ServerChannel channel() {
    return channel;
  }

  /** Whether this has an address, so that {@link #start} is all that is left to do. */
  public boolean isBound() {
    return bound;
  }

  /** Begins to listen, if it does not, and to accept. */
  public void start(Reactor reactor, int backlog) throws IOException {
    if (unlistened != null) {
      unlistened.listen(backlog);
    }
    reactor.toNetty(() -> {
      if (!channel.isRegistered()) {
        var _ = reactor.register(channel);
      }
      reactor.setReading(channel, true);
    });
  }
}
