package dev.lariat;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** What other modules keep with a loop, by type, in the order it was made. */
final class Attachments {
  private final Map<Class<?>, AutoCloseable> byType = new LinkedHashMap<>();

  <A extends AutoCloseable> A get(Class<A> type, Supplier<? extends A> make) {
    AutoCloseable found = byType.get(type);
    if (found == null) {
      found = Objects.requireNonNull(make.get());
      byType.put(type, found);
    }
    return type.cast(found);
  }

  /** Closes all, the last one first; what fails does not keep the others open. */
  void close() {
    List<AutoCloseable> all = new ArrayList<>(byType.values());
    byType.clear();
    for (AutoCloseable one : all.reversed()) {
      try {
        one.close();
      } catch (Exception error) {
        Diagnostics.log(Level.ERROR, "Closing " + one + " with its event loop failed", error);
      }
    }
  }
}
