package dev.lariat;

import org.jspecify.annotations.Nullable;

/**
 * The body of a scope that wants to know its scope: runs in the current task and may await.
 *
 * @param <S> the type of the scope
 * @param <T> the type of its value
 * @param <E> what it throws
 */
@FunctionalInterface
public interface ScopedBlock<S, T extends @Nullable Object, E extends Exception> {
  /**
   * The body.
   *
   * @param scope the scope it runs in
   * @return the value
   * @throws E what the body throws
   */
  T run(S scope) throws E;
}
