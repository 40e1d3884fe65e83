package dev.lariat.cli.bench;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Coroutine;
import dev.lariat.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/** The heap that a suspended task takes, all its objects counted. */
final class MemoryBenchmark implements Benchmark {
  private static final int COUNT = 100_000;
  private static final ContinuationScope SCOPE = new ContinuationScope("bench");

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String description() {
    return "heap bytes of a suspended task of one frame and of ten; floor: a raw continuation of one frame";
  }

  @Override
  public List<Map<String, Object>> measure() {
    for (int i = 0; i < 10; i++) { // compiled frames are smaller than interpreted ones
      tasks(1);
      tasks(10);
      continuations();
    }
    double one = tasks(1);
    double ten = tasks(10);
    double floor = continuations();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("bytes_per_task", Rounds.round(one));
    figures.put("bytes_per_task_ten_frames", Rounds.round(ten));
    figures.put("floor_bytes", Rounds.round(floor));
    figures.put("ratio", Rounds.round(one / floor));
    return List.of(figures);
  }

  private static double tasks(int frames) {
    return run(() -> {
      Future<Integer> gate = getRunningLoop().createFuture();
      Coroutine<Integer> body = frames == 1 ? gate::await : () -> deep(frames - 1, gate);
      double bytes = growth(_ -> createTask(body), () -> sleep(Duration.ZERO));
      gate.setResult(1);
      sleep(Duration.ZERO);
      return bytes;
    });
  }

  private static int deep(int frames, Future<Integer> gate) {
    return frames == 1 ? gate.await() : deep(frames - 1, gate) + 1;
  }

  private static double continuations() {
    Continuation[] all = new Continuation[COUNT];
    return growth(
        i -> {
          all[i] = new Continuation(SCOPE, () -> Continuation.yield(SCOPE));
          all[i].run();
        },
        () -> {});
  }

  /** Heap bytes that each of many calls of {@code make} leaves behind, after {@code settle}. */
  private static double growth(IntConsumer make, Runnable settle) {
    long before = used();
    for (int i = 0; i < COUNT; i++) {
      make.accept(i);
    }
    settle.run();
    return (used() - before) / (double) COUNT;
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
