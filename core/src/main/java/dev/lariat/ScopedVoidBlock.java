package dev.lariat;

/**
 * The body, without a value, of a scope that wants to know its scope.
 *
 * @param <S> the type of the scope
 * @param <E> what it throws
 */
@FunctionalInterface
public interface ScopedVoidBlock<S, E extends Exception> {
  /**
   * The body.
   *
   * @param scope the scope it runs in
   * @throws E what the body throws
   */
  void run(S scope) throws E;
}
