package dev.lariat.net.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens most to a plain stream under epoll, done without Netty's channel in between: what
 * has come fits one buffer, and what is written the system takes at once. Everything else is the
 * channel's: more bytes than that, the end, errors, the queue of what is yet to be sent, TLS.
 *
 * <p>Netty's channel, its pipeline, settings and queue are a dozen objects, and on a thousand
 * connections none of them is in the processor's cache.
 */
@SuppressWarnings("try") // as its superclass
public final class DirectSocket extends FreshHandle {
  private static final EpollIoEvent INPUT = () -> EpollIoOps.EPOLLIN;

  private final InputBatch batch;
  private final Channel channel;
  private final Socket socket;
  private final Reactor reactor;
  private final ChannelEvents events;
  private int size = ReceiveSizes.FIRST;
  private boolean plain = true;
  private @Nullable IoRegistration registration;

  private DirectSocket(
      EpollIoHandle own,
      EpollHandler handler,
      AbstractEpollStreamChannel channel,
      ChannelBridge bridge) {
    super(own, handler);
    this.batch = handler.batch;
    this.channel = channel;
    this.socket = (Socket) channel.fd();
    this.reactor = bridge.reactor;
    this.events = bridge.events;
  }

  /** One in front of {@code own} if that is a plain stream's; null otherwise. */
  static @Nullable DirectSocket of(EpollIoHandle own, EpollHandler handler) {
    if (own instanceof Channel.Unsafe unsafe
        && unsafe.voidPromise().channel() instanceof AbstractEpollStreamChannel channel
        && channel.pipeline().first() instanceof ChannelBridge bridge) {
      bridge.direct = new DirectSocket(own, handler, channel, bridge);
      return bridge.direct;
    }
    return null;
  }

  /** TLS stands between the channel and the loop, from now on. On Netty's thread. */
  void end() {
    plain = false;
  }

  // -- receiving ---------------------------------------------------------------------------------

  @Override
  void handleOwn(IoRegistration from, IoEvent event) {
    boolean onlyInput = ((EpollIoEvent) event).ops().value() == EpollIoOps.EPOLLIN.value();
    if (onlyInput && plain) {
      registration = from;
      batch.add(this);
    } else {
      super.handleOwn(from, event);
    }
  }

  /**
   * Reads a little of all that {@link #handleInput} will read, down to the task that the bytes will
   * wake. It is the loop's, so this is left out if that has another thread.
   *
   * @return what means nothing
   */
  int prefetch() {
    return (socket.isOpen() ? 1 : 0) + (reactor.isOneThread() ? events.prefetch() : 0);
  }

  /** There was input. Since then a task may have closed this, or begun TLS. */
  void handleInput() {
    if (socket.isOpen() && !(plain && receive())) {
      super.handleOwn(Objects.requireNonNull(registration), INPUT);
    }
  }

  /** Reads once. Whether that was all; the channel goes on otherwise. */
  private boolean receive() {
    try {
      ByteBuf data = Reactor.ALLOCATOR.directBuffer(size);
      int room = data.writableBytes();
      int count = read(data, room);
      if (count <= 0) {
        data.release();
        return false;
      }
      reactor.received(channel, events, data.writerIndex(count));
      size = ReceiveSizes.next(size, count);
      if (count == room && channel.isOpen() && channel.config().isAutoRead()) {
        return false;
      }
      reactor.readComplete();
    } catch (Throwable error) { // as Netty tells of what its handlers throw
      channel.config().setAutoRead(false); // or it comes again until the loop has heard of it
      channel.pipeline().fireExceptionCaught(error);
    }
    return true;
  }

  /** How many bytes; 0 if there are none, or only the channel can read them; -1 at the end. */
  private int read(ByteBuf data, int room) throws IOException {
    try {
      return data.hasMemoryAddress() ? socket.recvAddress(data.memoryAddress(), 0, room) : 0;
    } catch (Throwable error) {
      data.release();
      throw error;
    }
  }

  // -- sending -----------------------------------------------------------------------------------

  /**
   * Sends as much as the system takes now, as asyncio's transports do it. Called on the loop's
   * thread, which must be Netty's, by who knows that nothing waits to be sent before.
   *
   * @return whether that was all; then the bytes are released
   */
  public boolean send(ByteBuf data) throws IOException {
    if (!data.hasMemoryAddress() || !socket.isOpen()) {
      return false;
    }
    int count = socket.sendAddress(data.memoryAddress(), data.readerIndex(), data.writerIndex());
    if (count < data.readableBytes()) {
      data.skipBytes(count);
      return false;
    }
    data.release();
    return true;
  }
}
