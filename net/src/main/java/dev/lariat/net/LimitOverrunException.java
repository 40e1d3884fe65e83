package dev.lariat.net;

/**
 * A separator was looked for, and not found within the limit of the reader. Models {@code
 * asyncio.LimitOverrunError}.
 */
public class LimitOverrunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** How much has been searched. */
  private final int consumed;

  /**
   * Makes one.
   *
   * @param message what happened
   * @param consumed how many bytes of the buffer hold no separator
   */
  public LimitOverrunException(String message, int consumed) {
    super(message);
    this.consumed = consumed;
  }

  /** {@return how many bytes of the buffer hold no separator, and can be read to get past it} */
  public int consumed() {
    return consumed;
  }
}
