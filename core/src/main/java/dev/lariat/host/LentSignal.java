package dev.lariat.host;

import dev.lariat.internal.SharedSignal;
import java.util.Objects;
import sun.misc.Signal;

/**
 * A Unix signal that a host's native code handles for a while, as GLib can.
 *
 * <p>The JVM has handlers of its own, one of them Ctrl-C's, and does not see that a native one has
 * taken their place. A host that lends a signal for as long as native code is to have it leaves the
 * JVM, the runner and everybody else as they were.
 */
public final class LentSignal implements AutoCloseable {
  private final SharedSignal signal;
  private boolean closed;

  private LentSignal(SharedSignal signal) {
    this.signal = signal;
  }

  /**
   * Lends a signal. If it was started with {@code -Xrs}, or with the signal ignored, the JVM has
   * nothing to lend: then nothing is installed here, and native code installs and removes a handler
   * as it does without a JVM.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: any.
   *
   * @param name the name without SIG, as {@code "TERM"}
   * @param install has native code install its handler, once and for good: Lariat then takes that
   *     out and puts it back; called at most once for each signal
   * @return the signal, to be closed
   * @throws IllegalArgumentException if there is no such signal here
   */
  public static LentSignal lend(String name, Runnable install) {
    SharedSignal shared = SharedSignal.of(new Signal(name));
    shared.lend(Objects.requireNonNull(install, "install"));
    return new LentSignal(shared);
  }

  /**
   * Gives the signal back. A second call does nothing.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: any.
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      signal.giveBackLent();
    }
  }
}
