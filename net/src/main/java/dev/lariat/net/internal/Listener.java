package dev.lariat.net.internal;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A Unix server socket that leaves its file alone. A channel that Netty binds itself deletes the
 * file when it is closed, also if another server has taken its place.
 */
public final class UnixListener {
  private UnixListener() {}

  /** Whether a channel listens already, though Netty does not know it. */
  public static boolean isBound(Channel channel) {
    return channel instanceof EpollServerDomainSocketChannel;
  }

  /** A channel that listens already where epoll is used; elsewhere one that is yet to be bound. */
  public static ServerChannel open(SocketKind sockets, SocketAddress address, int backlog)
      throws IOException {
    if (!sockets.name().equals("epoll")) {
      return sockets.unixServer().get();
    }
    Socket socket = Socket.newSocketDomain();
    try {
      socket.bind(address);
      socket.listen(backlog);
      return new EpollServerDomainSocketChannel(socket.intValue());
    } catch (IOException | RuntimeException error) {
      socket.close();
      throw error;
    }
  }
}
