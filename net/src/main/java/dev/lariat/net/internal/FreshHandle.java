package dev.lariat.net.internal;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;

/**
 * Hands epoll's events on, but for those of another descriptor. Tasks run in the middle of what one
 * wait has brought. When one of them closes a descriptor and opens another, that gets the same
 * number, and what comes next may have been meant for the first. Nothing is lost by dropping it:
 * epoll tells again of what is still so.
 */
@SuppressWarnings("try") // no close of Netty's is interrupted
class FreshHandle implements EpollIoHandle {
  private final EpollIoHandle own;
  private final EpollHandler handler;
  private final int madeIn;

  /** Makes one in front of {@code own}, which is about to be registered with {@code handler}. */
  FreshHandle(EpollIoHandle own, EpollHandler handler) {
    this.own = own;
    this.handler = handler;
    this.madeIn = handler.waits();
  }

  @Override
  public final void handle(IoRegistration registration, IoEvent event) {
    if (handler.waits() != madeIn) {
      handleOwn(registration, event);
    }
  }

  void handleOwn(IoRegistration registration, IoEvent event) {
    own.handle(registration, event);
  }

  @Override
  public final FileDescriptor fd() {
    return own.fd();
  }

  @Override
  public final void registered() {
    own.registered();
  }

  @Override
  public final void unregistered() {
    own.unregistered();
  }

  @Override
  public final void close() throws Exception {
    own.close();
  }
}
