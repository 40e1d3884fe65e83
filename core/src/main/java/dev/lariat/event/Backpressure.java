package dev.lariat.event;

/** Which events a task gets that comes to the next one late. */
public enum Backpressure {
  /** All, in order: they are kept until it comes. */
  BUFFER,
  /** The newest only: for values, sizes, positions. */
  LATEST,
  /** None of those that came meanwhile: for clicks that must not pile up. */
  DROP
}
