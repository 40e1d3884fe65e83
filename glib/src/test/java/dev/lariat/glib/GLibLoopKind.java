package dev.lariat.glib;

import dev.lariat.EventLoop;
import dev.lariat.net.WatchedLoop;

/** What the tests of networking run on here: each loop on a main context of its own. */
public final class GLibLoopKind implements WatchedLoop {
  @Override
  public String name() {
    return "GLIB";
  }

  @Override
  public EventLoop newLoop() {
    return new GLibEventLoop(GLibHost.ofNewContext());
  }

  @Override
  public String toString() {
    return name();
  }
}
