package dev.lariat.event;

/**
 * What a {@link TaskHandler} does with an event that comes while it still deals with one before.
 */
public enum WhileRunning {
  /** Cancels what runs, and begins anew when that has ended: for search as you type. */
  RESTART,
  /** Drops the event: for a button that must not be pressed twice. */
  IGNORE,
  /** Deals with the event when what runs has ended: nothing is lost, one after the other. */
  QUEUE,
  /** Deals with both at once. */
  OVERLAP
}
