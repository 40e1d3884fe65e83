package dev.lariat.benchmarks;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;

import dev.lariat.Action;
import dev.lariat.Task;

/** What the benchmarks share. */
final class Lariat {
  /** The two JVM options that Lariat needs, for a forked JVM. */
  static final String EXPORTS = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED";

  static final String OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

  private Lariat() {}

  /** Runs two tasks to their ends. */
  static void runBoth(Action one, Action other) {
    Task<Void> first = createTask(one);
    Task<Void> second = createTask(other);
    gather(first, second).await();
  }
}
