package dev.lariat.cli.bench;

import dev.lariat.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Another thread posts to the loop: a burst of callbacks, and a round trip. */
final class ThreadsafeBenchmark implements Benchmark {
  private static final int COUNT = 500_000;
  private static final int TRIPS = 20_000;

  @Override
  public String name() {
    return "threadsafe";
  }

  @Override
  public String description() {
    return "another thread posts, per callback, and a round trip; floor: a ConcurrentLinkedQueue between two threads";
  }

  @Override
  public List<Map<String, Object>> measure() {
    Map<String, Object> figures =
        Rounds.compare(ThreadsafeBenchmark::burst, ThreadsafeBenchmark::rawBurst);
    roundTrips();
    double[] trips = roundTrips();
    figures.put("round_trip_p50_us", Rounds.round(trips[TRIPS / 2] / 1e3));
    figures.put("round_trip_p99_us", Rounds.round(trips[TRIPS * 99 / 100] / 1e3));
    return List.of(figures);
  }

  private static double burst() {
    try (EventLoop loop = new EventLoop()) {
      int[] left = {COUNT};
      Runnable count =
          () -> {
            if (--left[0] == 0) {
              loop.stop();
            }
          };
      Thread poster =
          new Thread(() -> {
            for (int i = 0; i < COUNT; i++) {
              loop.callSoonThreadsafe(count);
            }
          });
      return Rounds.time(
          COUNT,
          () -> {
            poster.start();
            loop.runForever();
          });
    }
  }

  private static double rawBurst() {
    ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
    int[] left = {COUNT};
    Runnable count = () -> left[0]--;
    Thread poster =
        new Thread(() -> {
          for (int i = 0; i < COUNT; i++) {
            queue.add(count);
          }
        });
    return Rounds.time(
        COUNT,
        () -> {
          poster.start();
          while (left[0] > 0) {
            Runnable next = queue.poll();
            if (next != null) {
              next.run();
            } else {
              Thread.onSpinWait();
            }
          }
        });
  }

  /** Post, run there, unpark back: each trip's nanoseconds, sorted. */
  private static double[] roundTrips() {
    try (EventLoop loop = new EventLoop()) {
      Thread runner = new Thread(loop::runForever);
      runner.start();
      double[] trips = new double[TRIPS];
      Semaphore back = new Semaphore(0);
      for (int i = 0; i < TRIPS; i++) {
        long start = System.nanoTime();
        loop.callSoonThreadsafe(back::release);
        while (!back.tryAcquire()) {
          Thread.onSpinWait();
        }
        trips[i] = System.nanoTime() - start;
      }
      loop.callSoonThreadsafe(loop::stop);
      while (runner.isAlive()) {
        LockSupport.parkNanos(100_000);
      }
      Arrays.sort(trips);
      return trips;
    }
  }
}
