package dev.lariat.testkit;

import dev.lariat.host.DeadlockException;
import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.WindowWatcher;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Puts a real host on virtual time: its clock stands still while there is something to do, and then
 * jumps to the next deadline. So the tests of an application, or of a host, sleep for an hour in no
 * time, on the toolkit's real main loop.
 *
 * <pre>{@code
 * EventLoop loop = new EventLoop(new VirtualTimeHost(new SwingHost()));
 * }</pre>
 *
 * <p>Before the clock moves, the toolkit goes round a few times: what it has posted to itself may
 * lead to more. Work that the loop handed to other threads is waited for in real time, as with
 * {@link dev.lariat.host.VirtualTime}. Where nothing is left to do or to wait for, a run fails with
 * a {@link DeadlockException}; but not while a modal dialog is open, which a user may close.
 */
public final class VirtualTimeHost implements Host {
  /** How often what the toolkit has to do may lead to more before that counts as nothing to do. */
  private static final int ROUNDS = 3;

  /** The same for what it does at a lower priority; real time, so only before a deadlock. */
  private static final long GRACE_NANOS = 10_000_000;

  private final Host real;
  private final AtomicInteger working = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private volatile @Nullable Guest guest;
  private int runs;
  private int turns;
  private boolean quitting;

  /** The turns since one was asked for: rounds of the toolkit. */
  private int rounds;

  /** A round has been asked for, and has not begun: its turn is as good as any. */
  private volatile boolean roundDue;

  private final AtomicReference<Grace> grace = new AtomicReference<>(Grace.NOT_GIVEN);
  private boolean deadlock;

  private enum Grace {
    NOT_GIVEN,
    GIVEN,
    OVER
  }

  /**
   * Makes a host of virtual time.
   *
   * @param real the host to run on; closed with this
   */
  public VirtualTimeHost(Host real) {
    this.real = real;
  }

  @Override
  public void start(Guest newGuest) {
    guest = newGuest;
    real.start(
        new Guest() {
          @Override
          public void turn() {
            roundDue = false;
            if (isTurnDue()) {
              rounds = 0;
              grace.set(Grace.NOT_GIVEN);
            }
            turns++;
            try {
              guest().turn();
            } finally {
              turns--;
            }
            // In this order: whoever ends the last work has asked for a turn before.
            if (working.get() == 0 && !isTurnDue() && !quitting) {
              idle();
            }
          }

          @Override
          public boolean isTurnDue() {
            return guest().isTurnDue();
          }

          @Override
          public void alarm() {
            if (grace.compareAndSet(Grace.GIVEN, Grace.OVER)) { // or something has come in between
              goRound();
            }
          }

          @Override
          public long nextDeadline() {
            return guest().nextDeadline();
          }

          @Override
          public void dispatch(Runnable event) {
            guest().dispatch(event);
          }

          @Override
          public void hostEnded() {
            guest().hostEnded();
          }
        });
  }

  private Guest guest() {
    return Objects.requireNonNull(guest);
  }

  private void idle() {
    if (rounds < ROUNDS) {
      rounds++;
      goRound();
      return;
    }
    long next = guest().nextDeadline();
    if (next != Long.MAX_VALUE) {
      now.set(Math.max(next, now.get()));
      guest().alarm();
    } else if (runs > 0 && turns == 0) {
      switch (grace.get()) {
        case NOT_GIVEN -> {
          grace.set(Grace.GIVEN);
          real.wakeAt(real.nanoTime() + GRACE_NANOS);
        }
        case GIVEN -> {} // a turn for nothing
        case OVER -> {
          deadlock = true;
          quit();
        }
      }
    }
  }

  /** Asks for a turn, which comes behind all that the toolkit has to do. */
  private void goRound() {
    roundDue = true;
    real.wake();
  }

  @Override
  public boolean isHostThread() {
    return real.isHostThread();
  }

  @Override
  public void wake() {
    if (!roundDue) {
      real.wake();
    }
  }

  /** Does nothing: the clock is moved when the guest has nothing else to do. */
  @Override
  public void wakeAt(long nanoTime) {}

  @Override
  public void run() {
    quitting = false;
    runs++;
    try {
      real.run();
    } finally {
      runs--;
      roundDue = false; // it may not come any more
    }
    if (deadlock) {
      deadlock = false;
      throw new DeadlockException();
    }
  }

  @Override
  public void quit() {
    quitting = true;
    real.quit();
  }

  @Override
  public long nanoTime() {
    return now.get();
  }

  @Override
  public boolean isVirtual() {
    return true;
  }

  @Override
  public void uncaught(Throwable error) {
    real.uncaught(error);
  }

  @Override
  public @Nullable String nestedLoop() {
    return real.nestedLoop();
  }

  @Override
  public boolean watchWindows(WindowWatcher windows) {
    return real.watchWindows(windows);
  }

  @Override
  public void workStarted() {
    working.incrementAndGet();
    real.workStarted();
  }

  @Override
  public void workFinished() {
    real.workFinished();
    if (working.decrementAndGet() == 0 && guest != null) {
      guest().alarm(); // for a look at the clock
    }
  }

  @Override
  public void close() {
    real.close();
  }

  @Override
  public String toString() {
    return real + " on virtual time";
  }
}
