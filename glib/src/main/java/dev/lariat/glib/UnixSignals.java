package dev.lariat.glib;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Signals of the process, as sources of one main context. GLib leaves a signal to the system's
 * default when the last source of it goes; this puts back what the JVM did about it.
 */
final class UnixSignals {
  /** What GLib can watch, without USR2: the JVM stops threads with that. */
  private static final List<String> NAMES = List.of("HUP", "INT", "TERM", "USR1", "WINCH");

  private record Watched(Source source, int number, MemorySegment before) {
    void end() {
      source.destroy();
      Native.setSignalAction(number, before);
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
    Watched old = watched.remove(name);
    MemorySegment before = old == null ? Native.signalAction(number) : old.before;
    Source source = Source.signal(context, GLibPriority.HIGH, number, handler);
    if (old != null) {
      old.source.destroy();
    }
    watched.put(name, new Watched(source, number, before));
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
