package dev.lariat.qt;

import dev.lariat.EventLoop;
import dev.lariat.net.WatchedLoop;

/** What the tests of networking run on here: Qt's core library alone, with GLib or without. */
public final class QtLoopKind implements WatchedLoop {
  /** Whether Qt has been told so, by the environment. */
  static final boolean WITHOUT_GLIB = System.getenv("QT_NO_GLIB") != null;

  @Override
  public String name() {
    return WITHOUT_GLIB ? "QT_NO_GLIB" : "QT";
  }

  @Override
  public EventLoop newLoop() {
    return new EventLoop(new QtHost(new NativeQt(), QtThread.OPTIONS));
  }

  /** Not even the one that makes it: it is the application's. */
  @Override
  public boolean anyThread() {
    return false;
  }

  @Override
  public String toString() {
    return name();
  }
}
