package dev.lariat.benchmarks;

import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.taskGroup;

import dev.lariat.EventLoop;
import dev.lariat.TimerHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/** Tasks, callbacks and timers of one loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {Lariat.EXPORTS, Lariat.OPENS})
public class Scheduling {
  private static final int TASKS = 1_000;
  private static final int CALLBACKS = 100_000;
  private static final int TIMERS = 1_000_000;
  private static final int TIMER_OPERATIONS = TIMERS + TIMERS / 10 * 9;

  /** A task of a group of 1,000 that does nothing. */
  @Benchmark
  @OperationsPerInvocation(10 * TASKS)
  public void spawn() {
    run(() -> {
      for (int g = 0; g < 10; g++) {
        taskGroup(group -> {
          for (int i = 0; i < TASKS; i++) {
            group.createTask(() -> {});
          }
        });
      }
    });
  }

  /** The floor of a task: a Runnable made, queued and run. */
  @Benchmark
  @OperationsPerInvocation(10 * TASKS)
  public long spawnFloor() {
    ArrayDeque<Runnable> queue = new ArrayDeque<>();
    long[] sum = new long[1];
    for (int g = 0; g < 10; g++) {
      for (int i = 0; i < TASKS; i++) {
        int number = i;
        queue.add(() -> sum[0] += number);
      }
      while (!queue.isEmpty()) {
        queue.remove().run();
      }
    }
    return sum[0];
  }

  /** A callback that schedules itself. */
  @Benchmark
  @OperationsPerInvocation(CALLBACKS)
  public void callSoon() {
    try (EventLoop loop = new EventLoop()) {
      int[] left = {CALLBACKS};
      loop.callSoon(
          new Runnable() {
            @Override
            public void run() {
              if (--left[0] > 0) {
                loop.callSoon(this);
              } else {
                loop.stop();
              }
            }
          });
      loop.runForever();
    }
  }

  /** The floor of a callback: the same on an ArrayDeque. */
  @Benchmark
  @OperationsPerInvocation(CALLBACKS)
  public int callSoonFloor() {
    ArrayDeque<Runnable> queue = new ArrayDeque<>();
    int[] left = {CALLBACKS};
    queue.add(
        new Runnable() {
          @Override
          public void run() {
            if (--left[0] > 0) {
              queue.add(this);
            }
          }
        });
    while (!queue.isEmpty()) {
      queue.remove().run();
    }
    return left[0];
  }

  /** 1,000,000 timers scheduled, and 90 % of them cancelled: per operation of either kind. */
  @Benchmark
  @OperationsPerInvocation(TIMER_OPERATIONS)
  public void timers() {
    Random random = new Random(1);
    Duration[] delays = new Duration[1_000];
    for (int i = 0; i < delays.length; i++) {
      delays[i] = Duration.ofNanos(5_000_000_000L + random.nextInt());
    }
    try (EventLoop loop = new EventLoop()) {
      TimerHandle[] handles = new TimerHandle[TIMERS];
      for (int i = 0; i < TIMERS; i++) {
        handles[i] = loop.callLater(delays[i % delays.length], () -> {});
      }
      for (int i = 0; i < TIMERS; i++) {
        if (i % 10 != 0) {
          handles[i].cancel();
        }
      }
    }
  }

  /** The floor of a timer: PriorityQueue.add. */
  @Benchmark
  @OperationsPerInvocation(TIMERS)
  public PriorityQueue<Long> timersFloor() {
    Random random = new Random(1);
    PriorityQueue<Long> heap = new PriorityQueue<>();
    for (int i = 0; i < TIMERS; i++) {
      heap.add((long) random.nextInt());
    }
    return heap;
  }
}
