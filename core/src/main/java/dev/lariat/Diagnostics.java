package dev.lariat;

import dev.lariat.internal.context.ContextCell;
import dev.lariat.internal.context.ThreadContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Where the errors of one loop go that nobody awaits, and what debug mode notices. */
final class Diagnostics {
  private static final Logger LOG = System.getLogger("dev.lariat");

  private static final Set<String> PACKAGES =
      Set.of(
          "dev.lariat",
          "dev.lariat.context",
          "dev.lariat.event",
          "dev.lariat.host",
          "dev.lariat.internal",
          "dev.lariat.queue",
          "dev.lariat.sync");

  private final EventLoop loop;
  private final Set<Failure> unretrieved = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean watched;
  private final Map<Object, Throwable> sources = Collections.synchronizedMap(new WeakHashMap<>());
  @Nullable ExceptionHandler handler;
  long slowCallbackNanos = 100_000_000;

  Diagnostics(EventLoop loop) {
    this.loop = loop;
  }

  static void log(Level level, String message) {
    LOG.log(level, message);
  }

  static void log(Level level, String message, Throwable error) {
    LOG.log(level, message, error);
  }

  /** Whether nobody is to be told of {@code error} but who runs the loop: it ends the run. */
  static boolean isFatal(Throwable error) {
    return error instanceof KeyboardInterrupt
        || (error instanceof VirtualMachineError && !(error instanceof StackOverflowError));
  }

  // -- the exception handler ---------------------------------------------------------------------

  void report(ExceptionContext context) {
    reportIn(cellOf(context), context);
  }

  private void reportIn(@Nullable ContextCell inner, ExceptionContext context) {
    ExceptionHandler custom = handler;
    if (custom == null) {
      reportByDefault(context);
      return;
    }
    ThreadContext thread = ThreadContext.current();
    ContextCell outer = thread.cell;
    thread.cell = inner == null ? outer : inner;
    try {
      custom.handle(loop, context);
    } catch (Throwable error) {
      if (isFatal(error)) {
        throw error;
      }
      if (context.exception() != null && context.exception() != error) {
        error.addSuppressed(context.exception());
      }
      reportByDefault(ExceptionContext.of("Unhandled error in exception handler", error));
    } finally {
      thread.cell = outer;
    }
  }

  private static @Nullable ContextCell cellOf(ExceptionContext context) {
    if (context.task() != null) {
      return context.task().contextCell();
    }
    return context.handle() != null ? context.handle().cell() : null;
  }

  private void reportByDefault(ExceptionContext context) {
    try {
      loop.defaultExceptionHandler(context);
      Turns turns = loop.scheduler.turns;
      if (turns != null && context.exception() != null) {
        turns.host().uncaught(context.exception());
      }
    } catch (Throwable error) {
      if (isFatal(error)) {
        throw error;
      }
      LOG.log(Level.ERROR, "Exception in default exception handler", error);
    }
  }

  static void logContext(ExceptionContext context) {
    StringBuilder text = new StringBuilder(context.message());
    for (Object detail : new Object[] {context.future(), context.task(), context.handle()}) {
      if (detail != null) {
        text.append("\n  ").append(detail);
      }
    }
    if (context.source() != null) {
      text.append("\n  created at:");
      for (StackTraceElement frame : context.source().getStackTrace()) {
        text.append("\n    ").append(frame);
      }
    }
    LOG.log(Level.ERROR, text.toString(), context.exception());
  }

  void reportCallback(Object item, Throwable error) {
    String message = "Exception in callback " + item;
    report(
        item instanceof Handle handle
            ? new ExceptionContext(message, error, null, null, handle, handle.source())
            : ExceptionContext.of(message, error));
  }

  void reportDestroyed(Task<?> task) {
    if (!task.silent) {
      report(ExceptionContext.of("Task was destroyed but it is pending!", null, task));
    }
  }

  void reportLost(List<Task<?>> tasks) {
    List<Task<?>> lost = tasks.stream().filter(task -> !task.silent).toList();
    if (!lost.isEmpty()) {
      report(
          ExceptionContext.of(
              Objects.requireNonNull(loop.scheduler.turns).host()
                  + " has ended, and the event loop that was a guest on it. Lost are, without their"
                  + " finally blocks: "
                  + lost
                  + ". End the application, or close the loop, before the toolkit.",
              null));
    }
  }

  void reportIfSlow(Object item, long nanos) {
    if (nanos >= slowCallbackNanos) {
      LOG.log(Level.WARNING, "Executing %s took %.3f seconds".formatted(item, nanos / 1e9));
    }
  }

  /** What debug mode keeps to say where something was made: ten frames of the caller. */
  static Throwable source() {
    Throwable source = new Throwable("created here");
    List<StackTraceElement> frames =
        java.util.Arrays.stream(source.getStackTrace())
            .dropWhile(frame -> isLariat(frame.getClassName()))
            .limit(10)
            .toList();
    source.setStackTrace(frames.toArray(new StackTraceElement[0]));
    return source;
  }

  /** In debug mode, remembers where {@code future} is being made. */
  void noteSource(Future<?> future) {
    if (loop.scheduler.debug) {
      sources.put(future, source());
    }
  }

  @Nullable Throwable sourceOf(Future<?> future) {
    return sources.isEmpty() ? null : sources.get(future);
  }

  /** In debug mode, a callback that remembers where it is being scheduled. */
  Runnable traced(Runnable callback) {
    Objects.requireNonNull(callback, "callback");
    return loop.scheduler.debug ? new TracedCallback(callback, source()) : callback;
  }

  static String createdAt(@Nullable Throwable source) {
    return source == null || source.getStackTrace().length == 0
        ? ""
        : " created at " + source.getStackTrace()[0];
  }

  /** The value of a future, in a text about that. */
  static String shortText(@Nullable Object value) {
    String text;
    if (value instanceof Future<?> future) {
      text = future.brief();
    } else {
      try {
        text = String.valueOf(value);
      } catch (StackOverflowError containsItself) { // by way of a future in it
        text = "...";
      }
    }
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  /** From now on, warns if the loop is collected without having been closed. */
  void watchForUnclosed() {
    if (!watched) {
      watched = true;
      AtomicBoolean isClosed = closed;
      var _ =
          CleanerHolder.CLEANER.register(
              loop,
              () -> {
                if (!isClosed.get()) {
                  log(Level.WARNING, "unclosed event loop: call close(), or use Asyncio.run(...)");
                }
              });
    }
  }

  private static boolean isLariat(String className) {
    String inPackage = className.substring(0, Math.max(0, className.lastIndexOf('.')));
    return PACKAGES.contains(inPackage) || inPackage.startsWith("dev.lariat.internal.");
  }

  // -- failures that nobody looked at
  // --------------------------------------------------------------

  /**
   * Watches a failure until somebody retrieves it: reported when its future is collected, or by
   * {@link #close}; at once if it is a task's that nobody waits for, in debug mode or if it was a
   * toolkit's callback that started it.
   */
  Failure track(Future<?> future, Throwable exception, boolean awaited) {
    Failure failure =
        new Failure(this, exception, future.label(), future.source(), future.contextCell());
    unretrieved.add(failure);
    failure.cleanable = CleanerHolder.CLEANER.register(future, failure::onCollected);
    if (!awaited
        && future instanceof Task<?> task
        && (loop.scheduler.debug || task.startedByToolkit)) {
      failure.reportOnce();
    }
    return failure;
  }

  /** Reports what is left. The cleaner's thread does so itself once {@link #closed} says so. */
  void close() {
    reportUnretrieved();
    closed.set(true);
    reportUnretrieved();
  }

  private void reportUnretrieved() {
    for (Failure failure : unretrieved) {
      failure.reportOnce();
    }
  }

  /** The one cleaner, and so the one thread of it. */
  static Cleaner cleaner() {
    return CleanerHolder.CLEANER;
  }

  private static final class CleanerHolder {
    static final Cleaner CLEANER = Cleaner.create();
  }

  /**
   * The failed outcome of a future. Knows whether anybody retrieved it, and never refers to the
   * future.
   */
  static final class Failure {
    private final Diagnostics diagnostics;
    final Throwable exception;
    private final String label;
    private final @Nullable Throwable source;
    private final @Nullable ContextCell context;
    private Cleaner.@Nullable Cleanable cleanable;

    private Failure(
        Diagnostics diagnostics,
        Throwable exception,
        String label,
        @Nullable Throwable source,
        @Nullable ContextCell context) {
      this.context = context;
      this.diagnostics = diagnostics;
      this.exception = exception;
      this.label = label;
      this.source = source;
    }

    Throwable retrieve() {
      if (cleanable != null) {
        diagnostics.unretrieved.remove(this);
        cleanable.clean();
        cleanable = null;
      }
      return exception;
    }

    /** On the cleaner's thread. Also called by {@link #retrieve}, which has removed it by then. */
    private void onCollected() {
      if (diagnostics.unretrieved.contains(this)) {
        try {
          diagnostics.loop.callSoonThreadsafe(this::reportOnce);
        } catch (IllegalStateException loopClosed) {
          if (diagnostics.closed.get()) {
            reportOnce();
          }
        }
      }
    }

    void reportOnce() {
      if (diagnostics.unretrieved.remove(this)) {
        diagnostics.reportIn(
            context,
            new ExceptionContext(
                label + " exception was never retrieved", exception, null, null, null, source));
      }
    }
  }
}
