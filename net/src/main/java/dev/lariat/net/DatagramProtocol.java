package dev.lariat.net;

import java.io.IOException;
import java.net.SocketAddress;

/** The other end of a datagram transport. Models {@code asyncio.DatagramProtocol}. */
public interface DatagramProtocol extends BaseProtocol {
  /**
   * A datagram came. Models {@code datagram_received}.
   *
   * @param data what is in it, perhaps nothing
   * @param from where it came from
   */
  default void datagramReceived(byte[] data, SocketAddress from) {}

  /**
   * A datagram could not be sent or received: the peer's port is closed, say. Models {@code
   * error_received}.
   *
   * @param error what the operating system said
   */
  default void errorReceived(IOException error) {}
}
