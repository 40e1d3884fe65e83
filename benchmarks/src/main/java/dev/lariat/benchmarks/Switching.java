package dev.lariat.benchmarks;

import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Action;
import dev.lariat.queue.Queue;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From one task to another. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {Lariat.EXPORTS, Lariat.OPENS})
public class Switching {
  private static final int COUNT = 100_000;
  private static final ContinuationScope SCOPE = new ContinuationScope("benchmark");

  /** A turn of one of two tasks that only yield. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void taskSwitch() {
    Action yielding =
        () -> {
          for (int i = 0; i < COUNT / 2; i++) {
            sleep(Duration.ZERO);
          }
        };
    run(() -> Lariat.runBoth(yielding, yielding));
  }

  /** The floor of a switch: a raw continuation is resumed, and yields. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void taskSwitchFloor() {
    Continuation continuation =
        new Continuation(
            SCOPE,
            () -> {
              while (true) {
                Continuation.yield(SCOPE);
              }
            });
    for (int i = 0; i < COUNT; i++) {
      continuation.run();
    }
  }

  /** An item through a queue of one, from one task to another: two switches are its floor. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void queue() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      Lariat.runBoth(
          () -> {
            for (int i = 0; i < COUNT; i++) {
              queue.put(i);
            }
          },
          () -> {
            for (int i = 0; i < COUNT; i++) {
              queue.get();
            }
          });
    });
  }
}
