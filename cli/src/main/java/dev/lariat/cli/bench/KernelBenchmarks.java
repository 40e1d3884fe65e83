package dev.lariat.cli.bench;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.TimerHandle;
import dev.lariat.queue.Queue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/** What happens inside one loop: switching, spawning, calling back, timing, handing over. */
final class KernelBenchmarks {
  private static final ContinuationScope SCOPE = new ContinuationScope("bench");

  private KernelBenchmarks() {}

  /** A benchmark of two functions that each give nanoseconds per operation. */
  private record Timed(
      String name, String description, Supplier<Double> operation, Supplier<Double> floor)
      implements Benchmark {
    @Override
    public List<Map<String, Object>> measure() {
      return List.of(Rounds.compare(operation::get, floor::get));
    }
  }

  static List<Benchmark> all() {
    return List.of(
        new Timed(
            "switch",
            "two tasks, sleep(0); floor: a raw continuation's yield and resume",
            KernelBenchmarks::switching,
            KernelBenchmarks::rawSwitch),
        new Timed(
            "spawn",
            "a no-op task of a group of 1,000; floor: a Runnable made, queued and run",
            KernelBenchmarks::spawn,
            KernelBenchmarks::rawSpawn),
        new Timed(
            "call_soon",
            "a callback that schedules itself; floor: the same on an ArrayDeque",
            KernelBenchmarks::callSoon,
            KernelBenchmarks::rawCallSoon),
        new Timed(
            "timers",
            "1,000,000 timers scheduled, 90 % cancelled, per operation; floor: PriorityQueue.add",
            KernelBenchmarks::timers,
            KernelBenchmarks::rawTimers),
        new Timed(
            "queue",
            "an item through a queue of one; floor: two switches, as in `switch`",
            KernelBenchmarks::queue,
            () -> 2 * switching()));
  }

  // -- switch ------------------------------------------------------------------------------------

  private static double switching() {
    int count = 500_000;
    return run(() -> {
      Action yielding =
          () -> {
            for (int i = 0; i < count / 2; i++) {
              sleep(Duration.ZERO);
            }
          };
      return Rounds.time(count, () -> awaitBoth(yielding, yielding));
    });
  }

  private static void awaitBoth(Action one, Action other) {
    Task<Void> first = createTask(one);
    Task<Void> second = createTask(other);
    gather(first, second).await();
  }

  private static double rawSwitch() {
    int count = 200_000;
    Continuation continuation =
        new Continuation(
            SCOPE,
            () -> {
              while (true) {
                Continuation.yield(SCOPE);
              }
            });
    return Rounds.time(
        count,
        () -> {
          for (int i = 0; i < count; i++) {
            continuation.run();
          }
        });
  }

  // -- spawn -------------------------------------------------------------------------------------

  private static double spawn() {
    int groups = 300;
    return run(() ->
        Rounds.time(
            groups * 1_000,
            () -> {
              for (int g = 0; g < groups; g++) {
                taskGroup(group -> {
                  for (int i = 0; i < 1_000; i++) {
                    group.createTask(() -> null);
                  }
                });
              }
            }));
  }

  private static double rawSpawn() {
    int groups = 300;
    ArrayDeque<Runnable> queue = new ArrayDeque<>();
    long[] done = new long[1];
    return Rounds.time(
        groups * 1_000,
        () -> {
          for (int g = 0; g < groups; g++) {
            for (int i = 0; i < 1_000; i++) {
              long increment = i;
              queue.add(() -> done[0] += increment);
            }
            while (!queue.isEmpty()) {
              queue.remove().run();
            }
          }
        });
  }

  // -- call_soon ---------------------------------------------------------------------------------

  /** Schedules itself again until the count is down. */
  private static final class Chain implements Runnable {
    private final EventLoop loop;
    private int left;

    Chain(EventLoop loop, int count) {
      this.loop = loop;
      this.left = count;
    }

    @Override
    public void run() {
      if (--left > 0) {
        loop.callSoon(this);
      } else {
        loop.stop();
      }
    }
  }

  private static double callSoon() {
    int count = 2_000_000;
    try (EventLoop loop = new EventLoop()) {
      loop.callSoon(new Chain(loop, count));
      return Rounds.time(count, loop::runForever);
    }
  }

  private static double rawCallSoon() {
    int count = 2_000_000;
    ArrayDeque<Runnable> queue = new ArrayDeque<>();
    int[] left = {count};
    queue.add(
        new Runnable() {
          @Override
          public void run() {
            if (--left[0] > 0) {
              queue.add(this);
            }
          }
        });
    return Rounds.time(
        count,
        () -> {
          while (!queue.isEmpty()) {
            queue.remove().run();
          }
        });
  }

  // -- timers ------------------------------------------------------------------------------------

  private static double timers() {
    int count = 1_000_000;
    Random random = new Random(1);
    Duration[] delays = new Duration[1_000];
    for (int i = 0; i < delays.length; i++) {
      delays[i] = Duration.ofNanos(1_000_000_000L + random.nextInt());
    }
    return run(() -> {
      EventLoop loop = getRunningLoop();
      TimerHandle[] handles = new TimerHandle[count];
      return Rounds.time(
          count + count * 9 / 10,
          () -> {
            for (int i = 0; i < count; i++) {
              handles[i] = loop.callLater(delays[i % delays.length], () -> {});
            }
            for (int i = 0; i < count; i++) {
              if (i % 10 != 0) {
                handles[i].cancel();
              }
            }
          });
    });
  }

  private static double rawTimers() {
    int count = 1_000_000;
    Random random = new Random(1);
    java.util.PriorityQueue<Long> heap = new java.util.PriorityQueue<>();
    double nanos =
        Rounds.time(
            count,
            () -> {
              for (int i = 0; i < count; i++) {
                heap.add((long) random.nextInt());
              }
            });
    return heap.isEmpty() ? 0 : nanos; // keeps the heap from being optimised away
  }

  // -- queue -------------------------------------------------------------------------------------

  private static double queue() {
    int count = 300_000;
    return run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      return Rounds.time(
          count,
          () ->
              awaitBoth(
                  () -> {
                    for (int i = 0; i < count; i++) {
                      queue.put(i);
                    }
                  },
                  () -> {
                    for (int i = 0; i < count; i++) {
                      queue.get();
                    }
                  }));
    });
  }
}
