package dev.lariat.acceptance.several;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.ExceptionGroup;
import dev.lariat.ScopedVoidBlock;
import dev.lariat.Task;
import dev.lariat.TaskGroup;
import dev.lariat.host.DeadlockException;
import dev.lariat.host.Poller;
import dev.lariat.host.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the tests of scopes, of waiting and of synchronisation say again and again. */
public final class Programs {
  /** Longer than any test: what sleeps this long is meant to be cancelled. */
  public static final Duration LONG = Duration.ofHours(1);

  private Programs() {}

  /** An exception that only tests throw. */
  public static final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
      super(message);
    }
  }

  /** Runs {@code main} on virtual time. */
  public static void run(Action main) {
    Asyncio.run(main.toCoroutine(), Programs::newLoop);
  }

  public static EventLoop newLoop() {
    return new EventLoop(new VirtualTime());
  }

  public static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  /** The clock of the running loop. */
  public static Duration now() {
    return Asyncio.getRunningLoop().time();
  }

  /** Lets everything that is ready run once. */
  public static void tick() {
    Asyncio.sleep(Duration.ZERO);
  }

  public static void ticks(int count) {
    for (int i = 0; i < count; i++) {
      tick();
    }
  }

  /**
   * {@link Asyncio#taskGroup}, where javac cannot tell which one is meant: for a body that always
   * throws, or that is an expression.
   */
  public static void group(ScopedVoidBlock<TaskGroup, Exception> body) throws Exception {
    Asyncio.taskGroup(body);
  }

  /** What a group with {@code body} throws. */
  public static ExceptionGroup errorsOf(ScopedVoidBlock<TaskGroup, Exception> body) {
    return catchThrowableOfType(ExceptionGroup.class, () -> group(body));
  }

  /** A coroutine that throws {@code error} after {@code delay}. */
  public static Action failing(Duration delay, Throwable error) {
    return () -> {
      Asyncio.sleep(delay);
      throw sneak(error);
    };
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneak(Throwable error) throws E {
    throw (E) error;
  }

  /**
   * The time on the clock when {@code main} has run and nothing is left to wait for: a timer that
   * was left behind would move the clock.
   */
  public static Duration timeOfDeadlockAfter(Action main) {
    EventLoop loop = newLoop();
    Task<Void> task =
        loop.createTask(() -> {
          main.run();
          loop.createFuture().await();
        });
    assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(DeadlockException.class);
    Duration time = loop.time();
    task.cancel();
    assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(CancelledError.class);
    loop.close();
    return time;
  }

  /** What the running loop's exception handler will be told from now on. */
  public static List<ExceptionContext> reports() {
    return reports(Asyncio.getRunningLoop());
  }

  /** What the exception handler of {@code loop} will be told from now on. */
  public static List<ExceptionContext> reports(EventLoop loop) {
    List<ExceptionContext> reports = new ArrayList<>();
    loop.setExceptionHandler((where, context) -> reports.add(context));
    return reports;
  }

  /** A virtual clock that a test can push on while a task runs, as if the task were slow. */
  public static final class BusyClock implements Poller {
    private long now;

    public void spend(Duration time) {
      now += time.toNanos();
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void poll(long nanos) {
      if (nanos < 0) {
        throw new DeadlockException();
      }
      now += nanos;
    }

    @Override
    public void wakeup() {}
  }
}
