package dev.lariat.glib;

import dev.lariat.host.LentSignal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** Signals of the process, as sources of one main context. */
final class UnixSignals {
  /** What GLib can watch, without USR2: the JVM stops threads with that. */
  private static final List<String> NAMES = List.of("HUP", "INT", "TERM", "USR1", "WINCH");

  private record Watched(Source source, LentSignal signal) {
    void end() {
      source.destroy();
      signal.close();
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
    // One source, never attached and never freed, keeps GLib's handler: only the JVM's switch to it
    // and back again is to change what the process does about the signal.
    LentSignal lent = LentSignal.lend(name, () -> Native.signalSourceNew(number));
    Source source;
    try {
      source = Source.signal(context, GLibPriority.HIGH, number, handler);
    } catch (Throwable error) {
      lent.close();
      throw error;
    }
    @Nullable Watched old = watched.put(name, new Watched(source, lent));
    if (old != null) {
      old.end();
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
