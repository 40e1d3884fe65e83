package dev.lariat.net.internal;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * epoll, without two faults that Netty's has (4.2.18).
 *
 * <p>When a channel wants no event at all, as one whose peer has said its last word and which has
 * nothing to write, Netty takes it out of epoll and forgets that it did. The next wish fails then,
 * and all that was to be written is lost. Here the registration ends with the last wish, and the
 * next one makes another.
 *
 * <p>The other one is told of at {@link FreshHandle}.
 */
final class EpollHandler implements IoHandler {
  private final IoHandler handler;

  /** What has input, of the wait that Netty hands over just now. */
  final InputBatch batch = new InputBatch();

  private int waits;
  private final Set<Registration> idle = new LinkedHashSet<>();

  private EpollHandler(IoHandler handler) {
    this.handler = handler;
  }

  /**
   * Makes these handlers.
   *
   * @param atOnce how many events one run handles; 0 for as many as there are
   */
  static IoHandlerFactory newFactory(int atOnce) {
    IoHandlerFactory factory =
        EpollIoHandler.newFactory(atOnce, DefaultSelectStrategyFactory.INSTANCE);
    return executor -> new EpollHandler(factory.newHandler(executor));
  }

  /** A handle in epoll, or an idle one, which is not. Netty's thread only. */
  private final class Registration implements IoRegistration {
    private final IoHandle handle;
    private IoRegistration current;
    private boolean cancelled;

    Registration(IoHandle handle, IoRegistration current) {
      this.handle = handle;
      this.current = current;
    }

    @Override
    public long submit(IoOps ops) {
      if (cancelled) {
        return -1;
      }
      if (ops.equals(EpollIoOps.NONE)) {
        if (current.cancel()) {
          idle.add(this);
        }
        return 0;
      }
      if (idle.remove(this)) {
        try {
          current = handler.register(handle);
        } catch (Exception error) {
          throw new IllegalStateException("epoll refuses a channel that it had", error);
        }
      }
      return current.submit(ops);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      return current.attachment();
    }

    @Override
    public boolean isValid() {
      return !cancelled && (idle.contains(this) || current.isValid());
    }

    @Override
    public boolean cancel() {
      boolean first = !cancelled;
      cancelled = true;
      return idle.remove(this) ? first : current.cancel();
    }
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    EpollIoHandle own = (EpollIoHandle) handle;
    DirectSocket direct = DirectSocket.of(own, this);
    FreshHandle fresh = direct != null ? direct : new FreshHandle(own, this);
    return new Registration(fresh, handler.register(fresh));
  }

  /** How many times this has waited. Netty's thread. */
  int waits() {
    return waits;
  }

  @Override
  public void prepareToDestroy() {
    handler.prepareToDestroy();
    for (Registration each : List.copyOf(idle)) {
      try {
        each.handle.close();
      } catch (Exception error) {
        Callbacks.LOG.log(Level.DEBUG, "Closing a channel with its event loop failed", error);
      }
    }
  }

  @Override
  public void initialize() {
    handler.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    waits++;
    int handled = handler.run(context);
    return Math.max(handled, batch.handle()); // none if Netty has caught and logged something
  }

  @Override
  public void wakeup() {
    handler.wakeup();
  }

  @Override
  public void destroy() {
    handler.destroy();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return handler.isCompatible(handleType);
  }
}
