package dev.lariat.net;

import io.netty.buffer.ByteBuf;

/** A protocol of ours that takes bytes as they come, without a copy. */
interface BufferReceiver extends BaseProtocol {
  /** Bytes came; they are the receiver's, which releases them. */
  void received(ByteBuf data);

  /** As {@link Protocol#eofReceived}. */
  boolean eofReceived();

  /** The loop was closed, so nobody will tell of the end: what must be given back must be now. */
  void abandoned();
}
