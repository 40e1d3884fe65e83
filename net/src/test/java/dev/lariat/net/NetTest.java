package dev.lariat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Task;
import dev.lariat.TimerHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Tests with real sockets, on the loopback, each on every kind of loop. A test fails, too, if the
 * loop's exception handler was told what the test did not take, if tasks are left, or if a buffer
 * has leaked.
 *
 * <p>These run in real time. They wait for events and never for time to pass, but for what is
 * marked.
 */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(LoopKind.Provider.class)
@Timeout(60)
public abstract class NetTest {
  /** Of a test that hangs; there may be little of the machine. Less than the time limit above. */
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  protected static final Duration SHORT = Duration.ofMillis(20);

  @Parameter protected LoopKind kind;

  protected EventLoop loop;
  private final List<ExceptionContext> reports = new ArrayList<>();

  /** By a program that takes its time, for which no loop is to wait. */
  @BeforeAll
  static void makeCertificates() {
    Certificates.good();
  }

  @BeforeEach
  final void makeLoop() {
    loop = kind.newLoop();
    loop.setExceptionHandler((_, context) -> reports.add(context));
  }

  @AfterEach
  final void closeLoop() {
    Set<Task<?>> left = Asyncio.allTasks(loop);
    left.removeIf(Task::done);
    kind.check(loop);
    loop.close();
    assertThat(left).as("tasks that the test left").isEmpty();
    assertThat(reports).as("reports that the test did not take").isEmpty();
  }

  @AfterAll
  static void noLeaks() throws InterruptedException {
    assertThat(Leaks.found()).as("leaked buffers").isEmpty();
  }

  protected final <T> T run(Coroutine<T> main) {
    TimerHandle patience = loop.callLater(PATIENCE, this::giveUp);
    try {
      return loop.runUntilComplete(main);
    } finally {
      patience.cancel();
    }
  }

  protected final void run(Action main) {
    run(main.toCoroutine());
  }

  /** A test that hangs says where, and fails. */
  private void giveUp() {
    Asyncio.allTasks(loop).forEach(task -> task.printStack(System.out));
    loop.stop();
  }

  protected final void needsAnyThread() {
    assumeTrue(kind.anyThread(), () -> "a loop of " + kind.name() + " belongs to one thread");
  }

  private static boolean isNio() {
    return "nio".equals(System.getProperty("lariat.net.transport"));
  }

  /** Skips a test where the JDK's selector is used. */
  protected static void needsMoreThanNio(String otherwise) {
    if (isNio()) {
      System.err.println("skipped: " + otherwise);
    }
    assumeFalse(isNio(), otherwise);
  }

  /** The JDK's selector closes a socket in its next wait, in real time. */
  protected static void letNioClose() {
    if (isNio()) {
      Asyncio.sleep(SHORT);
    }
  }

  protected final boolean hasReport() {
    return !reports.isEmpty();
  }

  /** What the exception handler was told since the last call. */
  protected final List<ExceptionContext> takeReports() {
    List<ExceptionContext> taken = List.copyOf(reports);
    reports.clear();
    return taken;
  }

  /** The one thing that the exception handler was told since the last call. */
  protected final ExceptionContext takeReport() {
    assertThat(reports).as("reports").hasSize(1);
    return reports.removeFirst();
  }

  /** Waits, in real time, until something has become so. */
  protected static void until(BooleanSupplier condition) {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      assertThat(i).as("waited too long").isLessThan(20_000);
      Asyncio.sleep(Duration.ofMillis(1));
    }
  }
}
