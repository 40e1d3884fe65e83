package dev.lariat.net.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * Writes to a channel. Where nothing is waiting to be sent, it is handed to the system at once, as
 * asyncio's transports do it; Netty's queue, promises and pipeline have to do only with what the
 * system does not take. Most of what a server answers is sent by that.
 */
final class DirectSend {
  private DirectSend() {}

  /** Sends {@code data}, now or when the system takes it. On Netty's thread. */
  static ChannelFuture write(Channel channel, Object data) {
    if (data instanceof ByteBuf bytes
        && bytes.hasMemoryAddress()
        && channel instanceof AbstractEpollStreamChannel socket
        && isFree(socket)) {
      try {
        send(socket, bytes);
      } catch (IOException error) {
        bytes.release();
        return channel.newFailedFuture(error);
      }
      if (!bytes.isReadable()) {
        bytes.release();
        return channel.newSucceededFuture();
      }
    }
    return channel.writeAndFlush(data);
  }

  /** Whether it is open, nothing is to go first, and nobody is to see what is sent: TLS. */
  private static boolean isFree(Channel channel) {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue != null && queue.isEmpty() && channel.pipeline().first() instanceof ChannelBridge;
  }

  private static void send(AbstractEpollStreamChannel channel, ByteBuf data) throws IOException {
    Socket socket = (Socket) channel.fd();
    int sent = socket.sendAddress(data.memoryAddress(), data.readerIndex(), data.writerIndex());
    data.skipBytes(sent);
  }
}
