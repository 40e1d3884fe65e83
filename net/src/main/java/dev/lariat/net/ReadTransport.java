package dev.lariat.net;

/**
 * A transport to receive from. Models {@code asyncio.ReadTransport}.
 *
 * <p><i>Thread</i>: the loop's.
 */
public interface ReadTransport extends BaseTransport {
  /** {@return whether it is receiving; models {@code is_reading}} */
  boolean isReading();

  /** Receives no more until {@link #resumeReading}. Models {@code pause_reading}. */
  void pauseReading();

  /** Receives again. Models {@code resume_reading}. */
  void resumeReading();
}
