package dev.lariat.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.host.VirtualTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * A loop in virtual time for each test. What its exception handler is told must be taken by the
 * test: a report that nobody expected is a failure.
 */
@Timeout(60)
public abstract class LoopTest {
  protected final EventLoop loop = newLoop();
  protected final Trace trace = new Trace();
  private final List<ExceptionContext> reports = Collections.synchronizedList(new ArrayList<>());

  protected static EventLoop newLoop() {
    return new EventLoop(new VirtualTime());
  }

  @BeforeEach
  final void collectReports() {
    loop.setExceptionHandler((of, context) -> reports.add(context));
  }

  @AfterEach
  final void closeLoop() {
    loop.close();
    assertThat(reports).as("reports that the test did not take").isEmpty();
  }

  /** Runs {@code main} in a task, to its end. */
  protected final <T> T run(Coroutine<T> main) {
    return loop.runUntilComplete(main);
  }

  /** Runs {@code main} in a task, to its end. */
  protected final void run(Action main) {
    loop.runUntilComplete(main);
  }

  /** Runs just what is ready now. */
  protected final void iterate() {
    loop.stop();
    loop.runForever();
  }

  /** What the exception handler was told since the last call. */
  protected final List<ExceptionContext> takeReports() {
    List<ExceptionContext> taken = List.copyOf(reports);
    reports.clear();
    return taken;
  }

  /** The one thing that the exception handler was told since the last call. */
  protected final ExceptionContext takeReport() {
    List<ExceptionContext> taken = takeReports();
    assertThat(taken).hasSize(1);
    return taken.getFirst();
  }

  /** Runs the garbage collector until {@code reached}, or for some five seconds. */
  protected static void collectGarbageUntil(BooleanSupplier reached) {
    for (int i = 0; i < 150 && !reached.getAsBoolean(); i++) {
      System.gc();
      try {
        Thread.sleep(20); // real time: the cleaner's thread works meanwhile
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Runs {@code body} in another thread, and waits for it. Returns what it threw, or null. */
  protected static Throwable inOtherThread(Action body) {
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        Thread.ofPlatform()
            .name("other")
            .start(() -> {
              try {
                body.run();
              } catch (Throwable error) {
                thrown[0] = error;
              }
            });
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return thrown[0];
  }
}
