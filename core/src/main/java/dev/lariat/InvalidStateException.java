package dev.lariat;

/** A future is not in the state that the call needs. Models {@code asyncio.InvalidStateError}. */
public class InvalidStateException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one with a message.
   *
   * @param message what happened
   */
  public InvalidStateException(String message) {
    super(message);
  }
}
