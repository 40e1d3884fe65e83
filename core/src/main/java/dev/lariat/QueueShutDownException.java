package dev.lariat;

/** The queue was shut down. Models {@code asyncio.QueueShutDown}. */
public class QueueShutDownException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one with a message.
   *
   * @param message what happened
   */
  public QueueShutDownException(String message) {
    super(message);
  }
}
