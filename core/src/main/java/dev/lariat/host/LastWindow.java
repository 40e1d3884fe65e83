package dev.lariat.host;

/** What becomes of the tasks of an application when its last window is closed. */
public enum LastWindow {
  /** They are cancelled, and waited for, up to the application's grace period. */
  CANCEL,
  /** The application goes on without a window until they are done. */
  WAIT,
  /** The window stays open while there are any, the main one aside. */
  REFUSE
}
