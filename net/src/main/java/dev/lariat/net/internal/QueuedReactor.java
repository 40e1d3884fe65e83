package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A reactor whose events wait until the loop runs them.
 *
 * <p>A loop that is busy must not be flooded: a channel whose bytes it has not taken is not read
 * any further ({@link Credit}).
 */
abstract class QueuedReactor extends Reactor {
  QueuedReactor(EventLoop loop, SocketKind sockets) {
    super(loop, sockets);
  }

  /** Something to be run on the loop's thread, or to be dropped if there is none any more. */
  interface Event {
    void run();

    void drop();
  }

  private record Received(ChannelEvents told, ByteBuf data) implements Event {
    @Override
    public void run() {
      told.received(data);
    }

    @Override
    public void drop() {
      data.release();
    }
  }

  private record Droppable(Runnable event, Runnable otherwise) implements Event {
    @Override
    public void run() {
      event.run();
    }

    @Override
    public void drop() {
      otherwise.run();
    }
  }

  /** Has {@code event} run on the loop's thread, after those before it. Called on Netty's. */
  abstract void add(Event event);

  @Override
  public final void toLoop(Runnable event, Runnable drop) {
    add(new Droppable(event, drop));
  }

  // -- reading -----------------------------------------------------------------------------------

  /** How much the loop may be behind with one channel; fields without a word are Netty's. */
  private static final class Credit {
    private static final AttributeKey<Credit> KEY = AttributeKey.valueOf("lariat.credit");
    private static final int STOP = 256 * 1024;
    private static final int GO_ON = 64 * 1024;

    /** Bytes handed over and not consumed. Both threads. */
    private final AtomicInteger unconsumed = new AtomicInteger();

    private boolean wanted;
    private volatile boolean stopped;

    static Credit of(Channel channel) {
      Credit credit = channel.attr(KEY).get();
      if (credit == null) {
        credit = new Credit();
        Credit other = channel.attr(KEY).setIfAbsent(credit);
        return other == null ? credit : other;
      }
      return credit;
    }

    void apply(Channel channel) {
      setAutoRead(channel, wanted && !stopped);
    }
  }

  @Override
  public final void setReading(Channel channel, boolean reading) {
    Credit credit = Credit.of(channel);
    credit.wanted = reading;
    credit.apply(channel);
  }

  @Override
  final void received(Channel channel, ChannelEvents told, ByteBuf data) {
    Credit credit = Credit.of(channel);
    if (credit.unconsumed.addAndGet(data.readableBytes()) > Credit.STOP && !credit.stopped) {
      credit.stopped = true;
      credit.apply(channel);
      goOnIfConsumed(channel, credit); // the loop may have done so before it could see the flag
    }
    add(new Received(told, data));
  }

  private static void goOnIfConsumed(Channel channel, Credit credit) {
    if (credit.stopped && credit.unconsumed.get() <= Credit.GO_ON) {
      credit.stopped = false;
      credit.apply(channel);
    }
  }

  @Override
  public final void consumed(Channel channel, int bytes) {
    Credit credit = Credit.of(channel);
    if (credit.unconsumed.addAndGet(-bytes) <= Credit.GO_ON && credit.stopped) {
      toNetty(() -> goOnIfConsumed(channel, credit));
    }
  }

  @Override
  public final void readComplete() {}
}
