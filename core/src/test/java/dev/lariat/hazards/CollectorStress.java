package dev.lariat.hazards;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.AsyncGenerator;
import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.context.ContextVar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts many stacks on the heap, shallow and deep, and has the collector move and clean up under
 * them: what the frames refer to must still be there, and be itself, when they are resumed. The
 * main class that {@link CollectorsTest} runs under each collector, with little memory.
 */
final class CollectorStress {
  private static final int ROUNDS = 3;
  private static final int TASKS = 1_500;
  private static final int DEPTH = 80;

  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();
  private static final ContextVar<String> VARIABLE = ContextVar.of("variable");

  private static int unwound;
  private static volatile byte[] garbage;

  private CollectorStress() {}

  public static void main(String[] arguments) {
    VirtualLoop.run(() -> {
      for (int round = 0; round < ROUNDS; round++) {
        round();
        check(allTasks().size() == 1, "tasks are left over");
      }
    });
    System.out.println("all is well");
  }

  private static void check(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  private static void round() {
    List<Task<Long>> tasks = new ArrayList<>();
    List<AsyncGenerator<String>> generators = new ArrayList<>();
    unwound = 0;
    for (int i = 0; i < TASKS; i++) {
      int number = i;
      tasks.add(createTask(() -> body(number)));
      if (i % 10 == 0) {
        generators.add(asyncGenerator(out -> countDown(number, 20, out)));
      }
    }
    for (int i = 0; i < 5; i++) {
      collect();
      for (int g = 0; g < generators.size(); g++) {
        check(generators.get(g).advance(), "a generator ended early");
        check(generators.get(g).current().equals(10 * g + "/" + i), "a generator lost its place");
      }
    }
    for (int i = 0; i < TASKS; i += 5) {
      tasks.get(i).cancel();
    }
    collect();
    generators.forEach(AsyncGenerator::close);
    for (int i = 0; i < TASKS; i++) {
      checkOutcome(i, tasks.get(i));
    }
    check(unwound == TASKS, unwound + " finally blocks ran");
  }

  /**
   * Lets the tasks go on a little, makes garbage, and collects it, all while they are suspended.
   */
  private static void collect() {
    sleep(Duration.ofMillis(1));
    for (int i = 0; i < 200; i++) {
      garbage = new byte[100_000];
    }
    System.gc();
    sleep(Duration.ofMillis(1));
  }

  private static void checkOutcome(int number, Task<Long> task) {
    String what = "task " + number + ": ";
    try {
      long sum = task.await();
      check(number % 5 != 0 && number % 7 != 0, what + "should have failed");
      check(sum == expectedSum(number), what + sum);
    } catch (CancelledError cancelled) {
      check(number % 5 == 0, what + "was cancelled");
    } catch (IllegalArgumentException failed) {
      check(number % 7 == 0 && failed.getMessage().equals("" + number), what + failed);
      check(failed.getStackTrace().length > number % DEPTH, what + "its trace is cut");
    }
  }

  private static long expectedSum(int number) {
    long sum = 0;
    for (int depth = number % DEPTH; depth >= 0; depth--) {
      sum += depth;
    }
    return sum;
  }

  private static long body(int number) throws Exception {
    String name = "task " + number;
    VARIABLE.set(name);
    try {
      return ScopedValue.where(SCOPED, name)
          .call(() -> descend(number, number % DEPTH, new byte[] {(byte) number}));
    } finally {
      unwound++;
      check(VARIABLE.get().equals(name), name + " has lost its context");
    }
  }

  /**
   * One frame with things to keep alive: on the way down, in the middle of it, and on the way up.
   */
  private static long descend(int number, int depth, byte[] fromCaller) {
    byte[] mine = {(byte) depth, (byte) number};
    String text = "depth " + depth;
    long below;
    if (depth > 0) {
      if (depth % 16 == 0) {
        sleep(Duration.ofMillis(1));
      }
      below = descend(number, depth - 1, mine);
    } else {
      for (int i = 0; i < 12; i++) {
        sleep(Duration.ofMillis(1));
        check(SCOPED.get().equals("task " + number), "the scoped value of another task");
      }
      if (number % 7 == 0) {
        throw new IllegalArgumentException("" + number);
      }
      below = 0;
    }
    check(mine[0] == (byte) depth && mine[1] == (byte) number, "a local array has changed");
    check(fromCaller[fromCaller.length - 1] == (byte) number, "an argument has changed");
    check(text.equals("depth " + depth), "a local string has changed");
    return below + depth;
  }

  /** A stack inside a stack, suspended at each of its depths. */
  private static void countDown(int number, int depth, AsyncGenerator.Yielder<String> out) {
    String prefix = number + "/";
    if (depth > 0) {
      countDown(number, depth - 1, out);
    } else {
      for (int i = 0; ; i++) {
        sleep(Duration.ZERO);
        out.yield(prefix + i);
      }
    }
  }
}
