package dev.lariat.process;

import dev.lariat.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The children of a loop; none outlives it. */
final class Children implements AutoCloseable {
  private final Set<Child> open = new LinkedHashSet<>();

  static Children of(EventLoop loop) {
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
