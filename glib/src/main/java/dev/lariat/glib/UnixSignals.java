package dev.lariat.glib;

import dev.lariat.host.LentSignal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Signals of the process, as sources of one main context. GLib leaves a signal to the system's
 * default when the last source of it goes; this puts back what the JVM did about it.
 */
final class UnixSignals {
  /** What GLib can watch, without USR2: the JVM stops threads with that. */
  private static final List<String> NAMES = List.of("HUP", "INT", "TERM", "USR1", "WINCH");

  /** Of all contexts: what is done about a signal is the process's. Also the lock for that. */
  private static final Map<String, Borrowed> BORROWED = new HashMap<>();

  /** A signal that GLib has, for as many contexts. */
  private static final class Borrowed {
    final LentSignal signal;
    int contexts;

    Borrowed(String name) {
      signal = LentSignal.lend(name);
    }
  }

  private record Watched(Source source, String name) {
    void end() {
      synchronized (BORROWED) {
        source.destroy();
        Borrowed borrowed = Objects.requireNonNull(BORROWED.get(name));
        if (--borrowed.contexts == 0) {
          BORROWED.remove(name);
          borrowed.signal.close();
        }
      }
    }
  }

  private final long context;
  private final Map<String, Watched> watched = new HashMap<>();

  UnixSignals(long context) {
    this.context = context;
  }

  void add(String name, Runnable handler) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "No handler can be set for the signal "
              + name
              + ": GLib and the JVM leave "
              + String.join(", ", NAMES)
              + ".");
    }
    int number = new Signal(name).getNumber();
    synchronized (BORROWED) {
      BORROWED.computeIfAbsent(name, Borrowed::new).contexts++;
      Source source = Source.signal(context, GLibPriority.HIGH, number, handler);
      Watched old = watched.put(name, new Watched(source, name));
      if (old != null) {
        old.end();
      }
    }
  }

  boolean remove(String name) {
    @Nullable Watched old = watched.remove(name);
    if (old != null) {
      old.end();
    }
    return old != null;
  }

  void close() {
    watched.values().forEach(Watched::end);
    watched.clear();
  }
}
