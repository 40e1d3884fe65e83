package dev.lariat.swing;

import java.awt.AWTEvent;
import java.awt.EventQueue;
import java.awt.Toolkit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts the hosts round every event of AWT, also those of nested main loops.
 *
 * <p>AWT lets the queue that was pushed last dispatch, and none of those below. So this one is not
 * pushed above a queue that does something of its own with events; such a queue calls {@link
 * Swing#dispatch}. Once pushed it stays, and does nothing while there are no hosts: whoever has got
 * it as the system's queue may post to it for ever, and what is posted to a popped queue is lost.
 */
final class GuardQueue extends EventQueue {
  /** Never changed, but replaced: hosts come and go while an event is dispatched. */
  private static volatile List<SwingHost> hosts = List.of();

  private GuardQueue() {}

  /** From now on, {@code host} is told of events. On the event dispatch thread, as all here. */
  static void join(SwingHost host) {
    List<SwingHost> more = new ArrayList<>(hosts);
    more.add(host);
    hosts = more;
    EventQueue top = Toolkit.getDefaultToolkit().getSystemEventQueue();
    if (isPlain(top.getClass())) {
      top.push(new GuardQueue());
    }
  }

  static void leave(SwingHost host) {
    List<SwingHost> fewer = new ArrayList<>(hosts);
    fewer.remove(host);
    hosts = fewer;
  }

  /** Whether a queue of this class dispatches events just as {@link EventQueue} does. */
  private static boolean isPlain(Class<?> queue) {
    return queue == EventQueue.class
        || (Stream.of(queue.getDeclaredMethods())
                .noneMatch(method -> method.getName().equals("dispatchEvent"))
            && isPlain(queue.getSuperclass()));
  }

  /** Dispatches {@code event} by means of {@code dispatcher}, inside all hosts. */
  static void dispatch(AWTEvent event, Runnable dispatcher) {
    Runnable inner = dispatcher;
    for (SwingHost host : hosts) {
      Runnable next = inner;
      inner = () -> host.dispatch(event, next);
    }
    inner.run();
  }

  @Override
  protected void dispatchEvent(AWTEvent event) {
    dispatch(event, () -> super.dispatchEvent(event));
  }
}
