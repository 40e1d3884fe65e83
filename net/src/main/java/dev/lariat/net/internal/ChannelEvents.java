package dev.lariat.net.internal;

import io.netty.buffer.ByteBuf;

/** What happens to a stream channel, as its transport learns it: on the loop's thread, in order. */
public interface ChannelEvents extends WriteEvents {
  /** Bytes came. The receiver releases them. */
  void received(ByteBuf data);

  /** The peer will send no more; the channel can still write. */
  void inputClosed();

  /** Something went wrong. */
  void failed(Throwable cause);

  /** The channel is closed, whoever closed it. */
  void closed();

  /** Reads a little of all that {@link #received} will read, and returns what means nothing. */
  int prefetch();
}
