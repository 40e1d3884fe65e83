package dev.lariat.net;

import org.jspecify.annotations.Nullable;

/**
 * The stream ended before all was there that had been asked for. Models {@code
 * asyncio.IncompleteReadError}.
 */
public class IncompleteReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What had come. */
  private final byte[] partial;

  /** How much was asked for, or null. */
  private final @Nullable Integer expected;

  /**
   * Makes one.
   *
   * @param partial what had come; it is out of the stream now
   * @param expected how many bytes were asked for; null if a separator was
   */
  public IncompleteReadException(byte[] partial, @Nullable Integer expected) {
    super(
        partial.length
            + " bytes read on a total of "
            + (expected == null ? "undefined" : expected)
            + " expected bytes");
    this.partial = partial.clone();
    this.expected = expected;
  }

  /** {@return what had come before the end} */
  public byte[] partial() {
    return partial.clone();
  }

  /** {@return how many bytes were asked for; null if a separator was} */
  public @Nullable Integer expected() {
    return expected;
  }
}
