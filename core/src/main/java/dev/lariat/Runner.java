package dev.lariat;

import dev.lariat.context.Context;
import dev.lariat.internal.Interrupts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs several coroutines, one after the other, in one event loop and one context. Models {@code
 * asyncio.Runner}.
 *
 * <p><i>Thread</i>: one, which runs no other loop meanwhile.
 */
public final class Runner implements AutoCloseable {
  private static final Duration JOIN_LIMIT = Duration.ofMinutes(5);

  private enum State {
    CREATED,
    INITIALIZED,
    CLOSED
  }

  private final @Nullable Boolean debug;
  private final @Nullable Supplier<? extends EventLoop> loopFactory;
  private State state = State.CREATED;
  private @Nullable EventLoop loop;
  private @Nullable Context context;

  /** Makes a runner with the usual event loop. */
  public Runner() {
    this(null, null);
  }

  /**
   * Makes a runner.
   *
   * @param debug whether its loop is in debug mode; null leaves it as the loop is made
   * @param loopFactory makes the loop when it is first needed; null for the usual one
   */
  public Runner(@Nullable Boolean debug, @Nullable Supplier<? extends EventLoop> loopFactory) {
    this.debug = debug;
    this.loopFactory = loopFactory;
  }

  private EventLoop init() {
    if (state == State.CLOSED) {
      throw new IllegalStateException("Runner is closed");
    }
    if (loop == null) {
      if (loopFactory == null) {
        loop = Asyncio.newEventLoop();
        Asyncio.setEventLoop(loop);
      } else {
        loop = Objects.requireNonNull(loopFactory.get(), "the loop factory returned null");
      }
      if (debug != null) {
        loop.setDebug(debug);
      }
      context = Context.copyContext();
      state = State.INITIALIZED;
    }
    return loop;
  }

  /**
   * The loop, made if need be. Models {@code Runner.get_loop}.
   *
   * @return the loop
   * @throws IllegalStateException if this is closed
   */
  public EventLoop getLoop() {
    return init();
  }

  /**
   * Runs {@code main} to its end. Models {@code Runner.run}.
   *
   * <p>In the main thread the first Ctrl-C cancels {@code main}; a second one ends the loop and
   * interrupts the thread; a third ends the process.
   *
   * @param <T> the type of the value
   * @param main the program
   * @return its value
   * @throws IllegalStateException if a loop is running in this thread, or this is closed
   * @throws KeyboardInterrupt if Ctrl-C ended the program
   */
  public <T extends @Nullable Object> T run(Awaitable<T> main) {
    return run(main, null);
  }

  /**
   * Runs {@code main}, as {@link #run(Awaitable)} does.
   *
   * @param main the program
   */
  public void run(Action main) {
    run(main.toCoroutine(), null);
  }

  /**
   * Runs {@code main} in a context of its own.
   *
   * @param <T> the type of the value
   * @param main the program
   * @param ownContext the context; null for the one that all runs of this runner share
   * @return its value
   */
  public <T extends @Nullable Object> T run(Awaitable<T> main, @Nullable Context ownContext) {
    Objects.requireNonNull(main, "main");
    if (EventLoop.running() != null) {
      throw new IllegalStateException("Runner.run() cannot be called from a running event loop");
    }
    EventLoop home = init();
    TaskOptions options =
        TaskOptions.DEFAULT.withContext(ownContext == null ? context : ownContext);
    Task<T> task = home.createTask(options, Futures.coroutine(main));
    CtrlC ctrlC = new CtrlC(home, task);
    try (Interrupts.Registration _ = Interrupts.onInterrupt(ctrlC::pressed)) {
      return home.runUntilComplete(task);
    } catch (KeyboardInterrupt second) {
      boolean _ = Thread.interrupted(); // it was Ctrl-C that did it
      throw second;
    } catch (CancelledError cancelled) {
      if (ctrlC.count.get() > 0 && task.uncancel() == 0) {
        throw new KeyboardInterrupt();
      }
      throw cancelled;
    }
  }

  /** What Ctrl-C does while {@link #run} runs. */
  private static final class CtrlC {
    private final EventLoop loop;
    private final Task<?> main;
    private final Thread thread = Thread.currentThread();
    private final AtomicInteger count = new AtomicInteger();

    CtrlC(EventLoop loop, Task<?> main) {
      this.loop = loop;
      this.main = main;
    }

    /** On the JVM's signal thread. Returns false to let the JVM end the process. */
    boolean pressed() {
      int presses = count.incrementAndGet();
      if (presses == 1) {
        loop.callSoonThreadsafe(main::cancel);
      } else if (presses == 2) {
        thread.interrupt(); // before run() can end, which clears it
        loop.callSoonThreadsafe(() -> {
          throw new KeyboardInterrupt();
        });
      }
      return presses <= 2;
    }
  }

  /**
   * Ends what is left and closes the loop; a second call does nothing. Models {@code Runner.close}.
   *
   * <p>All remaining tasks are cancelled and run to their end; one that fails is reported. Then the
   * asynchronous generators are closed, and the default executor is shut down and joined for up to
   * five minutes.
   */
  @Override
  public void close() {
    EventLoop home = loop;
    if (state != State.INITIALIZED || home == null) {
      return;
    }
    try {
      cancelAllTasks(home);
      home.runUntilComplete(home::shutdownAsyncgens);
      home.runUntilComplete(() -> home.shutdownDefaultExecutor(JOIN_LIMIT));
    } finally {
      if (loopFactory == null) {
        Asyncio.setEventLoop(null);
      }
      home.close();
      loop = null;
      state = State.CLOSED;
    }
  }

  private static void cancelAllTasks(EventLoop loop) {
    List<Task<?>> tasks = loop.scheduler.tasks.snapshot();
    if (tasks.isEmpty()) {
      return;
    }
    tasks.forEach(Future::cancel);
    loop.runUntilComplete(() -> Asyncio.gatherReturnExceptions(tasks).await());
    for (Task<?> task : tasks) {
      Throwable error = task.cancelled() ? null : task.exception();
      if (error != null) {
        loop.callExceptionHandler(
            ExceptionContext.of("unhandled exception during asyncio.run() shutdown", error, task));
      }
    }
  }
}
