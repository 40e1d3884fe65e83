package dev.lariat.net;

import static dev.lariat.Asyncio.getRunningLoop;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names to addresses, and the order to try them in. */
final class Resolver {
  private Resolver() {}

  /** The addresses of a host; of this machine itself, to connect to, if it is null. */
  static List<InetSocketAddress> resolve(@Nullable String host, int port) throws IOException {
    checkPort(port);
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (InetAddress address : lookUp(host)) {
      addresses.add(new InetSocketAddress(address, port));
    }
    return addresses;
  }

  static void checkPort(int port) {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("port must be between 0 and 65535: " + port);
    }
  }

  /** Of the internet, and no name that is still to be looked up. */
  static void checkAddress(SocketAddress address) {
    if (!(address instanceof InetSocketAddress internet)) {
      throw new IllegalArgumentException("Not an internet address: " + address);
    }
    if (internet.isUnresolved()) {
      throw new IllegalArgumentException(
          "The name is not resolved: " + address + "; Net.getaddrinfo does that");
    }
  }

  /** Asks the operating system, in another thread, unless {@code host} is an address itself. */
  private static InetAddress[] lookUp(@Nullable String host) throws IOException {
    if (host != null) {
      try {
        return new InetAddress[] {InetAddress.ofLiteral(host)};
      } catch (IllegalArgumentException aName) {
        // so it is looked up
      }
    }
    return Channels.await(
        getRunningLoop().runInExecutor(null, () -> InetAddress.getAllByName(host)));
  }

  /**
   * Lets address families take turns, after the first {@code first} of the first family (RFC 8305);
   * 0 leaves the order.
   */
  static List<InetSocketAddress> interleave(List<InetSocketAddress> addresses, int first) {
    if (first == 0 || addresses.isEmpty()) {
      return addresses;
    }
    boolean six = isSix(addresses.getFirst());
    List<InetSocketAddress> same = new ArrayList<>();
    List<InetSocketAddress> other = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      (isSix(address) == six ? same : other).add(address);
    }
    List<InetSocketAddress> ordered =
        new ArrayList<>(same.subList(0, Math.min(first - 1, same.size())));
    same = same.subList(ordered.size(), same.size());
    for (int i = 0; i < Math.max(same.size(), other.size()); i++) {
      if (i < same.size()) {
        ordered.add(same.get(i));
      }
      if (i < other.size()) {
        ordered.add(other.get(i));
      }
    }
    return ordered;
  }

  private static boolean isSix(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address;
  }
}
