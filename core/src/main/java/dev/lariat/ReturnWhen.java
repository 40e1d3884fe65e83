package dev.lariat;

/** When {@link Asyncio#wait(java.util.Collection, java.time.Duration, ReturnWhen)} returns. */
public enum ReturnWhen {
  /** As soon as one is done. */
  FIRST_COMPLETED,
  /** As soon as one has failed (a cancelled one does not count), or all are done. */
  FIRST_EXCEPTION,
  /** When all are done. */
  ALL_COMPLETED
}
