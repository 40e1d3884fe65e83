package dev.lariat;

/**
 * The body, without a value, of a scope: runs in the current task and may await.
 *
 * @param <E> what it throws
 */
@FunctionalInterface
public interface VoidBlock<E extends Exception> {
  /**
   * The body.
   *
   * @throws E what the body throws
   */
  void run() throws E;
}
