package dev.lariat.process;

import dev.lariat.EventLoop;
import dev.lariat.net.internal.Reactor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The children of a loop; none outlives it. */
final class Children implements AutoCloseable {
  private final Set<Child> open = new LinkedHashSet<>();

  static Children of(EventLoop loop) {
    var _ = Reactor.of(loop); // closed after this: the children's pipes are its
    return loop.attachment(Children.class, _ -> new Children());
  }

  void add(Child child) {
    open.add(child);
  }

  void remove(Child child) {
    open.remove(child);
  }

  @Override
  public void close() {
    List.copyOf(open).forEach(Child::loopClosed);
    open.clear();
  }
}
