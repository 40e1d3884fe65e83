package dev.lariat.acceptance;

import dev.lariat.host.Poller;
import dev.lariat.host.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Virtual time that notes how long it was asked to wait, and can stand in for sockets that are
 * ready.
 */
public final class RecordingPoller implements Poller {
  private final VirtualTime time = new VirtualTime();
  public final List<Long> polls = new ArrayList<>();

  /** What happens in the polls to come, one each: the events of sockets. */
  public final Queue<Runnable> events = new ArrayDeque<>();

  /** How much of the work that was begun has not ended. */
  public volatile int working;

  public int closed;

  @Override
  public long nanoTime() {
    return time.nanoTime();
  }

  @Override
  public void poll(long nanos) {
    polls.add(nanos);
    Runnable event = events.poll();
    time.poll(event == null ? nanos : 0);
    if (event != null) {
      event.run();
    }
  }

  @Override
  public void wakeup() {
    time.wakeup();
  }

  @Override
  public synchronized void workStarted() {
    working++;
    time.workStarted();
  }

  @Override
  public synchronized void workFinished() {
    working--;
    time.workFinished();
  }

  @Override
  public void close() {
    closed++;
  }
}
