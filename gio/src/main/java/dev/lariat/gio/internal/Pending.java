package dev.lariat.gio.internal;

import dev.lariat.EventLoop;
import dev.lariat.glib.GLibHost;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.gnome.glib.MainContext;

/**
 * How many operations of a loop are under way. They have been cancelled when the loop is closed,
 * but GIO calls each back through the main context, and a context of the loop's own nobody runs any
 * more: what they hold, and the context itself, would never be freed. So the last thing a loop does
 * on such a context is to run it until they have ended. The default one is the application's, to
 * run or not.
 */
final class Pending implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.lariat");

  /**
   * Nearly all end at once when cancelled; one that does not is not worth more of the user's time.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

  private final MemorySegment context = Objects.requireNonNull(GLibHost.current()).context();
  private int count;

  private Pending() {}

  static Pending of(EventLoop loop) {
    return loop.attachment(Pending.class, _ -> new Pending());
  }

  void begun() {
    count++;
  }

  void ended() {
    count--;
  }

  @Override
  public void close() {
    MainContext own = new MainContext(context);
    if (count == 0 || own.equals(MainContext.default_())) {
      return;
    }
    own.pushThreadDefault(); // for what the operations begin in their turn
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (count > 0 && System.nanoTime() - deadline < 0) {
        if (!own.iteration(false)) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    } finally {
      own.popThreadDefault();
    }
    if (count > 0) {
      LOG.log(
          Level.WARNING,
          "{0} GIO operations have not ended, though cancelled, and what they hold is lost:"
              + " their event loop is closed, and the main context was its own.",
          count);
    }
  }
}
