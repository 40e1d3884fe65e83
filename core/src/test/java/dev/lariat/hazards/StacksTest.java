package dev.lariat.hazards;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.AsyncGenerator;
import dev.lariat.AsyncGenerator.Yielder;
import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stacks that are too deep, deep, and many. */
@DisplayName("The stacks of tasks")
class StacksTest {
  private static final int EDGE_CALLERS = 300;

  /** So many that the outermost have the room that a continuation is started with. */
  private static final int ROOM_CALLERS = 1_500;

  private static int endless(int n) {
    return endless(n + 1) + 1;
  }

  /** Calls {@code atBottom} with {@code frames} frames of this method on the stack. */
  private static long deep(int frames, Action atBottom) throws Exception {
    if (frames == 0) {
      atBottom.run();
      return 0;
    }
    return deep(frames - 1, atBottom) + frames;
  }

  /**
   * Calls {@code body} where the stack is about to overflow, then again in each caller, with ever
   * more room.
   */
  private static void atTheEdge(Action body) throws Exception {
    atTheEdge(EDGE_CALLERS, body);
  }

  private static void atTheEdge(int callers, Action body) throws Exception {
    edge(new int[] {callers}, body);
  }

  private static void edge(int[] left, Action body) throws Exception {
    try {
      edge(left, body);
    } catch (StackOverflowError full) {
      // so here is the edge
    }
    if (left[0] > 0) {
      left[0]--;
      try {
        body.run();
      } catch (StackOverflowError full) {
        // no room yet: the next caller has a little more
      }
    }
  }

  /** The loop is in order: nothing but the current task is left, and others still run. */
  private static void checkLoop() {
    assertThat(createTask(() -> sleep(Duration.ofSeconds(1), "works")).await()).isEqualTo("works");
    assertThat(allTasks()).containsExactly(currentTask());
  }

  @Test
  @DisplayName("a StackOverflowError fails the task only; the loop lives")
  void overflowFailsTheTask() {
    VirtualLoop.run(() -> {
      Task<Integer> task = createTask(() -> endless(0));
      assertThatThrownBy(task::await).isInstanceOf(StackOverflowError.class);
      checkLoop();
    });
  }

  @Test
  @DisplayName("a StackOverflowError after the task was suspended fails it all the same")
  void overflowAfterSuspension() {
    VirtualLoop.run(() -> {
      Task<Long> task =
          createTask(() ->
              deep(
                  1_000,
                  () -> {
                    sleep(Duration.ofSeconds(1));
                    endless(0);
                  }));
      assertThatThrownBy(task::await).isInstanceOf(StackOverflowError.class);
      checkLoop();
    });
  }

  @Test
  @DisplayName("a StackOverflowError that the task catches is forgotten: it goes on awaiting")
  void overflowCaught() {
    VirtualLoop.run(() -> {
      Task<String> task =
          createTask(() -> {
            assertThatThrownBy(() -> endless(0)).isInstanceOf(StackOverflowError.class);
            sleep(Duration.ofSeconds(1));
            return "went on";
          });
      assertThat(task.await()).isEqualTo("went on");
      checkLoop();
    });
  }

  @Test
  @DisplayName(
      "awaiting a future at the edge of the stack: woken, or overflowed, but never half of each")
  void awaitAtTheEdge() {
    VirtualLoop.run(() -> {
      Deque<Future<String>> futures = new ArrayDeque<>();
      for (int i = 0; i < EDGE_CALLERS; i++) {
        Future<String> future = getRunningLoop().createFuture();
        getRunningLoop().callLater(Duration.ofSeconds(i + 1), () -> future.setResult("value"));
        futures.add(future);
      }
      Task<Void> task =
          createTask(() ->
              atTheEdge(() -> {
                Future<String> future = futures.remove();
                String value = future.await();
                assertThat(value).isEqualTo("value");
              }));
      task.await();
      sleep(Duration.ofSeconds(2 * EDGE_CALLERS)); // what was left behind would go off now
      checkLoop();
    });
  }

  @Test
  @DisplayName(
      "where the stack has no room to be saved, the await fails its task with StackOverflowError")
  void noRoomToSuspend() throws Exception {
    var result =
        ChildJvm.withLariatOptions(
            Duration.ofSeconds(60), List.of("-Xint", "-Xss1m"), TooDeepToSuspend.class);
    assertThat(result.output())
        .as("%s", result)
        .contains("1000 frames: fine, fine")
        .contains("6000 frames: StackOverflowError, StackOverflowError")
        .contains("the loop lives");
    assertThat(result.exit()).isZero();
  }

  /** The main class of {@link #noRoomToSuspend}: interpreted, as those frames take most room. */
  static final class TooDeepToSuspend {
    public static void main(String[] arguments) {
      VirtualLoop.run(() -> {
        for (int frames = 1_000; frames <= 6_000; frames += 250) {
          int depth = frames;
          Future<String> future = getRunningLoop().createFuture();
          Task<Long> awaiting = createTask(() -> deep(depth, future::await));
          Task<Long> yielding = createTask(() -> deep(depth, () -> sleep(Duration.ZERO)));
          sleep(Duration.ofSeconds(1));
          future.setResult("perhaps nobody waits for this");
          sleep(Duration.ofSeconds(1));
          System.out.println(depth + " frames: " + outcome(awaiting) + ", " + outcome(yielding));
        }
        checkLoop();
        System.out.println("the loop lives");
      });
    }

    private static String outcome(Task<?> task) {
      Throwable error = task.exception();
      return error == null ? "fine" : error.getClass().getSimpleName();
    }
  }

  @Test
  @DisplayName("sleep(0) at the edge of the stack: likewise")
  void yieldAtTheEdge() {
    VirtualLoop.run(() -> {
      createTask(() -> atTheEdge(() -> sleep(Duration.ZERO))).await();
      checkLoop();
    });
  }

  /** Ways to recurse without end, none of which may leave anything half done. */
  enum Recursion {
    EAGER_STARTS {
      @Override
      int into(int n) {
        return createTask(EAGER, () -> into(n + 1) + 1).await();
      }
    },
    GENERATORS {
      @Override
      int into(int n) {
        return first(asyncGenerator(out -> out.yield(into(n + 1))));
      }
    },
    MIXED {
      @Override
      int into(int n) throws Exception {
        int[] result = new int[1];
        deep(
            n * 7 % 50,
            () ->
                result[0] =
                    switch (n % 3) {
                      case 0 -> createTask(EAGER, () -> into(n + 1) + 1).await();
                      case 1 -> first(asyncGenerator(out -> out.yield(into(n + 1))));
                      default -> into(n + 1);
                    });
        return result[0];
      }
    };

    private static final TaskOptions EAGER = TaskOptions.eager(true);

    abstract int into(int n) throws Exception;

    private static int first(AsyncGenerator<Integer> generator) {
      try (generator) {
        return generator.iterator().next();
      }
    }

    /** Fails tasks by this, in one loop, and checks after each that the loop is in order. */
    void failTasks(int count) {
      VirtualLoop.run(() -> {
        for (int i = 0; i < count; i++) {
          Task<Integer> task = createTask(() -> into(0));
          assertThatThrownBy(task::await).isInstanceOf(StackOverflowError.class);
          checkLoop();
        }
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("endless recursion through eager starts and generators fails the task only, always")
  void endlessNesting(Recursion recursion) {
    recursion.failTasks(50);
  }

  @Test
  @DisplayName("likewise where nothing is compiled")
  void endlessNestingInterpreted() throws Exception {
    var result =
        ChildJvm.withLariatOptions(
            Duration.ofSeconds(60), List.of("-Xint", "-Xss1m"), EndlessNesting.class);
    assertThat(result.output()).as("%s", result).endsWith("the loop lives\n");
    assertThat(result.exit()).isZero();
  }

  /** The main class of {@link #endlessNestingInterpreted}. */
  static final class EndlessNesting {
    public static void main(String[] arguments) {
      for (Recursion recursion : Recursion.values()) {
        recursion.failTasks(50);
      }
      System.out.println("the loop lives");
    }
  }

  @Test
  @DisplayName("an eager start at the edge of the stack: the task ends, or there is none")
  void eagerStartAtTheEdge() {
    VirtualLoop.run(() -> {
      TaskOptions eager = TaskOptions.eager(true);
      int[] ended = {0};
      Action start =
          () -> {
            createTask(eager, () -> 1).await();
            createTask(eager, () -> sleep(Duration.ofSeconds(1))); // suspends, but its creator not
            ended[0]++;
          };
      createTask(() -> atTheEdge(ROOM_CALLERS, start)).await();
      assertThat(ended[0]).as("callers that had the room").isBetween(1, ROOM_CALLERS - 1);
      sleep(Duration.ofSeconds(2));
      checkLoop();
    });
  }

  @Test
  @DisplayName("a generator at the edge of the stack: goes on, or stays as it was")
  void generatorAtTheEdge() {
    VirtualLoop.run(() -> {
      boolean[] closed = {false};
      var numbers =
          asyncGenerator((Yielder<Integer> out) -> {
            try {
              for (int i = 0; ; i++) {
                out.yield(i);
              }
            } finally {
              closed[0] = true;
            }
          });
      numbers.advance();
      int[] steps = {0};
      Action advance =
          () -> {
            numbers.advance();
            steps[0]++;
          };
      createTask(() -> atTheEdge(ROOM_CALLERS, advance)).await();
      assertThat(steps[0]).as("callers that had the room").isBetween(1, ROOM_CALLERS - 1);
      assertThat(numbers.current()).isEqualTo(steps[0]);
      numbers.close();
      assertThat(closed[0]).isTrue();
      checkLoop();
    });
  }

  /**
   * Runs a program on a thread with a large stack: to save a stack the JVM needs as much again, so
   * with the default of 1 MB an interpreted task can suspend some 3,000 small frames deep only.
   */
  private static void onLargeStack(Action main) throws Exception {
    Throwable[] failure = new Throwable[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                VirtualLoop.run(main);
              } catch (Throwable e) {
                failure[0] = e;
              }
            },
            "large stack",
            16 << 20);
    thread.start();
    thread.join();
    assertThat(failure[0]).isNull();
  }

  @Test
  @DisplayName("a task 5,000 frames deep suspends and resumes, again and again")
  void deepTask() throws Exception {
    onLargeStack(() -> {
      Task<Long> task =
          createTask(() ->
              deep(
                  5_000,
                  () -> {
                    for (int i = 0; i < 100; i++) {
                      sleep(Duration.ZERO);
                      sleep(Duration.ofSeconds(1));
                    }
                  }));
      assertThat(task.await()).isEqualTo(5_000L * 5_001 / 2);
    });
  }

  @Test
  @DisplayName("a task suspends on the way down and on the way up of 5,000 frames")
  void suspendsAtEveryDepth() throws Exception {
    onLargeStack(() -> assertThat(createTask(() -> climb(5_000)).await()).isEqualTo(5_000));
  }

  private static int climb(int frames) {
    if (frames == 0) {
      return 0;
    }
    sleep(Duration.ZERO);
    int below = climb(frames - 1);
    sleep(Duration.ZERO);
    return below + 1;
  }

  @Test
  @DisplayName("cancelling a task 5,000 frames deep unwinds them all")
  void cancelDeepTask() throws Exception {
    onLargeStack(() -> {
      int[] unwound = {0};
      Task<Void> task = createTask(() -> guarded(5_000, unwound));
      sleep(Duration.ofSeconds(1));
      assertThat(task.getStack()).hasSizeGreaterThan(1_000);
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      assertThat(unwound[0]).isEqualTo(5_000);
    });
  }

  private static void guarded(int frames, int[] unwound) {
    try {
      if (frames == 1) {
        sleep(Duration.ofDays(1));
      } else {
        guarded(frames - 1, unwound);
      }
    } finally {
      unwound[0]++;
    }
  }

  @Test
  @DisplayName("1,000,000 tasks, each suspended in an await of one future, are all resumed by it")
  void millionTasks() throws Exception {
    var result =
        ChildJvm.withLariatOptions(
            Duration.ofSeconds(60), List.of("-Xmx1500m", "-XX:+UseParallelGC"), Million.class);
    assertThat(result.output()).as("%s", result).contains("resumed 1000000 in order");
    assertThat(result.exit()).isZero();
  }

  /** The main class of {@link #millionTasks}: in a JVM of its own, for the heap. */
  static final class Million {
    private static final int COUNT = 1_000_000;

    public static void main(String[] arguments) {
      VirtualLoop.run(() -> {
        Future<String> gate = getRunningLoop().createFuture();
        int[] next = {0};
        boolean[] inOrder = {true};
        for (int i = 0; i < COUNT; i++) {
          int number = i;
          createTask(() -> {
            gate.await();
            inOrder[0] &= next[0]++ == number;
          });
        }
        sleep(Duration.ofSeconds(1));
        int suspended = allTasks().size() - 1;
        if (suspended != COUNT || next[0] != 0) {
          throw new AssertionError(suspended + " suspended, " + next[0] + " went on early");
        }
        gate.setResult("open");
        sleep(Duration.ofSeconds(1));
        System.out.println("resumed " + next[0] + (inOrder[0] ? " in order" : " out of order"));
        if (allTasks().size() != 1) {
          throw new AssertionError(allTasks().size() + " tasks are left");
        }
      });
    }
  }
}
