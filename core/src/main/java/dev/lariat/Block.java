package dev.lariat;

import org.jspecify.annotations.Nullable;

/**
 * The body of a scope: runs in the current task and may await.
 *
 * @param <T> the type of its value
 * @param <E> what it throws
 */
@FunctionalInterface
public interface Block<T extends @Nullable Object, E extends Exception> {
  /**
   * The body.
   *
   * @return the value
   * @throws E what the body throws
   */
  T run() throws E;
}
