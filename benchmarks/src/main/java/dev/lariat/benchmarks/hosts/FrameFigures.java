package dev.lariat.benchmarks.hosts;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.cli.bench.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Whether a window stays alive while 100,000 tasks are busy on its thread for five seconds: how
 * long from one frame to the next, and how long an event of the toolkit waits, a key's for example.
 * Beside it the same work done the naive way, each piece one post of the toolkit.
 */
final class FrameFigures {
  private static final int WORKERS = 100_000;
  private static final long NANOS = 5_000_000_000L;
  private static final Duration BETWEEN_EVENTS = Duration.ofMillis(50);

  private final Toolkit toolkit;
  private final EventLoop loop;
  private final BiConsumer<String, Object> figures;

  /** The time from one frame, or event, to the next; in milliseconds. */
  private final List<Double> frames = new ArrayList<>();

  private final List<Double> answers = new ArrayList<>();
  private boolean over;
  private long work;

  FrameFigures(Toolkit toolkit, EventLoop loop, BiConsumer<String, Object> figures) {
    this.toolkit = toolkit;
    this.loop = loop;
    this.figures = figures;
  }

  /** Called on the toolkit's thread. */
  void measure() {
    busy("idle_", () -> {});
    busy("", this::tasks);
    busy("naive_", this::posts);
  }

  private void busy(String prefix, Runnable workers) {
    answers.clear();
    over = false;
    loop.runUntilComplete(() -> {
      Future<String> closed = loop.createFuture();
      long[] last = {0};
      toolkit.animate(() -> {
        long now = System.nanoTime();
        if (last[0] != 0) {
          frames.add((now - last[0]) / 1e6);
        }
        last[0] = now;
        if (over && !closed.done()) { // a window may be drawn once more before it closes
          closed.setResult("");
        }
        return !over;
      });
      sleep(Duration.ofSeconds(1)); // the window opens
      workers.run(); // in one step, in which nothing is drawn
      sleep(Duration.ZERO);
      frames.clear();
      work = 0;
      Thread keys = Thread.ofPlatform().daemon().start(this::typeKeys);
      loop.callLater(Duration.ofNanos(NANOS), () -> over = true);
      closed.await();
      keys.interrupt();
    });
    figures.accept(prefix + "frames", frames.size());
    figures.accept(prefix + "frame_p50_ms", percentile(frames, 50));
    figures.accept(prefix + "frame_p99_ms", percentile(frames, 99));
    figures.accept(prefix + "answer_p99_ms", percentile(answers, 99));
    if (work > 0) {
      figures.accept(prefix + "work_per_ms", Math.round(work / (NANOS / 1e6)));
    }
  }

  /** Another thread has the toolkit handle an event now and then. */
  private void typeKeys() {
    try {
      while (true) {
        Thread.sleep(BETWEEN_EVENTS);
        long start = System.nanoTime();
        toolkit.post(() -> answers.add((System.nanoTime() - start) / 1e6));
      }
    } catch (InterruptedException e) {
      // the end
    }
  }

  private void tasks() {
    for (int i = 0; i < WORKERS; i++) {
      createTask(() -> {
        while (!over) {
          work++;
          sleep(Duration.ZERO);
        }
      });
    }
  }

  private void posts() {
    for (int i = 0; i < WORKERS; i++) {
      toolkit.post(
          new Runnable() {
            @Override
            public void run() {
              work++;
              if (!over) {
                toolkit.post(this);
              }
            }
          });
    }
  }

  private static double percentile(List<Double> values, int percent) {
    if (values.isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Rounds.round(sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)]);
  }
}
