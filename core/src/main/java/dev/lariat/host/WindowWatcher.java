package dev.lariat.host;

/** Whom a host asks and tells about the windows of the application. */
public interface WindowWatcher {
  /**
   * Asked when the user closes a window that is the last one.
   *
   * @return false to keep it open
   */
  boolean mayClose();

  /** Told when the last window is gone. */
  void lastClosed();
}
