package dev.lariat.benchmarks;

import dev.lariat.EventLoop;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Another thread posts to the loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {Lariat.EXPORTS, Lariat.OPENS})
public class Threadsafe {
  private static final int POSTS = 500_000;

  private final Semaphore back = new Semaphore(0);
  private final EventLoop running = new EventLoop();
  private final Thread runner = new Thread(running::runForever);

  /** Starts the loop of the round trips, in a thread of its own. */
  @Setup
  public void start() {
    runner.start();
  }

  /** Stops it. */
  @TearDown
  public void stop() throws InterruptedException {
    running.callSoonThreadsafe(running::stop);
    runner.join();
    running.close();
  }

  /** A callback of a burst. */
  @Benchmark
  @OperationsPerInvocation(POSTS)
  public void post() {
    try (EventLoop loop = new EventLoop()) {
      int[] left = {POSTS};
      Runnable count =
          () -> {
            if (--left[0] == 0) {
              loop.stop();
            }
          };
      Thread poster =
          new Thread(() -> {
            for (int i = 0; i < POSTS; i++) {
              loop.callSoonThreadsafe(count);
            }
          });
      poster.start();
      loop.runForever();
    }
  }

  /** The floor of a post: a ConcurrentLinkedQueue between two threads. */
  @Benchmark
  @OperationsPerInvocation(POSTS)
  public void postFloor() {
    ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
    int[] left = {POSTS};
    Runnable count = () -> left[0]--;
    Thread poster =
        new Thread(() -> {
          for (int i = 0; i < POSTS; i++) {
            queue.add(count);
          }
        });
    poster.start();
    while (left[0] > 0) {
      Runnable next = queue.poll();
      if (next != null) {
        next.run();
      } else {
        Thread.onSpinWait();
      }
    }
  }

  /** To an idle loop of another thread, and back to this one, which spins. */
  @Benchmark
  public void roundTrip() {
    running.callSoonThreadsafe(back::release);
    while (!back.tryAcquire()) {
      Thread.onSpinWait();
    }
  }
}
