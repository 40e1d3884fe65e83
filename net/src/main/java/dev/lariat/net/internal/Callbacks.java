package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.KeyboardInterrupt;
import java.lang.System.Logger;
import org.jspecify.annotations.Nullable;

/** Calls of a user's code from inside Netty's, and what becomes of what they throw. */
public final class Callbacks {
  public static final Logger LOG = System.getLogger("dev.lariat.net");

  private Callbacks() {}

  /** Runs {@code callback} and returns what it threw, except what must leave the loop. */
  public static @Nullable Throwable run(EventLoop loop, Runnable callback) {
    try {
      callback.run();
      return null;
    } catch (Throwable error) {
      if (isFatal(error)) {
        loop.callSoon(() -> {
          throw error instanceof Error fatal ? fatal : new AssertionError(error);
        });
        return null;
      }
      return error;
    }
  }

  /** As asyncio: these leave the loop. Netty would catch them, the loop itself does not. */
  private static boolean isFatal(Throwable error) {
    return error instanceof KeyboardInterrupt
        || (error instanceof VirtualMachineError && !(error instanceof StackOverflowError));
  }

  /** Runs {@code callback}, and reports what it throws. */
  public static void runAndReport(EventLoop loop, Runnable callback, String message) {
    Throwable error = run(loop, callback);
    if (error != null) {
      report(loop, message, error);
    }
  }

  public static void report(EventLoop loop, String message, Throwable error) {
    loop.callExceptionHandler(new ExceptionContext(message, error, null, null, null, null));
  }
}
