package dev.lariat.net;

import java.io.IOException;

/**
 * A reader and a writer: the pair that {@code asyncio.open_connection} returns. Closing it, as a
 * {@code try} statement does, closes the writer and waits until that is closed.
 *
 * @param reader what the peer sends
 * @param writer what is sent to the peer
 */
public record Connection(StreamReader reader, StreamWriter writer) implements AutoCloseable {
  /**
   * Closes the writer, and waits for it.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: yes; the connection is closed all the same.
   *
   * @throws IOException if the connection broke
   */
  @Override
  public void close() throws IOException {
    writer.close();
    try {
      writer.waitClosed();
    } catch (IOException broke) { // which reading may have thrown: nothing can suppress itself
      throw new IOException("The connection broke: " + broke.getMessage(), broke);
    }
  }
}
