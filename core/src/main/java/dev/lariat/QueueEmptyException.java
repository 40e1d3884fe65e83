package dev.lariat;

/** {@code getNowait()} on an empty queue. Models {@code asyncio.QueueEmpty}. */
public class QueueEmptyException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one with a message.
   *
   * @param message what happened
   */
  public QueueEmptyException(String message) {
    super(message);
  }
}
