package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.BaseTransport;
import dev.lariat.net.ExtraInfo;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all transports have in common: a protocol, which is told of the beginning and, once, of the
 * end; and that they are closed with the loop at the latest.
 *
 * <p>A transport that is {@code closing} receives nothing any more; one that is {@code finished}
 * does nothing any more, and its protocol is or will be told, unless there is nobody to tell.
 */
public abstract class AbstractTransport implements BaseTransport, Reactor.Resource {
  protected final EventLoop loop;
  protected BaseProtocol protocol;
  protected boolean closing;
  protected boolean finished;
  private @Nullable Reactor owner;

  AbstractTransport(EventLoop loop, BaseProtocol protocol) {
    this.loop = loop;
    this.protocol = protocol;
  }

  // -- the beginning -----------------------------------------------------------------------------

  /** Counts this among what {@code reactor} has open. */
  protected final void attachTo(Reactor reactor) {
    owner = reactor;
    reactor.opened(this);
  }

  /** Tells the protocol of the connection, soon, and then runs {@code then}. */
  protected final void tellMade(Runnable then) {
    soon(() -> {
      Callbacks.runAndReport(
          loop, () -> protocol.connectionMade(this), "protocol.connectionMade() failed");
      then.run();
    });
  }

  protected final void soon(Runnable callback) {
    if (!loop.isClosed()) {
      loop.callSoon(callback);
    }
  }

  // -- the end -----------------------------------------------------------------------------------

  @Override
  public final boolean isClosing() {
    return closing;
  }

  /** Tells the protocol of the end, soon. */
  protected final void tellLost(@Nullable Throwable cause) {
    closing = true;
    finished = true;
    soon(() -> {
      Callbacks.runAndReport(
          loop, () -> protocol.connectionLost(cause), "protocol.connectionLost() failed");
      detach();
    });
  }

  /** Nobody has to look after this any more. */
  protected void detach() {
    if (owner != null) {
      owner.closed(this);
      owner = null;
    }
  }

  @Override
  public final void loopClosed() {
    if (!closing) {
      Callbacks.LOG.log(Level.WARNING, "unclosed transport " + this + ": close() it");
    }
    abandon();
  }

  /** Closes at once. There is no loop any more to tell anybody on. */
  protected abstract void abandon();

  // -- the rest ----------------------------------------------------------------------------------

  @Override
  public void setProtocol(BaseProtocol newProtocol) {
    loop.checkThread();
    protocol = Objects.requireNonNull(newProtocol, "protocol");
  }

  @Override
  public final BaseProtocol getProtocol() {
    return protocol;
  }

  @Override
  public final <T> @Nullable T getExtraInfo(ExtraInfo<T> what) {
    return what.cast(extraInfo(what));
  }

  /** What {@link #getExtraInfo} gives, untyped. */
  protected abstract @Nullable Object extraInfo(ExtraInfo<?> what);

  /** Where in its life this is: the end of its text. */
  protected final String state() {
    return finished ? ", closed" : closing ? ", closing" : "";
  }
}
