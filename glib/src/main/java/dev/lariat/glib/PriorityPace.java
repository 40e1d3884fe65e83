package dev.lariat.glib;

import dev.lariat.host.Guest;
import dev.lariat.host.Pace;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets tasks go on at a priority of their own: by a source that lets one step go on at a time, for
 * as long as a frame can spare, since whatever it lets go on runs at once.
 */
final class PriorityPace implements Pace {
  private static final long BUDGET_NANOS = 2_000_000;

  private final Deque<Runnable> steps = new ArrayDeque<>();
  private final Source source;
  private final Guest guest;

  /** The source is to run. */
  private boolean armed;

  PriorityPace(long context, int priority, Guest guest) {
    this.guest = guest;
    source = Source.timed(context, priority, this::dispatch);
  }

  @Override
  public void whenReady(Runnable step) {
    steps.add(step);
    arm(true);
  }

  private void arm(boolean on) {
    if (armed != on) {
      armed = on;
      source.setReadyTime(on ? Source.NOW : Source.NEVER);
    }
  }

  private void dispatch() {
    long start = System.nanoTime();
    while (!steps.isEmpty()) {
      steps.remove().run();
      guest.turn();
      if (System.nanoTime() - start > BUDGET_NANOS) {
        break;
      }
    }
    arm(!steps.isEmpty());
  }

  void close() {
    source.destroy();
  }
}
