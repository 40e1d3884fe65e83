package dev.lariat.gio;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.glib.GLibEventLoop;
import java.time.Duration;
import java.util.Set;
import org.gnome.gio.Application;
import org.gnome.glib.MainContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link Application}, whose {@code run} stays the main loop, with an event loop as its
 * guest: its signal handlers and actions start tasks.
 *
 * <pre>{@code
 * Application application = new Application("org.example.App", ApplicationFlags.DEFAULT_FLAGS);
 * application.onActivate(() -> {
 *   Button button = ...;
 *   button.onClicked(() -> createTask(() -> label.setText(fetch(url))));
 * });
 * System.exit(Applications.run(application, args));
 * }</pre>
 */
public final class Applications {
  private static final Duration JOIN_LIMIT = Duration.ofMinutes(5);

  private Applications() {}

  /**
   * Runs an application to its end, on a new loop. When it quits, by its last window say, what
   * tasks are left are cancelled, and waited for. Models PyGObject's {@code Application.run}, and
   * ends as {@code asyncio.run} does.
   *
   * <p><i>Thread</i>: the one that has the default main context.
   *
   * @param application the application; a GTK one too
   * @param args its arguments
   * @return its exit status
   */
  public static int run(Application application, String... args) {
    try (GLibEventLoop loop = new GLibEventLoop()) {
      return run(loop, application, args);
    }
  }

  /**
   * Runs an application to its end, on a loop of one's own making.
   *
   * @param loop a loop on the default main context; attached meanwhile, and closed by the caller
   * @param application the application
   * @param args its arguments
   * @return its exit status
   */
  public static int run(GLibEventLoop loop, Application application, String... args) {
    loop.attach();
    MainContext context = MainContext.default_();
    acquire(context);
    try {
      return application.run(args);
    } finally {
      finish(loop);
      context.release();
    }
  }

  /**
   * An application does not run at all if another thread has its context at that moment; and the
   * one that frees java-gi's objects does, now and then, while nobody runs it.
   */
  @SuppressWarnings("ThreadPriorityCheck") // no more is asked of the yield than to be polite
  private static void acquire(MainContext context) {
    while (!context.acquire()) {
      Thread.yield();
    }
  }

  /** As Runner.close does, but on the main context that the loop is attached to. */
  private static void finish(EventLoop loop) {
    Set<Task<?>> left = Asyncio.allTasks(loop);
    left.forEach(Task::cancel);
    left.forEach(task -> iterateUntilDone(loop, task));
    iterateUntilDone(
        loop,
        loop.createTask(() -> {
          loop.shutdownAsyncgens();
          loop.shutdownDefaultExecutor(JOIN_LIMIT);
        }));
  }

  private static void iterateUntilDone(EventLoop loop, Task<?> task) {
    MainContext context = MainContext.default_();
    while (!task.done()) {
      if (!loop.isRunning()) {
        loop.attach(); // again: somebody has stopped it
      }
      context.iteration(true);
    }
  }

  /**
   * Makes a task that holds the application until it is done: that keeps running without a window
   * meanwhile. Models PyGObject's {@code Application.create_asyncio_task}.
   *
   * @param <T> the type of the value
   * @param application the application
   * @param coroutine the body
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> createTask(
      Application application, Coroutine<T> coroutine) {
    Task<T> task = Asyncio.createTask(coroutine);
    application.hold();
    task.addDoneCallback(_ -> application.release());
    return task;
  }

  /**
   * Makes a task without a value that holds the application until it is done.
   *
   * @param application the application
   * @param coroutine the body
   * @return the task
   */
  public static Task<Void> createTask(Application application, Action coroutine) {
    return createTask(application, coroutine.toCoroutine());
  }
}
