package dev.lariat;

/** A {@link Coroutine} without a value: what a lambda without {@code return} becomes. */
@FunctionalInterface
public interface Action {
  /**
   * The body. Any method called from it may await.
   *
   * @throws Exception what the body fails with
   */
  void run() throws Exception;

  /** {@return this as a coroutine whose value is null} */
  default Coroutine<Void> toCoroutine() {
    return new Coroutine<>() {
      @Override
      @SuppressWarnings("NullAway") // Void has no other value
      public Void run() throws Exception {
        Action.this.run();
        return null;
      }

      @Override
      public String toString() {
        return Action.this.toString();
      }
    };
  }
}
