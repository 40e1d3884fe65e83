package dev.lariat.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The lines of a reader, one ahead at most. */
final class LineIterator implements Iterator<String> {
  private final StreamReader reader;
  private @Nullable String next;
  private boolean over;

  LineIterator(StreamReader reader) {
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    if (next == null && !over) {
      try {
        next = reader.readLine();
        over = next == null;
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
    return !over;
  }

  @Override
  public String next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("the stream has ended");
    }
    String line = next;
    next = null;
    return line;
  }
}
