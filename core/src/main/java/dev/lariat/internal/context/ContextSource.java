package dev.lariat.internal.context;

/**
 * What a callback keeps until it runs: a context of its own, or the values to begin a new one with.
 */
public sealed interface ContextSource permits ContextCell, ContextValues {
  /** The context to run in. */
  ContextCell toCell();
}
