package dev.lariat.host;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.ReturnWhen;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import dev.lariat.internal.Failures;
import dev.lariat.internal.Interrupts;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An application on a toolkit's main loop, from its main coroutine to the end of its last task:
 * what {@code asyncio.run} is for a program. Models {@code PySide6.QtAsyncio.run}.
 *
 * <p>It ends when its last window is closed, when {@link #quit} is called, when its main coroutine
 * fails, or, unless it is to keep running, returns. Then tasks that {@linkplain #hold hold} it are
 * waited for; the others are waited for or cancelled, as its {@link ApplicationOptions} say.
 *
 * <p>Its last window counts where the host can tell of windows.
 *
 * <p><i>Thread</i>: the host's, where nothing else is said.
 */
public final class HostApplication implements AutoCloseable {
  private static final Map<EventLoop, HostApplication> OF = new ConcurrentHashMap<>();

  private final Host host;
  private final EventLoop loop;
  private final ApplicationOptions options;
  private final State<Boolean> ending = new State<>(false);
  private final State<Integer> holds = new State<>(0);
  private final AtomicInteger interrupts = new AtomicInteger();
  private @Nullable Task<?> main;
  private @Nullable Task<?> supervisor;

  private boolean attached;
  private Registration registration = () -> {};

  /** In {@link #close}, the host's main loop runs until the supervisor has ended. */
  private boolean closing;

  /** The supervisor of an attached application has ended. */
  private volatile boolean ended;

  private HostApplication(Host host, ApplicationOptions options) {
    if (runsLoop()) {
      throw new IllegalStateException(
          "An application cannot begin here: an event loop is running in this thread already."
              + " Make a task in that one, or end it first.");
    }
    this.host = Objects.requireNonNull(host, "host");
    this.options = Objects.requireNonNull(options, "options");
    loop = new EventLoop(host);
    if (options.debug() != null) {
      loop.setDebug(options.debug());
    }
  }

  // -- from beginning to end ---------------------------------------------------------------------

  /**
   * Runs an application to its end, on a new loop.
   *
   * <p><i>Thread</i>: the host's, which runs no loop.
   *
   * @param <T> the type of the value
   * @param host the main loop; it is run, and closed
   * @param options how the application lives and ends
   * @param body the main coroutine
   * @return the value of the main coroutine; null if the application ended before it
   * @throws IllegalStateException if a loop is running in this thread
   * @throws KeyboardInterrupt if Ctrl-C ended the application
   * @throws java.util.concurrent.CompletionException around a checked exception that the main
   *     coroutine failed with
   */
  public static <T extends @Nullable Object> @Nullable T run(
      Host host, ApplicationOptions options, Coroutine<T> body) {
    HostApplication application = new HostApplication(host, options);
    try (EventLoop loop = application.loop;
        Registration _ = application.begin()) {
      Task<T> main = application.start(body);
      loop.runUntilComplete(() -> application.supervise(main));
      return application.outcome(main);
    }
  }

  private <T extends @Nullable Object> @Nullable T outcome(Task<T> main) {
    if (interrupts.get() > 0) {
      throw new KeyboardInterrupt();
    }
    return main.done() && !main.cancelled() ? main.result() : null;
  }

  /**
   * Begins an application on the main loop that its toolkit runs already, and returns at once.
   *
   * @param host the main loop; closed at the end
   * @param options how the application lives and ends
   * @param body the main coroutine; its failure goes to the loop's exception handler
   * @param atEnd called when all has ended and the loop is closed: what ends the toolkit's main
   *     loop, say
   * @return the application
   * @throws IllegalStateException if a loop is running in this thread
   */
  public static HostApplication attach(
      Host host, ApplicationOptions options, Coroutine<?> body, Runnable atEnd) {
    Objects.requireNonNull(atEnd, "atEnd");
    HostApplication application = new HostApplication(host, options);
    Task<?> main = application.attach(body, atEnd);
    main.addDoneCallback(application::reportFailure);
    return application;
  }

  /**
   * Runs an application to its end on a main loop that its toolkit runs on another thread, and
   * waits for it on this one. Interrupting this thread does not end the wait.
   *
   * <p><i>Thread</i>: any but the host's.
   *
   * @param <T> the type of the value
   * @param hostThread runs something on the host's thread, soon
   * @param host the main loop; closed at the end
   * @param options how the application lives and ends
   * @param body the main coroutine
   * @param begun is given the application, on the host's thread
   * @return the value of the main coroutine; null if the application ended before it
   * @throws IllegalStateException if a loop is running in this thread or in the host's; or if the
   *     toolkit ended before the application did
   * @throws KeyboardInterrupt if Ctrl-C ended the application
   * @throws java.util.concurrent.CompletionException around a checked exception that the main
   *     coroutine failed with
   */
  public static <T extends @Nullable Object> @Nullable T run(
      Executor hostThread,
      Host host,
      ApplicationOptions options,
      Coroutine<T> body,
      Consumer<HostApplication> begun) {
    if (runsLoop()) {
      throw new IllegalStateException(
          "run() would block the event loop that runs in this thread, and all its tasks;"
              + " call it in toThread(...)");
    }
    CompletableFuture<HostApplication> end = new CompletableFuture<>();
    AtomicReference<@Nullable Task<T>> main = new AtomicReference<>();
    hostThread.execute(() -> {
      try {
        HostApplication application = new HostApplication(host, options);
        main.set(application.attach(body, () -> end.complete(application)));
        begun.accept(application);
      } catch (Throwable error) {
        end.completeExceptionally(error);
      }
    });
    HostApplication application;
    try {
      application = end.join();
    } catch (CompletionException notBegun) {
      throw Failures.<RuntimeException>sneak(Objects.requireNonNull(notBegun.getCause()));
    }
    if (!application.ended) {
      throw new IllegalStateException(
          host + " has ended, or the event loop on it was stopped, before the application ended");
    }
    return application.outcome(Objects.requireNonNull(main.get()));
  }

  private static boolean runsLoop() {
    try {
      Asyncio.getRunningLoop();
      return true;
    } catch (IllegalStateException none) {
      return false;
    }
  }

  private <T extends @Nullable Object> Task<T> attach(Coroutine<T> body, Runnable atEnd) {
    loop.attach(() -> {
      registration.close(); // the loop may have been stopped before the application ended
      loop.close();
      atEnd.run();
    });
    attached = true;
    registration = begin();
    Task<T> main = start(body);
    loop.createTask(TaskOptions.named("application"), () -> supervise(main))
        .addDoneCallback(supervisor -> {
          ended = true;
          registration.close();
          reportFailure(supervisor);
          loop.stop();
          if (closing) {
            host.quit();
          }
        });
    return main;
  }

  private Registration begin() {
    OF.put(loop, this);
    host.watchWindows(new Windows());
    Interrupts.Registration interrupt =
        options.handleSigint() ? Interrupts.onAnyThread(this::interrupted) : () -> {};
    return () -> {
      interrupt.close();
      OF.remove(loop);
    };
  }

  private <T extends @Nullable Object> Task<T> start(Coroutine<T> body) {
    Task<T> task = loop.createTask(TaskOptions.named("main"), body);
    task.addDoneCallback(this::mainEnded);
    main = task;
    return task;
  }

  private void mainEnded(Future<?> done) {
    boolean failed = done.cancelled() || done.exception() != null;
    if (failed || !options.keepRunning()) {
      quit();
    }
  }

  /** The task that all of an application's life is the run of. */
  private void supervise(Task<?> mainTask) {
    supervisor = Asyncio.currentTask();
    ending.await(end -> end);
    holds.await(count -> count == 0);
    Set<Task<?>> rest = Asyncio.allTasks(loop);
    rest.remove(supervisor);
    if (!rest.isEmpty()) {
      end(rest);
    }
    rest.remove(mainTask); // its failure is run's to throw
    rest.stream().filter(Future::done).forEach(this::reportFailure);
    loop.shutdownAsyncgens();
    loop.shutdownDefaultExecutor(options.grace());
  }

  private void end(Set<Task<?>> tasks) {
    if (options.lastWindow() == LastWindow.WAIT && interrupts.get() == 0) {
      Asyncio.waitFutures(tasks);
    } else {
      tasks.forEach(Task::cancel);
      Asyncio.waitFutures(tasks, options.grace(), ReturnWhen.ALL_COMPLETED);
    }
  }

  private void reportFailure(Future<?> done) {
    Throwable error = done.cancelled() ? null : done.exception();
    if (error != null) {
      Task<?> task = done instanceof Task<?> failed ? failed : null;
      loop.callExceptionHandler(
          new ExceptionContext(
              "unhandled exception at the end of the application", error, null, task, null, null));
    }
  }

  /** On the JVM's signal thread. Returns false to let the JVM end the process. */
  private boolean interrupted() {
    if (interrupts.getAndIncrement() > 0) {
      return false;
    }
    loop.callSoonThreadsafe(this::quit);
    return true;
  }

  // -- what an application asks of it ------------------------------------------------------------

  /**
   * {@return the application whose loop is the running one of this thread}
   *
   * @throws IllegalStateException if there is none
   */
  public static HostApplication current() {
    HostApplication application = OF.get(Asyncio.getRunningLoop());
    if (application == null) {
      throw new IllegalStateException(
          "The event loop of this thread belongs to no HostApplication:"
              + " begin with HostApplication.run(...) or attach(...).");
    }
    return application;
  }

  /** {@return the loop; it is closed at the end of the application} */
  public EventLoop getLoop() {
    return loop;
  }

  /**
   * Ends the application, as closing its last window does. A second call does nothing.
   *
   * <p><i>Suspends</i>: never; the end comes later.
   */
  public void quit() {
    ending.set(true);
  }

  /**
   * Ends the application, as {@link #quit} does, and returns when it has ended: for where the
   * toolkit says that it ends itself. The toolkit's main loop goes on meanwhile, nested.
   *
   * <p><i>Suspends</i>: never; it blocks its caller, a callback of the toolkit, for as long as the
   * tasks take to end: with {@link LastWindow#CANCEL} about the grace period at most.
   *
   * @throws IllegalStateException in a task, or if this application is not attached: call {@link
   *     #quit} there
   */
  @Override
  public void close() {
    if (ended || loop.isClosed()) {
      return;
    }
    if (!attached || Asyncio.currentTask() != null) {
      throw new IllegalStateException(
          "close() would wait for what it is called by: in a task, and for an application that"
              + " run(...) runs, call quit() instead");
    }
    quit();
    closing = true;
    host.run();
  }

  /**
   * Keeps the application from ending, until the hold is closed. Models {@code g_application_hold}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @return the hold
   */
  public Registration hold() {
    holds.set(holds.get() + 1);
    return new Registration() {
      private boolean closed;

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          holds.set(holds.get() - 1);
        }
      }
    };
  }

  /**
   * Makes a task that holds the application until it is done. Models PyGObject's {@code
   * Gio.Application.create_asyncio_task}.
   *
   * @param <T> the type of the value
   * @param coroutine the body
   * @return the task
   */
  public <T extends @Nullable Object> Task<T> createHoldingTask(Coroutine<T> coroutine) {
    Registration hold = hold();
    Task<T> task = loop.createTask(coroutine);
    task.addDoneCallback(_ -> hold.close());
    return task;
  }

  /**
   * Makes a task that holds the application until it is done.
   *
   * @param action the body
   * @return the task
   */
  public Task<Void> createHoldingTask(Action action) {
    return createHoldingTask(action.toCoroutine());
  }

  /** The policy for the last window. */
  private final class Windows implements WindowWatcher {
    @Override
    public boolean mayClose() {
      return options.lastWindow() != LastWindow.REFUSE || (holds.get() == 0 && !isBusy());
    }

    private boolean isBusy() {
      return Asyncio.allTasks(loop).stream().anyMatch(task -> task != main && task != supervisor);
    }

    @Override
    public void lastClosed() {
      quit();
    }
  }
}
