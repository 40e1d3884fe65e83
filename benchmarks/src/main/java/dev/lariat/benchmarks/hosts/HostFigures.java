package dev.lariat.benchmarks.hosts;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.cli.bench.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;

/**
 * What posting costs on one toolkit: by the toolkit's own means, as a callback of the loop, as a
 * switch of tasks. Alone, where each needs a turn of its own; and in bulk, where a thousand are
 * ready at a time. All in turn, in one run.
 */
final class HostFigures {
  /** A turn takes milliseconds, so it takes many rounds until the JIT has noticed it. */
  private static final int WARM_UP = 12;

  private static final int ROUNDS = 7;
  private static final int ALONE = 5_000;
  private static final int BULK = 1_000;
  private static final int WAKES = 2_000;

  /** Each takes far longer than a post, so there are fewer. */
  private static final int OTHER_POSTS = 2_000;

  private final Toolkit toolkit;
  private final EventLoop loop;
  private final BiConsumer<String, Object> figures;

  HostFigures(Toolkit toolkit, EventLoop loop, BiConsumer<String, Object> figures) {
    this.toolkit = toolkit;
    this.loop = loop;
    this.figures = figures;
  }

  /** Called on the toolkit's thread. */
  void measure() {
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      boolean counts = round >= 0;
      sample(samples, counts, "post_ns", ALONE, count -> posts(count, toolkit::post));
      loop.setTurnBudget(Duration.ZERO);
      sample(samples, counts, "callback_ns", ALONE, count -> callbacks(count, 1));
      sample(samples, counts, "switch_ns", ALONE, count -> switches(count, 1));
      loop.setTurnBudget(Duration.ofMillis(4));
      sample(samples, counts, "bulk_callback_ns", 400 * BULK, count -> callbacks(count, BULK));
      sample(samples, counts, "bulk_switch_ns", 400 * BULK, count -> switches(count, BULK));
    }
    samples.forEach((name, values) -> figures.accept(name, median(values)));
    figures.accept("callback_ratio", ratio(samples, "callback_ns"));
    figures.accept("switch_ratio", ratio(samples, "switch_ns"));
    wakes("post_wake", toolkit::post);
    wakes("wake", loop::callSoonThreadsafe);
    toolkit
        .otherPosts()
        .forEach(
            (name, post) -> figures.accept(name + "_ns", Rounds.round(posts(OTHER_POSTS, post))));
  }

  private static void sample(
      Map<String, List<Double>> samples,
      boolean counts,
      String name,
      int count,
      IntToDoubleFunction operation) {
    double nanos = operation.applyAsDouble(count);
    if (counts) {
      samples.computeIfAbsent(name, _ -> new ArrayList<>()).add(nanos);
    }
  }

  private static double median(List<Double> values) {
    return Rounds.round(Rounds.median(values.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** The median of the ratios of one round to the other: both had the same weather. */
  private static double ratio(Map<String, List<Double>> samples, String name) {
    List<Double> own = samples.getOrDefault(name, List.of());
    List<Double> posts = samples.getOrDefault("post_ns", List.of());
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      ratios.add(own.get(i) / posts.get(i));
    }
    return median(ratios);
  }

  // -- one after the other -----------------------------------------------------------------------

  /** An event that posts itself, by means of the toolkit. */
  private double posts(int count, Consumer<Runnable> post) {
    return Rounds.time(
        count,
        () ->
            loop.runUntilComplete(() -> {
              Future<String> end = loop.createFuture();
              int[] left = {count};
              post.accept(
                  new Runnable() {
                    @Override
                    public void run() {
                      if (--left[0] > 0) {
                        post.accept(this);
                      } else {
                        end.setResult("");
                      }
                    }
                  });
              end.await();
            }));
  }

  /** {@code width} callbacks that schedule themselves. */
  private double callbacks(int count, int width) {
    return Rounds.time(
        count,
        () ->
            loop.runUntilComplete(() -> {
              Future<String> end = loop.createFuture();
              int[] left = {count};
              for (int i = 0; i < width; i++) {
                loop.callSoon(
                    new Runnable() {
                      @Override
                      public void run() {
                        int now = --left[0];
                        if (now >= width) {
                          loop.callSoon(this);
                        } else if (now == 0) {
                          end.setResult("");
                        }
                      }
                    });
              }
              end.await();
            }));
  }

  /** {@code width} tasks that yield. */
  private double switches(int count, int width) {
    return Rounds.time(
        count,
        () ->
            loop.runUntilComplete(() -> {
              List<Task<Void>> tasks = new ArrayList<>();
              for (int i = 0; i < width; i++) {
                tasks.add(
                    createTask(() -> {
                      for (int n = count / width; n > 0; n--) {
                        sleep(Duration.ZERO);
                      }
                    }));
              }
              for (Task<Void> task : tasks) {
                task.await();
              }
            }));
  }

  // -- from another thread -----------------------------------------------------------------------

  /** How long it takes from a post of another thread, while the toolkit idles, until it runs. */
  private void wakes(String name, Consumer<Runnable> post) {
    double[] micros = new double[WAKES];
    loop.runUntilComplete(() -> {
      EventLoop home = getRunningLoop();
      Future<String> end = home.createFuture();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            for (int i = -WAKES / 2; i < WAKES; i++) {
              int index = i;
              Semaphore ran = new Semaphore(0);
              LockSupport.parkNanos(100_000); // let it fall asleep
              long start = System.nanoTime();
              post.accept(() -> {
                if (index >= 0) {
                  micros[index] = (System.nanoTime() - start) / 1e3;
                }
                ran.release();
              });
              ran.acquireUninterruptibly();
            }
            home.callSoonThreadsafe(() -> end.setResult(""));
          });
      end.await();
    });
    Arrays.sort(micros);
    figures.accept(name + "_p50_us", Rounds.round(micros[WAKES / 2]));
    figures.accept(name + "_p99_us", Rounds.round(micros[WAKES * 99 / 100]));
  }
}
