package dev.lariat.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a datagram endpoint is made: the keyword arguments of {@code create_datagram_endpoint}.
 *
 * @param localAddress where to receive; null for any port. The wildcard address of IPv4, as of
 *     {@code new InetSocketAddress(port)}, is for IPv4 only, as in asyncio; {@code "::"} is for
 *     both
 * @param remoteAddress the only peer, or null for any; datagrams without a byte are not received
 *     then, for Netty takes them for none
 * @param allowBroadcast whether it may send to broadcast addresses
 * @param reusePort whether several sockets may be bound to one port
 */
public record DatagramOptions(
    @Nullable InetSocketAddress localAddress,
    @Nullable InetSocketAddress remoteAddress,
    boolean allowBroadcast,
    boolean reusePort) {
  /** Checks that there is an address, and no name that is still to be looked up. */
  public DatagramOptions {
    if (localAddress == null && remoteAddress == null) {
      throw new IllegalArgumentException(
          "A datagram endpoint needs a local or a remote address: of which family is it to be?");
    }
    if (localAddress != null) {
      Resolver.checkAddress(localAddress);
    }
    if (remoteAddress != null) {
      Resolver.checkAddress(remoteAddress);
    }
  }

  /**
   * For a server: any peer.
   *
   * @param address where to receive
   * @return the options
   */
  public static DatagramOptions boundTo(InetSocketAddress address) {
    return new DatagramOptions(address, null, false, false);
  }

  /**
   * For a client: one peer.
   *
   * @param address the peer
   * @return the options
   */
  public static DatagramOptions connectedTo(InetSocketAddress address) {
    return new DatagramOptions(null, address, false, false);
  }

  /**
   * These options with broadcasting or without.
   *
   * @param allow whether it may send to broadcast addresses
   * @return the options
   */
  public DatagramOptions withAllowBroadcast(boolean allow) {
    return new DatagramOptions(localAddress, remoteAddress, allow, reusePort);
  }

  /**
   * These options with the port shared or not.
   *
   * @param reuse whether several sockets may be bound to one port
   * @return the options
   */
  public DatagramOptions withReusePort(boolean reuse) {
    return new DatagramOptions(localAddress, remoteAddress, allowBroadcast, reuse);
  }
}
