package dev.lariat.net.internal;

import dev.lariat.host.Guest;
import dev.lariat.host.Host;
import dev.lariat.host.Watch;
import java.util.ArrayList;
import java.util.List;

/** A host that counts its turns, and what it is told of a descriptor that it watches. */
final class CountingHost implements Host {
  final List<String> events = new ArrayList<>();
  int turns;
  int readable;

  /** How many turns to take the place of, before the main loop quits. */
  private int idleTurns;

  private final Host real;

  CountingHost(Host real) {
    this.real = real;
  }

  /** Runs the main loop for a number of its iterations, while the guest does not run. */
  void iterate(int times) {
    idleTurns = times;
    real.wake();
    real.run();
  }

  @Override
  public void start(Guest guest) {
    real.start(
        new Guest() {
          @Override
          public void turn() {
            turns++;
            if (idleTurns == 0) {
              guest.turn();
            } else if (--idleTurns == 0) {
              real.quit();
            } else {
              real.wake();
            }
          }

          @Override
          public boolean isTurnDue() {
            return guest.isTurnDue();
          }

          @Override
          public void alarm() {
            guest.alarm();
          }

          @Override
          public long nextDeadline() {
            return guest.nextDeadline();
          }

          @Override
          public void dispatch(Runnable event) {
            guest.dispatch(event);
          }

          @Override
          public void hostEnded() {
            guest.hostEnded();
          }
        });
  }

  @Override
  public Watch watch(int descriptor, Runnable told) {
    events.add("watch");
    Watch watch =
        real.watch(
            descriptor,
            () -> {
              readable++;
              told.run();
            });
    return new Watch() {
      @Override
      public void setEnabled(boolean enabled) {
        events.add(enabled ? "on" : "off");
        watch.setEnabled(enabled);
      }

      @Override
      public void close() {
        events.add("close watch");
        watch.close();
      }
    };
  }

  @Override
  public boolean isHostThread() {
    return real.isHostThread();
  }

  @Override
  public void wake() {
    real.wake();
  }

  @Override
  public void wakeAt(long nanoTime) {
    real.wakeAt(nanoTime);
  }

  @Override
  public void run() {
    real.run();
  }

  @Override
  public void quit() {
    real.quit();
  }

  @Override
  public void close() {
    events.add("close host");
    real.close();
  }
}
