package dev.lariat.hazards;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.AsyncGenerator;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The JVM keeps scoped values per thread, and all tasks share one: without care a binding leaks
 * from the task that suspends into whatever runs next.
 */
@DisplayName("Scoped values belong to tasks, not to the loop's thread")
class ScopedValuesTest {
  private static final ScopedValue<String> NAME = ScopedValue.newInstance();
  private static final ScopedValue<Integer> LEVEL = ScopedValue.newInstance();

  private static String name() {
    return NAME.isBound() ? NAME.get() : "none";
  }

  private static void yieldOnce() {
    sleep(Duration.ZERO);
  }

  private static void in(String name, Action body) throws Exception {
    ScopedValue.where(NAME, name)
        .call(() -> {
          body.run();
          return null;
        });
  }

  @Test
  @DisplayName("tasks that interleave at every await each see their own binding")
  void tasksAreIsolated() {
    List<String> wrong = new ArrayList<>();
    VirtualLoop.run(() ->
        taskGroup(group -> {
          for (int i = 0; i < 20; i++) {
            String mine = "task " + i;
            group.createTask(() -> in(mine, () -> expectOften(mine, wrong)));
            group.createTask(() -> expectOften("none", wrong));
          }
        }));
    assertThat(wrong).isEmpty();
  }

  /** Often enough for the compilers, which keep looked-up values in registers. */
  private static void expectOften(String expected, List<String> wrong) {
    for (int i = 0; i < 1_000; i++) {
      if (!name().equals(expected)) {
        wrong.add(expected + " saw " + name());
      }
      yieldOnce();
    }
  }

  @Test
  @DisplayName(
      "nested where() over awaits: the inner binding hides the outer one, then gives it back")
  void nestedAcrossAwaits() {
    List<String> seen = new ArrayList<>();
    VirtualLoop.run(() -> {
      Task<Void> noise = createTask(() -> in("noise", () -> expectOften("noise", seen)));
      in(
          "outer",
          () -> {
            yieldOnce();
            in(
                "inner",
                () -> {
                  yieldOnce();
                  seen.add(name());
                  sleep(Duration.ofSeconds(1));
                  seen.add(name());
                });
            seen.add(name());
            yieldOnce();
            seen.add(name());
          });
      seen.add(name());
      noise.await();
      seen.add(name());
    });
    assertThat(seen).containsExactly("inner", "inner", "outer", "outer", "none", "none");
  }

  @Test
  @DisplayName("an exception that leaves where() after an await takes the binding down")
  void exceptionLeavesScope() {
    VirtualLoop.run(() -> {
      try {
        in(
            "doomed",
            () -> {
              yieldOnce();
              throw new IllegalArgumentException("out");
            });
      } catch (IllegalArgumentException expected) {
        // what matters is what comes next
      }
      assertThat(name()).isEqualTo("none");
      yieldOnce();
      assertThat(name()).isEqualTo("none");
    });
  }

  @Test
  @DisplayName(
      "a child inherits its creator's bindings, and keeps them when the creator has left them")
  void childInherits() {
    VirtualLoop.run(() -> {
      List<Task<String>> children = new ArrayList<>();
      in(
          "parent",
          () -> {
            children.add(createTask(ScopedValuesTest::name));
            children.add(
                createTask(() -> {
                  sleep(Duration.ofSeconds(1));
                  return name();
                }));
            children.add(createTask(() -> createTask(ScopedValuesTest::name).await()));
          });
      for (Task<String> child : children) {
        assertThat(child.await()).isEqualTo("parent");
      }
      assertThat(name()).isEqualTo("none");
    });
  }

  @Test
  @DisplayName("a child's own binding is not seen by its creator, nor by its siblings")
  void childDoesNotLeakUp() throws Exception {
    VirtualLoop.run(() ->
        in(
            "parent",
            () -> {
              Task<Void> child = createTask(() -> in("child", ScopedValuesTest::yieldOnce));
              Task<String> sibling = createTask(ScopedValuesTest::name);
              yieldOnce();
              assertThat(name()).isEqualTo("parent");
              child.await();
              assertThat(name()).isEqualTo("parent");
              assertThat(sibling.await()).isEqualTo("parent");
            }));
  }

  @Test
  @DisplayName("callbacks of the loop see the bindings of whoever called run(), never a task's")
  void noLeakIntoCallbacks() throws Exception {
    List<String> seen = new ArrayList<>();
    Action program =
        () ->
            in(
                "task",
                () -> {
                  EventLoop loop = getRunningLoop();
                  Future<String> future = loop.createFuture();
                  future.addDoneCallback(done -> seen.add("done " + name()));
                  future.setResult("");
                  loop.callSoon(() -> seen.add("soon " + name()));
                  loop.callSoonThreadsafe(() -> seen.add("threadsafe " + name()));
                  loop.callLater(Duration.ofMillis(1), () -> seen.add("later " + name()));
                  sleep(Duration.ofMillis(2));
                });
    VirtualLoop.run(program);
    assertThat(seen).containsExactly("done none", "soon none", "threadsafe none", "later none");
    assertThat(name()).as("after run()").isEqualTo("none");

    seen.clear();
    in("caller", () -> VirtualLoop.run(program));
    assertThat(seen)
        .containsExactly("done caller", "soon caller", "threadsafe caller", "later caller");
  }

  @Test
  @DisplayName("a task left suspended inside where() when the loop stops leaks nothing out of it")
  void suspendedTaskDoesNotLeakOut() {
    try (EventLoop loop = VirtualLoop.create()) {
      Future<String> never = loop.createFuture();
      Task<Void> task =
          loop.createTask(() -> in("suspended", () -> assertThat(never.await()).isEqualTo(name())));
      loop.runUntilComplete(ScopedValuesTest::yieldOnce);
      assertThat(name()).isEqualTo("none");
      never.setResult("suspended");
      loop.runUntilComplete(task);
    }
    assertThat(name()).isEqualTo("none");
  }

  @Test
  @DisplayName("a pooled stack drops the lookups that its last task cached")
  void pooledFiberForgetsItsCache() {
    VirtualLoop.run(() -> {
      // One after the other, so that each gets the stack the one before gave back; and often, so
      // that the cached fast path of ScopedValue.get is what runs.
      for (int i = 0; i < 10_000; i++) {
        String mine = "round " + i;
        List<Task<String>> task = new ArrayList<>();
        in(mine, () -> task.add(createTask(ScopedValuesTest::lookUpTwice)));
        assertThat(task.getFirst().await()).isEqualTo(mine + mine);
        assertThat(createTask(ScopedValuesTest::name).await()).isEqualTo("none");
      }
    });
  }

  private static String lookUpTwice() {
    return NAME.get() + NAME.get();
  }

  @Test
  @DisplayName("tasks that run back to back on one stack do not see each other's cached lookups")
  void batchOnOneFiber() {
    VirtualLoop.run(() -> {
      List<Task<String>> tasks = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        in("" + i, () -> tasks.add(createTask(ScopedValuesTest::lookUpTwice)));
        tasks.add(createTask(ScopedValuesTest::name));
      }
      for (int i = 0; i < 1_000; i++) {
        assertThat(tasks.get(2 * i).await()).isEqualTo("" + i + i);
        assertThat(tasks.get(2 * i + 1).await()).isEqualTo("none");
      }
    });
  }

  @Test
  @DisplayName("a lookup cached before an await is right after it, whatever ran in between")
  void cacheSurvivesSuspension() {
    VirtualLoop.run(() ->
        taskGroup(group -> {
          for (int i = 0; i < 10; i++) {
            int level = i;
            group.createTask(() ->
                ScopedValue.where(LEVEL, level)
                    .call(() -> {
                      for (int j = 0; j < 10_000; j++) {
                        assertThat(LEVEL.get() + LEVEL.get()).isEqualTo(2 * level);
                        yieldOnce();
                      }
                      return null;
                    }));
          }
        }));
  }

  @Test
  @DisplayName(
      "an eager task sees its creator's bindings, and its own do not leak to the creator (EAG-4)")
  void eagerStart() throws Exception {
    VirtualLoop.run(() ->
        in(
            "creator",
            () -> {
              List<String> seen = new ArrayList<>();
              for (int i = 0; i < 1_000; i++) {
                Task<Void> eager =
                    createTask(
                        TaskOptions.eager(true),
                        () -> {
                          seen.add(name());
                          in(
                              "eager",
                              () -> {
                                seen.add(name());
                                yieldOnce();
                                seen.add(name());
                              });
                          seen.add(name());
                        });
                seen.add(name());
                eager.await();
                assertThat(seen).containsExactly("creator", "eager", "creator", "eager", "creator");
                assertThat(name()).isEqualTo("creator");
                seen.clear();
              }
            }));
  }

  @Test
  @DisplayName("a generator's own bindings stay inside it while it has yielded")
  void generatorDoesNotLeakToConsumer() {
    VirtualLoop.run(() -> {
      AsyncGenerator<String> generator =
          asyncGenerator(out ->
              in(
                  "generator",
                  () -> {
                    out.yield(name());
                    yieldOnce();
                    out.yield(name());
                  }));
      try (generator) {
        for (String inside : generator) {
          assertThat(inside).isEqualTo("generator");
          assertThat(name()).isEqualTo("none");
          yieldOnce();
          assertThat(name()).isEqualTo("none");
        }
      }
      assertThat(name()).isEqualTo("none");
    });
  }

  @Test
  @DisplayName("a generator keeps the bindings under which it was first advanced")
  void generatorKeepsItsBindings() {
    VirtualLoop.run(() -> {
      List<ScopedValue<String>> values = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        values.add(ScopedValue.newInstance());
      }
      AsyncGenerator<String> generator =
          asyncGenerator(out -> {
            // A value is looked up once only: the next time the cache might know it.
            for (int i = 0; i < values.size(); i += 2) {
              out.yield(values.get(i).orElse("none"));
              yieldOnce();
              out.yield(values.get(i + 1).orElse("none"));
            }
          });
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        String consumer = "consumer " + i;
        ScopedValue.Carrier all = ScopedValue.where(NAME, consumer);
        for (ScopedValue<String> value : values) {
          all = all.where(value, consumer);
        }
        all.call(() -> {
          assertThat(generator.advance()).isTrue();
          assertThat(name()).isEqualTo(consumer);
          seen.add(generator.current());
          return null;
        });
      }
      generator.close();
      assertThat(seen).hasSize(6).containsOnly("consumer 0");
    });
  }

  @Test
  @DisplayName(
      "after a StackOverflowError the JVM looks bindings up on the stack: inherited ones are found")
  void stackOverflowKeepsInheritedBindings() throws Exception {
    List<String> seen = new ArrayList<>();
    in(
        "caller of run",
        () ->
            VirtualLoop.run(() -> {
              List<Task<Void>> child = new ArrayList<>();
              in(
                  "creator",
                  () ->
                      child.add(
                          createTask(() -> {
                            overflow();
                            seen.add(name());
                            yieldOnce();
                            seen.add(name());
                          })));
              child.getFirst().await();
              seen.add(name());
            }));
    seen.add(name());
    assertThat(seen).containsExactly("creator", "creator", "caller of run", "none");
  }

  private static void overflow() {
    try {
      deeper(0);
    } catch (StackOverflowError expected) {
      // the JVM has dropped the thread's bindings now, to be on the safe side
    }
  }

  private static int deeper(int n) {
    return deeper(n + 1) + 1;
  }

  @Test
  @DisplayName("loops on two threads with tasks bound to the same scoped value do not mix them up")
  void twoLoops() throws Exception {
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (String mine : List.of("left", "right")) {
      threads.add(
          new Thread(() -> VirtualLoop.run(() -> in(mine, () -> expectOften(mine, wrong)))));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
  }
}
