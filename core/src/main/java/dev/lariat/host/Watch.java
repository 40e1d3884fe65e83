package dev.lariat.host;

import dev.lariat.event.Registration;

/** A file descriptor that a {@link Host} watches, until this is closed. */
public interface Watch extends Registration {
  /**
   * Stops watching for a while, or goes on. At first it is on. <i>Suspends</i>: never.
   * <i>Thread</i>: the host's.
   *
   * @param enabled whether to watch
   */
  void setEnabled(boolean enabled);
}
