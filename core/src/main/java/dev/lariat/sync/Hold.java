package dev.lariat.sync;

/** Something held for a try-with-resources statement. */
@FunctionalInterface
public interface Hold extends AutoCloseable {
  /** Gives it back. */
  @Override
  void close();
}
