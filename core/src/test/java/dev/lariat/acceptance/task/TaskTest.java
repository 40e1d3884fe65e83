package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.iscoroutine;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.LoopTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** TASK-1, TASK-2, TASK-3, TASK-5, TASK-7 and TASK-8. */
class TaskTest extends LoopTest {
  private static final RuntimeException ERROR = new ArithmeticException("in task");

  private static String print(Task<?> task) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    task.printStack(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  // -- TASK-1 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("TASK-1 a task never starts inside createTask, but in the next iteration, in order")
  void startsLater() {
    loop.callSoon(trace.adds("callback"));
    loop.createTask(() -> trace.add("first"));
    loop.createTask(() -> trace.add("second"));
    trace.add("made");
    iterate();
    trace.assertEvents("made", "callback", "first", "second");
  }

  @Test
  @DisplayName(
      "TASK-1 nothing of a coroutine runs until it is awaited or made a task; each run is a new one")
  void coroutineIsLazy() {
    Coroutine<Integer> coroutine =
        () -> {
          trace.add("runs");
          return 1;
        };
    trace.assertEvents();
    run(() -> {
      Asyncio.await(coroutine);
      coroutine.await();
      createTask(coroutine).await();
    });
    trace.assertEvents("runs", "runs", "runs");
    assertThat(iscoroutine(coroutine)).isTrue();
    assertThat(iscoroutine("coroutine")).isFalse();
    assertThat(iscoroutine(loop.createFuture())).isFalse();
    assertThat(iscoroutine(null)).isFalse();
  }

  @Test
  @DisplayName("TASK-1 a task has the value, or the exception, of its coroutine")
  void outcome() {
    IOException checked = new IOException();
    run(() -> {
      Task<String> value = createTask(() -> "value");
      assertThat(value.await()).isEqualTo("value");
      assertThat(value.result()).isEqualTo("value");
      Task<Object> failing =
          createTask(() -> {
            throw ERROR;
          });
      assertThatThrownBy(failing::await).isSameAs(ERROR);
      Task<Object> failingChecked =
          createTask(() -> {
            throw checked;
          });
      assertThatThrownBy(failingChecked::await)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(checked);
      assertThat(failingChecked.exception()).isSameAs(checked);
    });
  }

  @Test
  @DisplayName("TASK-1 a task that awaits a task is resumed one iteration after that has ended")
  void resumedLater() {
    loop.createTask(() -> {
      Task<Void> inner = createTask(() -> trace.add("inner"));
      inner.await();
      trace.add("outer");
    });
    for (int i = 1; i <= 3; i++) {
      iterate();
      trace.add("iteration " + i);
    }
    trace.assertEvents("iteration 1", "inner", "iteration 2", "outer", "iteration 3");
  }

  @Test
  @DisplayName("TASK-1 a task that nobody refers to is held by its loop until it ends")
  void heldByLoop() {
    loop.createTask(() -> {
      loop.<Void>createFuture(); // nobody refers to what it waits for, either
      sleep(Duration.ofSeconds(1));
      trace.add("ended");
    });
    iterate();
    System.gc();
    run(() -> sleep(Duration.ofSeconds(2)));
    trace.assertEvents("ended");
  }

  // -- TASK-2 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("TASK-2 unnamed tasks are Task-N, counted by all loops together")
  void defaultNames() {
    try (EventLoop other = newLoop()) {
      String first = loop.createTask(() -> {}).getName();
      assertThat(first).matches("Task-\\d+");
      int number = Integer.parseInt(first.substring(5));
      loop.createTask(TaskOptions.named("named ones are not counted"), () -> {});
      assertThat(other.createTask(() -> {}).getName()).isEqualTo("Task-" + (number + 1));
      assertThat(loop.createTask(() -> {}).getName()).isEqualTo("Task-" + (number + 2));
      other.stop();
      other.runForever();
    }
    iterate();
  }

  @Test
  @DisplayName("TASK-2 a name may be given, empty too, and changed at any time; null is refused")
  void names() {
    Task<Void> task = loop.createTask(TaskOptions.named("given"), () -> {});
    assertThat(task.getName()).isEqualTo("given");
    task.setName("changed");
    assertThat(task.getName()).isEqualTo("changed");
    iterate();
    task.setName("");
    assertThat(task.getName()).isEmpty();
    assertThatNullPointerException().isThrownBy(() -> task.setName(null));
    assertThat(loop.createTask(new TaskOptions(null, null, null), () -> {}).getName())
        .startsWith("Task-");
    iterate();
  }

  @Test
  @DisplayName("TASK-2 a task sees its own name while it runs")
  void ownName() {
    loop.createTask(TaskOptions.named("me"), () -> trace.add(currentTask().getName()));
    iterate();
    trace.assertEvents("me");
  }

  // -- TASK-3 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("TASK-3 the outcome of a task cannot be set: before, while and after it runs")
  void noSetters() {
    Task<String> task =
        loop.createTask(() -> {
          @SuppressWarnings("unchecked")
          Task<String> self = (Task<String>) currentTask();
          assertThatIllegalStateException().isThrownBy(() -> self.setResult("mine"));
          return "returned";
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> task.setResult("mine"))
        .withMessageContaining("Task does not support setResult")
        .withMessageContaining("coroutine");
    assertThatIllegalStateException()
        .isThrownBy(() -> task.setException(ERROR))
        .withMessageContaining("Task does not support setException");
    assertThat(loop.runUntilComplete(task)).isEqualTo("returned");
    assertThatIllegalStateException().isThrownBy(() -> task.setResult("mine"));
  }

  // -- TASK-5 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("TASK-5 a task that awaits itself is told so, inside; it may catch that and go on")
  void awaitsItself() {
    Task<?>[] self = new Task<?>[1];
    self[0] =
        loop.createTask(
            TaskOptions.named("narcissus"),
            () -> {
              assertThatIllegalStateException()
                  .isThrownBy(() -> self[0].await())
                  .withMessageContaining("Task cannot await on itself")
                  .withMessageContaining("narcissus");
              sleep(Duration.ofSeconds(1));
              trace.add("goes on");
            });
    loop.runUntilComplete(self[0]);
    trace.assertEvents("goes on");
  }

  @Test
  @DisplayName("TASK-5 an uncaught await of itself fails the task")
  void awaitsItselfUncaught() {
    Task<?>[] self = new Task<?>[1];
    self[0] = loop.createTask(() -> self[0].await());
    assertThatIllegalStateException()
        .isThrownBy(() -> loop.runUntilComplete(self[0]))
        .withMessageContaining("Task cannot await on itself");
  }

  @Test
  @DisplayName(
      "TASK-5 awaiting a pending future of another loop is refused, inside, with what to use")
  void foreignFuture() {
    try (EventLoop other = newLoop()) {
      Future<Integer> foreign = other.createFuture();
      Task<Integer> foreignTask = other.createTask(() -> 1);
      run(() -> {
        for (Future<Integer> future : List.of(foreign, foreignTask)) {
          assertThatIllegalStateException()
              .isThrownBy(future::await)
              .withMessageContaining("attached to a different loop")
              .withMessageContaining("runCoroutineThreadsafe");
        }
        sleep(Duration.ofSeconds(1));
      });
      foreign.setResult(1); // nobody was left waiting: this must not reach into our loop
      other.stop();
      other.runForever();
      foreign.result();
    }
  }

  @Test
  @DisplayName("TASK-5 a future of another loop that is done can be awaited: nothing is waited for")
  void foreignDoneFuture() {
    try (EventLoop other = newLoop()) {
      Future<Integer> foreign = other.createFuture();
      foreign.setResult(7);
      run(() -> assertThat(foreign.await()).isEqualTo(7));
    }
  }

  @Test
  @DisplayName("TASK-5 awaiting a future of a loop that runs in another thread is refused, inside")
  void futureOfRunningLoop() {
    run(() -> {
      Future<Integer> mine = loop.createFuture();
      assertThat(
              inOtherThread(() -> {
                try (EventLoop other = newLoop()) {
                  other.runUntilComplete(() ->
                      assertThatIllegalStateException()
                          .isThrownBy(mine::await)
                          .withMessageContaining("attached to a different loop"));
                }
              }))
          .isNull();
    });
  }

  @Test
  @DisplayName("TASK-5 awaiting outside a task is refused, in a callback and where no loop runs")
  void awaitOutside() {
    Future<Integer> pending = loop.createFuture();
    assertThatIllegalStateException()
        .isThrownBy(pending::await)
        .withMessageContaining("No running event loop")
        .withMessageContaining("Asyncio.run(");
    assertThatIllegalStateException()
        .isThrownBy(() -> sleep(Duration.ZERO))
        .withMessageContaining("No running event loop");
    for (Runnable call : List.<Runnable>of(pending::await, () -> sleep(Duration.ZERO))) {
      loop.callSoon(() ->
          assertThatIllegalStateException()
              .isThrownBy(call::run)
              .withMessageContaining("Cannot await outside a task")
              .withMessageContaining("createTask("));
    }
    iterate();
    pending.addDoneCallback(done ->
        assertThatIllegalStateException()
            .isThrownBy(() -> sleep(Duration.ZERO))
            .withMessageContaining("Cannot await outside a task"));
    pending.setResult(1);
    iterate();
  }

  // -- TASK-7 ------------------------------------------------------------------------------------

  private static void outerMethod(Future<?> future) {
    innerMethod(future);
  }

  private static void innerMethod(Future<?> future) {
    future.await();
  }

  private static List<String> methods(Task<?> task) {
    return task.getStack().stream().map(StackTraceElement::getMethodName).toList();
  }

  @Test
  @DisplayName(
      "TASK-7 the stack of a suspended task is whole, innermost first, without the kernel's frames")
  void suspendedStack() {
    Future<Integer> future = loop.createFuture();
    Action body = () -> outerMethod(future);
    Task<Void> task = loop.createTask(body);
    assertThat(task.getStack()).as("not started").isEmpty();
    iterate();
    assertThat(methods(task)).startsWith("innerMethod", "outerMethod");
    assertThat(task.getStack())
        .noneMatch(frame -> frame.getClassName().startsWith("dev.lariat.internal."))
        .noneMatch(frame -> frame.getClassName().startsWith("jdk.internal."));
    future.setResult(1);
    loop.runUntilComplete(task);
    assertThat(task.getStack()).as("done").isEmpty();
  }

  @Test
  @DisplayName("TASK-7 the stack of a task that sleeps, yields, or waits for a task shows where")
  void stacksOfWaiting() {
    Task<Void> sleeping = loop.createTask(() -> sleep(Duration.ofSeconds(1)));
    Task<Void> yielding = loop.createTask(() -> sleep(Duration.ZERO));
    Task<Void> waiting = loop.createTask(() -> outerMethod(sleeping));
    iterate();
    assertThat(methods(sleeping)).contains("sleep");
    assertThat(methods(yielding)).contains("sleep");
    assertThat(methods(waiting)).startsWith("innerMethod", "outerMethod");
    loop.runUntilComplete(waiting);
  }

  @Test
  @DisplayName("TASK-7 the stack of the running task is where it runs")
  void runningStack() {
    run(() -> {
      List<StackTraceElement> stack = runningMethod();
      assertThat(stack.getFirst().getMethodName()).isEqualTo("runningMethod");
      assertThat(stack.get(1).getMethodName()).contains("runningStack");
    });
  }

  private static List<StackTraceElement> runningMethod() {
    return currentTask().getStack();
  }

  @Test
  @DisplayName(
      "TASK-7 the stack of a failed task is that of its exception; of a cancelled one it is empty")
  void stackAfterwards() {
    Task<Object> failed =
        loop.createTask(() -> {
          throw failingMethod();
        });
    iterate();
    assertThat(methods(failed)).startsWith("failingMethod");
    failed.exception();
    Task<Void> cancelled = loop.createTask(() -> sleep(Duration.ofDays(1)));
    cancelled.cancel();
    iterate();
    assertThat(cancelled.getStack()).isEmpty();
  }

  private static RuntimeException failingMethod() {
    return new ArithmeticException();
  }

  @Test
  @DisplayName("TASK-7 printStack prints the task and its frames, whatever its state")
  void printsStack() {
    Future<Integer> future = loop.createFuture();
    Task<Void> task = loop.createTask(TaskOptions.named("printed"), () -> outerMethod(future));
    assertThat(print(task)).contains("printed", "not started");
    iterate();
    assertThat(print(task).lines().toList())
        .satisfies(lines -> {
          assertThat(lines.get(0)).contains("printed");
          assertThat(lines.get(1)).contains("innerMethod", "TaskTest.java");
          assertThat(lines.get(2)).contains("outerMethod");
        });
    future.setException(ERROR);
    iterate();
    assertThat(print(task)).contains("printed", "in task");
    task.exception();
  }

  @Test
  @DisplayName("TASK-7 getCoro gives the body while the task is not done")
  void getCoro() {
    Coroutine<Integer> coroutine = () -> 1;
    Task<Integer> task = loop.createTask(coroutine);
    assertThat(task.getCoro()).isSameAs(coroutine);
    iterate();
    assertThat(task.getCoro()).isNull();
  }

  // -- TASK-8 ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "TASK-8 the text tells name and state: pending, what it waits for, cancelling, how it ended")
  void text() {
    Future<Integer> future = loop.createFuture();
    Task<Integer> task = loop.createTask(TaskOptions.named("my task"), () -> future.await());
    assertThat(task).asString().startsWith("Task[my task]").contains("pending");
    iterate();
    assertThat(task).asString().contains("pending", "wait_for=[Future pending");
    task.addDoneCallback(done -> {});
    assertThat(task).asString().contains("cb=");
    future.setResult(42);
    iterate();
    assertThat(task)
        .asString()
        .contains("my task", "finished", "result=42")
        .doesNotContain("wait_for");
  }

  @Test
  @DisplayName("TASK-8 the text of a task that fails, and of one that is cancelled")
  void textOfFailures() {
    Task<Object> failed =
        loop.createTask(() -> {
          throw ERROR;
        });
    Task<Void> cancelled = loop.createTask(() -> sleep(Duration.ofDays(1)));
    iterate();
    assertThat(failed).asString().contains("finished", "exception=", "in task");
    failed.exception();
    cancelled.cancel();
    assertThat(cancelled).asString().contains("pending", "cancelling");
    iterate();
    assertThat(cancelled).asString().contains("cancelled").doesNotContain("cancelling", "pending");
  }

  @Test
  @DisplayName("TASK-8 the text of tasks that wait for each other in a ring ends")
  void textOfRing() {
    Task<?>[] tasks = new Task<?>[2];
    tasks[0] = loop.createTask(() -> tasks[1].await());
    tasks[1] = loop.createTask(() -> tasks[0].await());
    iterate();
    assertThat(tasks[0].toString()).contains("wait_for");
    assertThat(tasks[1].toString()).contains("wait_for");
    loop.close();
    assertThat(takeReports()).hasSize(2);
  }

  @Test
  @DisplayName("TASK-8 the text of a subclass has its name")
  void textOfSubclass() {
    final class Special extends Task<Integer> {
      Special() {
        super(loop, () -> 1, TaskOptions.named("x"));
      }
    }
    assertThat(new Special()).asString().startsWith("Special[x]");
    iterate();
  }
}
