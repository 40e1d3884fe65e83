package dev.lariat;

import dev.lariat.event.Registration;
import dev.lariat.host.Host;
import dev.lariat.host.Watch;
import org.jspecify.annotations.Nullable;

/**
 * Events that a guest handles in its turns, and whose descriptor its host watches meanwhile.
 *
 * <p>The host tells of them until they are handled, which may take a while: a turn handles events
 * when it begins an iteration, and is itself put off when the toolkit has to draw; and a loop that
 * does not run has no turns at all. Not to keep the toolkit busy with nothing else, the watch is
 * {@link #muted} when it has told twice. Mostly the turn is sooner, and nothing has to be done.
 */
final class WatchedEvents implements Registration {
  private final Runnable events;
  private final Runnable askForTurn;
  private @Nullable Watch watch;

  /** The host has told of events, and none have been handled since. */
  private boolean told;

  /** It is not to tell again before. */
  private boolean muted;

  WatchedEvents(Runnable events, Runnable askForTurn) {
    this.events = events;
    this.askForTurn = askForTurn;
  }

  /** {@return whether the host watches the descriptor from now on} */
  boolean watchBy(Host host, int descriptor) {
    watch = host.watch(descriptor, this::readable);
    return watch != null;
  }

  boolean isClosed() {
    return watch == null;
  }

  private void readable() {
    if (told) {
      mute(true);
    }
    told = true;
    askForTurn.run();
  }

  private void mute(boolean mute) {
    if (muted != mute && watch != null) {
      muted = mute;
      watch.setEnabled(!mute);
    }
  }

  /** Handles what there is, unless this is closed. */
  void handle() {
    if (watch != null) {
      told = false;
      mute(false);
      events.run();
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}
