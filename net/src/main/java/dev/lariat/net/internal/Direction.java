package dev.lariat.net.internal;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** What a channel is to be ready for. */
public enum Direction {
  /** Reading, or accepting. */
  INPUT("read from"),
  /** Writing, or finishing to connect. */
  OUTPUT("written to");

  private final String text;

  Direction(String text) {
    this.text = text;
  }

  /** The operations of a selection key that mean this; 0 if the channel cannot do it. */
  int ops(SelectableChannel channel) {
    if (this == INPUT) {
      return channel.validOps() & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT);
    }
    boolean connecting = channel instanceof SocketChannel socket && socket.isConnectionPending();
    return channel.validOps() & (connecting ? SelectionKey.OP_CONNECT : SelectionKey.OP_WRITE);
  }

  @Override
  public String toString() {
    return text;
  }
}
