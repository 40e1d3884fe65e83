package dev.lariat.internal.coroutine;

/** A coroutine could not be suspended where it stands; the message says why and what to do. */
public final class SuspensionException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  SuspensionException(String message) {
    super(message);
  }
}
