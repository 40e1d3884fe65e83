package dev.lariat.event;

/** Something that was added and can be removed: a listener, a binding. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
  /** Removes it; a second call does nothing. <i>Suspends</i>: never. <i>Thread</i>: the loop's. */
  @Override
  void close();
}
