package dev.lariat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** What the parts of the contract share: the loop, the order of events, and what was reported. */
abstract class ContractFixture {
  /** Other threads, started as work of the loop: so virtual time waits for them. */
  static final Executor THREADS = work -> new Thread(work, "contract").start();

  private @Nullable EventLoop loop;
  private List<String> events = new ArrayList<>();
  private List<ExceptionContext> reports = new ArrayList<>();

  /** Runs {@code test} with a loop, closes that, and fails if it reported what no test took. */
  final void runWith(EventLoop newLoop, Executable test) throws Throwable {
    loop = newLoop;
    events = new ArrayList<>();
    reports = new ArrayList<>();
    try (newLoop) {
      newLoop.setExceptionHandler((_, report) -> reports.add(report));
      test.execute();
    }
    assertEquals(List.of(), reports, "what the loop's exception handler was told");
  }

  final EventLoop loop() {
    return Objects.requireNonNull(loop);
  }

  final void run(Action main) {
    loop().runUntilComplete(main);
  }

  /** Runs all that is ready, and what that makes ready, for {@code iterations} iterations. */
  final void iterate(int iterations) {
    for (int i = 0; i < iterations; i++) {
      loop().stop();
      loop().runForever();
    }
  }

  /** A delay; short, since it is real on most loops. */
  static Duration ms(int milliseconds) {
    return Duration.ofMillis(milliseconds);
  }

  final void log(@Nullable Object event) {
    events.add(String.valueOf(event));
  }

  final Runnable logging(Object event) {
    return () -> log(event);
  }

  /** Compares what was logged since the last look. */
  final void assertLog(Object... expected) {
    List<String> logged = events;
    events = new ArrayList<>();
    assertEquals(Arrays.stream(expected).map(String::valueOf).toList(), logged);
  }

  /** The only report since the last look. */
  final ExceptionContext takeReport() {
    assertEquals(1, reports.size(), () -> "reports: " + reports);
    return reports.removeFirst();
  }
}
