package dev.lariat.glib;

import java.lang.foreign.MemorySegment;
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
  private static final Map<Integer, Borrowed> BORROWED = new HashMap<>();

  /** A signal that GLib has, for as many contexts, and what the JVM did about it. */
  private static final class Borrowed {
    final MemorySegment before;
    int contexts;

    Borrowed(int number) {
      before = Native.signalAction(number);
    }
  }

  private record Watched(Source source, int number) {
    void end() {
      synchronized (BORROWED) {
        source.destroy();
        Borrowed borrowed = Objects.requireNonNull(BORROWED.get(number));
        if (--borrowed.contexts == 0) {
          BORROWED.remove(number);
          Native.setSignalAction(number, borrowed.before);
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
      BORROWED.computeIfAbsent(number, Borrowed::new).contexts++;
      Source source = Source.signal(context, GLibPriority.HIGH, number, handler);
      Watched old = watched.put(name, new Watched(source, number));
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
