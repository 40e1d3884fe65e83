package dev.lariat.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import org.jspecify.annotations.Nullable;

/**
 * How a server listens: the keyword arguments of {@code create_server} and {@code start_server}.
 *
 * @param tls the encryption, or null for none
 * @param backlog how many connections the operating system keeps that have not been accepted
 * @param reuseAddress whether a port can be listened on whose last connections are still fading
 *     away; null for yes, except on Windows
 * @param reusePort whether several sockets may listen on one port
 * @param keepAlive whether connections probe whether the peer is still there
 * @param startServing whether it accepts connections at once; if not, it has its address, and
 *     connections are refused until {@link Server#startServing} (without epoll: kept until then)
 * @param limit of streams: see {@link StreamReader}
 */
public record ServerOptions(
    @Nullable Tls tls,
    int backlog,
    @Nullable Boolean reuseAddress,
    boolean reusePort,
    boolean keepAlive,
    boolean startServing,
    int limit) {
  /** The defaults: a backlog of 100, serving at once, without TLS. */
  public static final ServerOptions DEFAULT =
      new ServerOptions(null, 100, null, false, false, true, StreamReader.DEFAULT_LIMIT);

  /** Checks the numbers. */
  public ServerOptions {
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog must be positive: " + backlog);
    }
    StreamReader.checkLimit(limit);
    if (tls != null) {
      TlsLayer.requireServer(tls);
    }
  }

  /**
   * The defaults, encrypted.
   *
   * @param tls the encryption
   * @return the options
   */
  public static ServerOptions tls(Tls tls) {
    return DEFAULT.withTls(tls);
  }

  /**
   * These options with another encryption.
   *
   * @param newTls the encryption, or null for none
   * @return the options
   */
  public ServerOptions withTls(@Nullable Tls newTls) {
    return new ServerOptions(
        newTls, backlog, reuseAddress, reusePort, keepAlive, startServing, limit);
  }

  /**
   * These options with another backlog.
   *
   * @param newBacklog how many connections wait
   * @return the options
   */
  public ServerOptions withBacklog(int newBacklog) {
    return new ServerOptions(
        tls, newBacklog, reuseAddress, reusePort, keepAlive, startServing, limit);
  }

  /**
   * These options with addresses reused or not.
   *
   * @param reuse whether
   * @return the options
   */
  public ServerOptions withReuseAddress(boolean reuse) {
    return new ServerOptions(tls, backlog, reuse, reusePort, keepAlive, startServing, limit);
  }

  /**
   * These options with ports shared or not.
   *
   * @param reuse whether
   * @return the options
   */
  public ServerOptions withReusePort(boolean reuse) {
    return new ServerOptions(tls, backlog, reuseAddress, reuse, keepAlive, startServing, limit);
  }

  /**
   * These options with or without probes.
   *
   * @param keep whether
   * @return the options
   */
  public ServerOptions withKeepAlive(boolean keep) {
    return new ServerOptions(tls, backlog, reuseAddress, reusePort, keep, startServing, limit);
  }

  /**
   * These options with serving at once or later.
   *
   * @param start whether it serves at once
   * @return the options
   */
  public ServerOptions withStartServing(boolean start) {
    return new ServerOptions(tls, backlog, reuseAddress, reusePort, keepAlive, start, limit);
  }

  /**
   * These options with another limit of the readers.
   *
   * @param newLimit in bytes
   * @return the options
   */
  public ServerOptions withLimit(int newLimit) {
    return new ServerOptions(
        tls, backlog, reuseAddress, reusePort, keepAlive, startServing, newLimit);
  }

  boolean reusesAddress() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return reuseAddress == null ? !windows : reuseAddress;
  }

  /** Sets the options of a channel that will listen. */
  void setUpListening(Channel channel, boolean onTheInternet) {
    channel.config().setOption(ChannelOption.SO_BACKLOG, backlog);
    if (!onTheInternet) {
      return;
    }
    channel.config().setOption(ChannelOption.SO_REUSEADDR, reusesAddress());
    if (reusePort) {
      Channels.setReusePort(channel);
    }
  }

  /** Has one event bring no more connections than may wait, as asyncio does. */
  void setUpAccepting(ServerChannel channel) {
    RecvByteBufAllocator allocator = channel.config().getRecvByteBufAllocator();
    if (allocator instanceof MaxMessagesRecvByteBufAllocator limited) {
      limited.maxMessagesPerRead(backlog);
    }
  }

  void setUpConnection(Channel channel) {
    if (keepAlive) {
      channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    }
  }
}
