package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionGroup;
import dev.lariat.Future;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.Task;
import dev.lariat.TaskFactory;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** EAG-1 to EAG-8: tasks whose first step runs inside createTask. */
class EagerTest extends LoopTest {
  private static final TaskOptions EAGER = TaskOptions.eager(true);
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");

  private static <T> Task<T> eager(Coroutine<T> body) {
    return createTask(EAGER, body);
  }

  private static Task<Void> eager(Action body) {
    return createTask(EAGER, body);
  }

  // -- EAG-1 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "EAG-1 a body that does not wait is over when createTask returns, and is never scheduled")
  void completes() {
    run(() -> {
      trace.expect(1);
      Task<String> task =
          eager(() -> {
            trace.expect(2);
            return "value";
          });
      trace.expect(3);
      assertThat(task.done()).isTrue();
      assertThat(task.result()).isEqualTo("value");
      assertThat(task.cancel()).isFalse();
      assertThat(task.await()).isEqualTo("value"); // does not suspend
      trace.expect(4);
    });
    trace.finish(5);
  }

  @Test
  @DisplayName(
      "EAG-1 it runs up to its first wait, then createTask returns; awaiting what is done is no wait")
  void runsToFirstWait() {
    run(() -> {
      Future<Integer> done = loop.createFuture();
      done.setResult(1);
      Future<Integer> pending = loop.createFuture();
      Task<Integer> task =
          eager(() -> {
            trace.add("start");
            done.await();
            trace.add("done was awaited");
            return pending.await();
          });
      trace.add("made");
      assertThat(task.done()).isFalse();
      pending.setResult(2);
      assertThat(task.await()).isEqualTo(2);
    });
    trace.assertEvents("start", "done was awaited", "made");
  }

  @Test
  @DisplayName("EAG-1 the order beside callbacks and ordinary tasks is CPython's")
  void order() {
    Task<Void> main =
        loop.createTask(
            TaskOptions.named("main"),
            () -> {
              loop.callSoon(trace.adds("callback"));
              createTask(EAGER.withName("one"), () -> child(1));
              trace.add("after 1 in " + currentTask().getName());
              createTask(TaskOptions.named("two"), () -> child(2));
              Task<Void> three = createTask(EAGER.withName("three"), () -> child(3));
              trace.add("after 3");
              sleep(Duration.ZERO);
              trace.add("main goes on");
              three.await();
              trace.add("main has 3");
            });
    loop.runUntilComplete(main);
    trace.assertEvents(
        "1 starts in one",
        "after 1 in main",
        "3 starts in three",
        "after 3",
        "callback",
        "1 goes on",
        "2 starts in two",
        "3 goes on",
        "main goes on",
        "main has 3",
        "2 goes on");
  }

  private void child(int n) {
    trace.add(n + " starts in " + currentTask().getName());
    sleep(Duration.ZERO);
    trace.add(n + " goes on");
  }

  @Test
  @DisplayName("EAG-1 the done callbacks of a task that is over run soon, not inline")
  void doneCallbacks() {
    run(() -> {
      Task<Integer> task = eager(() -> 1);
      task.addDoneCallback(done -> trace.add("callback"));
      trace.add("added");
      sleep(Duration.ZERO);
    });
    trace.assertEvents("added", "callback");
  }

  @Test
  @DisplayName("EAG-1 eager tasks may start eager tasks, many deep, and all may wait")
  void nested() {
    run(() -> nest(100).await());
    assertThat(trace.events()).hasSize(202);
  }

  private Task<Void> nest(int depth) {
    return eager(() -> {
      trace.add("down " + depth);
      Task<Void> inner = depth == 0 ? null : nest(depth - 1);
      sleep(Duration.ZERO);
      if (inner != null) {
        inner.await();
      }
      trace.add("up " + depth);
    });
  }

  @Test
  @DisplayName(
      "EAG-1 eager starts work in callbacks, timers and done callbacks too, and inside synchronized")
  void inCallbacks() {
    loop.callSoon(() -> {
      synchronized (this) {
        eager(() -> {
          trace.add("starts in " + (currentTask() == null ? "callback" : "task"));
          sleep(Duration.ofSeconds(1));
          trace.add("goes on");
        });
        assertThat(Thread.holdsLock(this)).isTrue();
      }
      assertThat(currentTask()).isNull();
      trace.add("callback ends");
    });
    iterate();
    run(() -> sleep(Duration.ofSeconds(2)));
    trace.assertEvents("starts in task", "callback ends", "goes on");
  }

  // -- EAG-2 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "EAG-2 one that waits is a task like any other: in allTasks, to be cancelled, held by the loop")
  void graduates() {
    run(() -> {
      Task<Void> task = eager(() -> sleep(Duration.ofDays(1)));
      assertThat(allTasks()).containsExactlyInAnyOrder(task, currentTask());
      task.cancel("stop");
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("stop");
      assertThat(allTasks()).containsExactly(currentTask());
      Task<Integer> over = eager(() -> 1);
      assertThat(allTasks()).doesNotContain(over);
    });
  }

  @Test
  @DisplayName("EAG-2 it is in allTasks during its first step as well")
  void inAllTasksFromTheStart() {
    run(() -> {
      Task<?> outer = currentTask();
      eager(
          () -> assertThat(allTasks()).containsExactlyInAnyOrder(outer, currentTask()).hasSize(2));
    });
  }

  // -- EAG-3 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "EAG-3 currentTask is the child during its first step, and the creator again afterwards")
  void currentTaskIsSwapped() {
    run(() -> {
      Task<?> outer = currentTask();
      Task<?>[] seen = new Task<?>[1];
      Task<Void> waits =
          eager(() -> {
            seen[0] = currentTask();
            assertThat(getRunningLoop()).isSameAs(loop);
            sleep(Duration.ZERO);
            assertThat(currentTask()).isSameAs(seen[0]);
          });
      assertThat(currentTask()).isSameAs(outer);
      assertThat(seen[0]).isSameAs(waits);
      eager(() -> {});
      assertThat(currentTask()).as("after one that is over").isSameAs(outer);
      waits.await();
    });
  }

  @Test
  @DisplayName("EAG-3 currentTask is the creator again after an error, even a fatal one")
  void currentTaskAfterErrors() {
    run(() -> {
      Task<?> outer = currentTask();
      Task<Object> failed =
          eager(() -> {
            throw new ArithmeticException();
          });
      assertThat(currentTask()).isSameAs(outer);
      assertThat(failed.exception()).isInstanceOf(ArithmeticException.class);
      Task<?>[] fatal = new Task<?>[1];
      assertThatThrownBy(() ->
              eager(() -> {
                fatal[0] = currentTask();
                throw new KeyboardInterrupt();
              }))
          .isInstanceOf(KeyboardInterrupt.class);
      assertThat(currentTask()).isSameAs(outer);
      assertThat(fatal[0].exception()).isInstanceOf(KeyboardInterrupt.class);
      sleep(Duration.ofSeconds(1));
      assertThat(currentTask()).isSameAs(outer);
    });
  }

  @Test
  @DisplayName(
      "EAG-3 a child may wait for its creator, and for a future that the creator then completes")
  void waitsForCreator() {
    run(() -> {
      Task<String> creator =
          createTask(() -> {
            Future<String> future = loop.createFuture();
            Task<?> self = currentTask();
            eager(() -> {
              self.await();
              trace.add("creator has ended");
            });
            Task<Void> child = eager(() -> trace.add(future.await()));
            future.setResult("from the creator");
            child.await();
            return "value";
          });
      creator.await();
      sleep(Duration.ZERO);
    });
    trace.assertEvents("from the creator", "creator has ended");
  }

  // -- EAG-4 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "EAG-4 the child has a copied context of its own: what it sets is not seen by its creator")
  void contextIsCopied() {
    run(() -> {
      VAR.set("creator's");
      Task<String> task =
          eager(() -> {
            String before = VAR.get();
            VAR.set("child's");
            sleep(Duration.ZERO);
            return before + ", " + VAR.get();
          });
      assertThat(VAR.get()).isEqualTo("creator's");
      VAR.set("changed");
      assertThat(task.await()).isEqualTo("creator's, child's");
      assertThat(VAR.get()).isEqualTo("changed");
    });
  }

  @Test
  @DisplayName(
      "EAG-4 a given context is used in the first step already, and given back after an error too")
  void givenContext() {
    Context context = new Context();
    run(() -> {
      VAR.set("creator's");
      Task<Object> failed =
          createTask(
              EAGER.withContext(context),
              () -> {
                VAR.set("child's");
                throw new ArithmeticException();
              });
      assertThat(failed.exception()).isInstanceOf(ArithmeticException.class);
      assertThat(VAR.get()).isEqualTo("creator's");
    });
    assertThat(context.get(VAR)).isEqualTo("child's");
  }

  // -- EAG-5 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("EAG-5 while the loop does not run, an eager task is scheduled like any other")
  void loopNotRunning() {
    Task<Void> task = loop.createTask(EAGER, () -> trace.add("ran"));
    trace.assertEvents();
    assertThat(task.done()).isFalse();
    iterate();
    trace.assertEvents("ran");
  }

  @Test
  @DisplayName("EAG-5 main of run is a task like any other when the factory is eager")
  void eagerFactoryAndRun() {
    loop.setTaskFactory(TaskFactory.EAGER);
    assertThat(run(() -> sleep(Duration.ofSeconds(1), currentTask() == null ? "none" : "task")))
        .isEqualTo("task");
  }

  // -- EAG-6 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("EAG-6 the eager factory starts every task eagerly, unless the call says otherwise")
  void factory() {
    loop.setTaskFactory(TaskFactory.EAGER);
    run(() -> {
      assertThat(createTask(() -> 1).done()).isTrue();
      assertThat(createTask(EAGER, () -> 1).done()).isTrue();
      Task<Integer> lazy = createTask(TaskOptions.eager(false), () -> 1);
      assertThat(lazy.done()).isFalse();
      assertThat(lazy.await()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("EAG-6 without a factory a task is eager only if the call says so")
  void withoutFactory() {
    run(() -> {
      assertThat(createTask(() -> 1).done()).isFalse();
      assertThat(createTask(TaskOptions.eager(false), () -> 1).done()).isFalse();
      assertThat(createTask(EAGER, () -> 1).done()).isTrue();
    });
  }

  @Test
  @DisplayName("EAG-6 an eager factory can be made of any constructor")
  void customFactory() {
    final class Mine<T extends @Nullable Object> extends Task<T> {
      Mine(EventLoop of, Coroutine<? extends T> coroutine, TaskOptions options) {
        super(of, coroutine, options);
      }
    }
    TaskFactory plain =
        new TaskFactory() {
          @Override
          public <T extends @Nullable Object> Task<T> create(
              EventLoop of, Coroutine<T> coroutine, TaskOptions options) {
            return new Mine<>(of, coroutine, options);
          }
        };
    loop.setTaskFactory(TaskFactory.eager(plain));
    run(() -> {
      Task<Integer> task = createTask(TaskOptions.named("mine"), () -> 1);
      assertThat(task).isInstanceOf(Mine.class);
      assertThat(task.done()).isTrue();
      assertThat(task.getName()).isEqualTo("mine");
    });
  }

  // -- EAG-7 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("EAG-7 an exception in the first step is the task's, and does not leave createTask")
  void exceptionStaysInside() {
    run(() -> {
      RuntimeException error = new ArithmeticException();
      Task<Object> task =
          eager(() -> {
            throw error;
          });
      assertThat(task.done()).isTrue();
      assertThat(task.exception()).isSameAs(error);
      Task<Object> cancelled =
          eager(() -> {
            throw new CancelledError("own");
          });
      assertThat(cancelled.cancelled()).isTrue();
      assertThat(cancelled.cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("EAG-7 a child that cancels itself in its first step is cancelled at its first wait")
  void cancelsItself() {
    run(() -> {
      Task<Void> task =
          eager(() -> {
            currentTask().cancel("self");
            trace.add("goes on");
            sleep(Duration.ofDays(1));
          });
      assertThat(task.done()).isFalse();
      assertThat(task.cancelling()).isEqualTo(1);
      assertThatThrownBy(task::await).hasMessage("self");
    });
    trace.assertEvents("goes on");
  }

  @Test
  @DisplayName("EAG-7 a child that cancels its creator does so at the creator's next wait")
  void cancelsCreator() {
    run(() -> {
      Task<?> creator = currentTask();
      eager(() -> creator.cancel("by child"));
      trace.add("creator goes on");
      assertThatThrownBy(() -> sleep(Duration.ZERO))
          .isInstanceOf(CancelledError.class)
          .hasMessage("by child");
      creator.uncancel();
    });
    trace.assertEvents("creator goes on");
  }

  @Test
  @DisplayName("EAG-7 the name is there in the first step, given or default")
  void nameInFirstStep() {
    run(() -> {
      createTask(EAGER.withName("given"), () -> trace.add(currentTask().getName()));
      eager(() -> assertThat(currentTask().getName()).matches("Task-\\d+"));
    });
    trace.assertEvents("given");
  }

  @Test
  @DisplayName("EAG-7 an exception that nobody reads is reported like any task's")
  void neverRetrieved() {
    run(() -> {
      createTask(
          EAGER.withName("eager"),
          () -> {
            throw new ArithmeticException();
          });
    });
    loop.close();
    assertThat(takeReport().message()).contains("eager", "was never retrieved");
  }

  // -- EAG-8 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "EAG-8 an eager child of a group that fails at once cancels the body at its next wait, not inside createTask")
  void failingChildOfGroup() {
    run(() ->
        assertThatThrownBy(() ->
                taskGroup(group -> {
                  group.createTask(
                      EAGER,
                      () -> {
                        throw new ArithmeticException("at once");
                      });
                  trace.add("body goes on");
                  assertThat(currentTask().cancelling()).isZero();
                  group.createTask(EAGER, () -> trace.add("second child"));
                  try {
                    sleep(Duration.ofDays(1));
                  } finally {
                    trace.add("body is cancelled");
                  }
                }))
            .isInstanceOf(ExceptionGroup.class)
            .satisfies(error ->
                assertThat(((ExceptionGroup) error).exceptions())
                    .singleElement()
                    .isInstanceOf(ArithmeticException.class)));
    trace.assertEvents("body goes on", "second child", "body is cancelled");
  }

  @Test
  @DisplayName(
      "EAG-8 eager children of a group that are over at once are let go of by their done callbacks")
  void quickChildrenOfGroup() {
    run(() -> {
      loop.callSoon(trace.adds("callback"));
      taskGroup(group -> {
        group.createTask(EAGER, () -> trace.add("child"));
      });
      trace.add("left");
    });
    trace.assertEvents("child", "callback", "left"); // the child's done callback is waited for
  }
}
