package dev.lariat.glib;

import dev.lariat.event.Registration;
import dev.lariat.host.LentSignal;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** Signals of the process, as sources of a main context. */
final class UnixSignals {
  /** What GLib can watch, without USR2: the JVM stops threads with that. */
  private static final Set<String> NAMES = Set.of("HUP", "INT", "TERM", "USR1", "WINCH");

  private static final boolean UNIX = !System.getProperty("os.name", "").startsWith("Windows");

  private UnixSignals() {}

  /** Has {@code received} run by the context. Null if GLib cannot watch that signal. */
  static @Nullable Registration watch(long context, String name, Runnable received) {
    if (!UNIX || !NAMES.contains(name)) {
      return null;
    }
    int number = new Signal(name).getNumber();
    // One source, never attached and never freed, keeps GLib's handler: only the JVM's switch to it
    // and back again is to change what the process does about the signal.
    LentSignal lent = LentSignal.lend(name, () -> Native.signalSourceNew(number));
    Source source;
    try {
      source = Source.signal(context, GLibPriority.HIGH, number, received);
    } catch (Throwable error) {
      lent.close();
      throw error;
    }
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (!closed.getAndSet(true)) {
        source.destroy();
        lent.close();
      }
    };
  }
}
