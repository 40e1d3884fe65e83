package dev.lariat.net;

/**
 * The operating system cannot send this file to this connection by itself. Models {@code
 * asyncio.SendfileNotAvailableError}.
 */
public class SendfileNotAvailableException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one with a message.
   *
   * @param message why not
   */
  public SendfileNotAvailableException(String message) {
    super(message);
  }
}
