package dev.lariat.net.internal;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which of the operating system's ways to wait for sockets is used, and the channels that go with
 * it. The best one that works here, unless the system property {@code lariat.net.transport} names
 * one: {@code epoll}, {@code kqueue}, {@code nio}, {@code io_uring}.
 *
 * @param name the name
 * @param handler waits
 * @param tcp makes a TCP socket
 * @param tcpServer makes a TCP server socket
 * @param unix makes a Unix stream socket
 * @param unixServer makes a Unix server socket
 * @param udp makes a UDP socket of an address family
 */
public record SocketKind(
    String name,
    IoHandlerFactory handler,
    Supplier<Channel> tcp,
    Supplier<ServerChannel> tcpServer,
    Supplier<Channel> unix,
    Supplier<ServerChannel> unixServer,
    Function<SocketProtocolFamily, Channel> udp) {
  private static final String PROPERTY = "lariat.net.transport";

  static SocketKind choose() {
    String wanted = System.getProperty(PROPERTY);
    if (wanted != null) {
      return named(wanted);
    }
    if (Epoll.isAvailable()) {
      return epoll();
    }
    return KQueue.isAvailable() ? kqueue() : nio();
  }

  private static SocketKind named(String name) {
    return switch (name) {
      case "epoll" -> {
        requireAvailable(name, Epoll.unavailabilityCause());
        yield epoll();
      }
      case "kqueue" -> {
        requireAvailable(name, KQueue.unavailabilityCause());
        yield kqueue();
      }
      case "nio" -> nio();
      case "io_uring" -> {
        try {
          yield Uring.kind();
        } catch (NoClassDefFoundError missing) {
          throw new IllegalStateException(
              PROPERTY
                  + " is \"io_uring\", whose library is not here: add the dependency"
                  + " io.netty:netty-transport-native-io_uring",
              missing);
        }
      }
      default ->
          throw new IllegalStateException(
              PROPERTY + " is \"" + name + "\": it can be epoll, kqueue, nio or io_uring");
    };
  }

  private static void requireAvailable(String name, @Nullable Throwable cause) {
    if (cause != null) {
      throw new IllegalStateException(
          PROPERTY + " is \"" + name + "\", which cannot be used here: " + cause, cause);
    }
  }

  /** Whether this is the JDK's selector, which waits for channels of the JDK. */
  boolean isNio() {
    return name.equals("nio");
  }

  private static SocketKind epoll() {
    return new SocketKind(
        "epoll",
        EpollHandler.newFactory(0),
        EpollSocketChannel::new,
        EpollServerSocketChannel::new,
        EpollDomainSocketChannel::new,
        EpollServerDomainSocketChannel::new,
        EpollDatagramChannel::new);
  }

  private static SocketKind kqueue() {
    return new SocketKind(
        "kqueue",
        KQueueIoHandler.newFactory(),
        KQueueSocketChannel::new,
        KQueueServerSocketChannel::new,
        KQueueDomainSocketChannel::new,
        KQueueServerDomainSocketChannel::new,
        _ -> new KQueueDatagramChannel());
  }

  static SocketKind nio() {
    return new SocketKind(
        "nio",
        NioIoHandler.newFactory(),
        NioSocketChannel::new,
        NioServerSocketChannel::new,
        NioDomainSocketChannel::new,
        NioServerDomainSocketChannel::new,
        NioDatagramChannel::new);
  }

  /** Apart, because its jar is optional. */
  private static final class Uring {
    static SocketKind kind() {
      requireAvailable("io_uring", IoUring.unavailabilityCause());
      return new SocketKind(
          "io_uring",
          IoUringIoHandler.newFactory(),
          IoUringSocketChannel::new,
          IoUringServerSocketChannel::new,
          IoUringDomainSocketChannel::new,
          IoUringServerDomainSocketChannel::new,
          IoUringDatagramChannel::new);
    }
  }
}
