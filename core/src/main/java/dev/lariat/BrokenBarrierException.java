package dev.lariat;

/** The barrier is broken or was reset. Models {@code asyncio.BrokenBarrierError}. */
public class BrokenBarrierException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one with a message.
   *
   * @param message what happened
   */
  public BrokenBarrierException(String message) {
    super(message);
  }
}
