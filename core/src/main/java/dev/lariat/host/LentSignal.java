package dev.lariat.host;

import dev.lariat.internal.SignalClaim;
import sun.misc.Signal;

/**
 * A Unix signal that a host's native code handles for a while, as GLib can.
 *
 * <p>The JVM has handlers of its own, one of them Ctrl-C's, and does not see that a native one has
 * taken their place. A host that lends a signal before the native handler is installed, and closes
 * this once it has been removed, leaves the JVM, the runner and everybody else as they were.
 */
public final class LentSignal implements AutoCloseable {
  private final SignalClaim claim;

  private LentSignal(SignalClaim claim) {
    this.claim = claim;
  }

  /**
   * Lends a signal. The native handler may be installed after this.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: any.
   *
   * @param name the name without SIG, as {@code "TERM"}
   * @return the signal, to be closed
   * @throws IllegalArgumentException if there is no such signal here
   */
  public static LentSignal lend(String name) {
    return new LentSignal(SignalClaim.lend(new Signal(name)));
  }

  /**
   * Gives the signal back, once the native handler has been removed. A second call does nothing.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: any.
   */
  @Override
  public void close() {
    claim.close();
  }
}
