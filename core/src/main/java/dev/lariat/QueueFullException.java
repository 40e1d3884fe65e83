package dev.lariat;

/** {@code putNowait()} on a full queue. Models {@code asyncio.QueueFull}. */
public class QueueFullException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one with a message.
   *
   * @param message what happened
   */
  public QueueFullException(String message) {
    super(message);
  }
}
