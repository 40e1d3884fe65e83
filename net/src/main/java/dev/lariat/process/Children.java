package dev.lariat.process;

import dev.lariat.EventLoop;
import dev.lariat.net.internal.Reactor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The children of a loop, and those that are being started; none outlives it. */
final class Children implements AutoCloseable {
  private final Set<Reactor.Resource> open = new LinkedHashSet<>();

  static Children of(EventLoop loop) {
    return loop.attachment(Children.class, _ -> new Children());
  }

  void add(Reactor.Resource child) {
    open.add(child);
  }

  void remove(Reactor.Resource child) {
    open.remove(child);
  }

  @Override
  public void close() {
    List.copyOf(open).forEach(Reactor.Resource::loopClosed);
    open.clear();
  }
}
