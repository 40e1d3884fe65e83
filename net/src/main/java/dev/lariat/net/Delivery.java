package dev.lariat.net;

import dev.lariat.EventLoop;
import dev.lariat.net.internal.Callbacks;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Hands what was received to a protocol, in the form it takes. */
final class Delivery {
  private Delivery() {}

  /** The caller releases {@code data}. A protocol that fails costs the connection. */
  static void deliver(ChannelTransport transport, ByteBuf data) {
    EventLoop loop = transport.reactor().loop;
    BaseProtocol target = transport.getProtocol();
    if (target instanceof BufferedProtocol buffered) {
      fill(transport, buffered, data);
    } else if (target instanceof Protocol simple) {
      byte[] bytes = new byte[data.readableBytes()];
      data.readBytes(bytes);
      Throwable error = Callbacks.run(loop, () -> simple.dataReceived(bytes));
      if (error != null) {
        transport.fatal(error, "Fatal error: protocol.dataReceived() call failed.");
      }
    }
  }

  private static void fill(ChannelTransport transport, BufferedProtocol target, ByteBuf data) {
    EventLoop loop = transport.reactor().loop;
    while (data.isReadable() && transport.isReading() && transport.getProtocol() == target) {
      int left = data.readableBytes();
      ByteBuffer[] buffer = new ByteBuffer[1];
      Throwable error =
          Callbacks.run(
              loop,
              () -> {
                buffer[0] = target.getBuffer(left);
                if (!buffer[0].hasRemaining()) {
                  throw new IllegalStateException("getBuffer() returned an empty buffer");
                }
                if (buffer[0].isReadOnly()) {
                  throw new IllegalStateException("getBuffer() returned a read-only buffer");
                }
              });
      if (error != null || buffer[0] == null) {
        transport.fatal(orFatal(error), "Fatal error: protocol.getBuffer() call failed.");
        return;
      }
      int count = Math.min(left, buffer[0].remaining());
      buffer[0].limit(buffer[0].position() + count);
      data.readBytes(buffer[0]);
      error = Callbacks.run(loop, () -> target.bufferUpdated(count));
      if (error != null) {
        transport.fatal(error, "Fatal error: protocol.bufferUpdated() call failed.");
        return;
      }
    }
    if (data.isReadable() && transport.isReading()) { // another protocol has taken over half way
      deliver(transport, data);
    }
  }

  private static Throwable orFatal(@Nullable Throwable error) {
    return error == null ? new IllegalStateException("left the loop") : error;
  }
}
