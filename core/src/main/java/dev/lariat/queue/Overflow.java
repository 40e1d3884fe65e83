package dev.lariat.queue;

/** What a {@link Channel} does with an item when it is full. */
public enum Overflow {
  /** The sender waits until there is room. */
  SUSPEND,
  /** The oldest item in the channel makes room. */
  DROP_OLDEST,
  /** The new item is dropped. */
  DROP_NEWEST
}
