package dev.lariat.acceptance.group;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.errorsOf;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.newLoop;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lariat.CancelledError;
import dev.lariat.ExceptionGroup;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskFactory;
import dev.lariat.TaskGroup;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a group may be used and how not, and what it leaves behind. */
class TaskGroupUseTest {
  private final Trace trace = new Trace();

  /** A coroutine that must not run. */
  private void never() {
    throw trace.unreachable();
  }

  private void assertRefuses(TaskGroup group, String reason) {
    assertThatIllegalStateException()
        .isThrownBy(() -> group.createTask(this::never))
        .withMessageEndingWith(reason);
    assertThatIllegalStateException()
        .isThrownBy(() -> group.createTask(TaskOptions.eager(true), this::never))
        .withMessageEndingWith(reason);
  }

  // -- when tasks can be made --------------------------------------------------------------------

  @Test
  @DisplayName("TG-10 no task before the group is entered")
  void notEntered() {
    run(() -> {
      assertRefuses(new TaskGroup(), "has not been entered");
      tick();
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("TG-10 no task after the group is finished, whether it ended well or not")
  void finished() {
    run(() -> {
      List<TaskGroup> groups = new ArrayList<>();
      taskGroup(group -> {
        groups.add(group);
        group.createTask(() -> tick());
      });
      errorsOf(group -> {
        groups.add(group);
        throw new UserError("body");
      });
      groups.forEach(group -> assertRefuses(group, "is finished"));
      tick();
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("TG-10 no task while the group shuts down after an error")
  void shuttingDown() {
    run(() -> {
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(failing(seconds(1), new UserError("child")));
            group.createTask(() -> {
              try {
                sleep(LONG);
              } finally {
                assertRefuses(group, "is shutting down");
                trace.add("refused in a child");
              }
            });
            try {
              sleep(LONG);
            } finally {
              assertRefuses(group, "is shutting down");
              trace.add("refused in the body");
            }
          });
      assertThat(thrown.exceptions()).extracting(Throwable::getMessage).containsExactly("child");
      trace.assertEvents("refused in a child", "refused in the body");
    });
  }

  @Test
  @DisplayName("TG-10 nor after an outside cancel, until the last child has ended")
  void shuttingDownAfterCancel() {
    run(() -> {
      Task<Void> parent =
          createTask(() ->
              taskGroup(group -> {
                group.createTask(() -> {
                  try {
                    sleep(LONG);
                  } finally {
                    assertRefuses(group, "is shutting down");
                    trace.add("refused");
                  }
                });
              }));
      sleep(seconds(1));
      parent.cancel();
      assertThat(catchThrowable(parent::await)).isInstanceOf(CancelledError.class);
      trace.assertEvents("refused");
    });
  }

  @Test
  @DisplayName("TG-10 a task of somebody else may make tasks as long as the group is open")
  void tasksOfOthers() {
    run(() -> {
      TaskGroup shared = new TaskGroup();
      Task<Void> parent =
          createTask(() -> shared.run(group -> group.createTask(() -> sleep(seconds(1)))).result());
      tick();
      Task<Void> child = shared.createTask(() -> sleep(seconds(2)));
      parent.await();
      assertThat(child.done()).isTrue();
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  // -- entering ----------------------------------------------------------------------------------

  @Test
  @DisplayName("TG-11 a group is entered once")
  void enteredOnce() {
    run(() -> {
      TaskGroup group = new TaskGroup();
      group.run(scope -> {
        assertThatIllegalStateException()
            .isThrownBy(() -> group.run(again -> trace.events()))
            .withMessageEndingWith("has already been entered");
        return scope.createTask(() -> sleep(seconds(1)));
      });
      assertThat(now()).as("the first entry is not disturbed").isEqualTo(seconds(1));
      assertThatIllegalStateException()
          .isThrownBy(() -> group.run(again -> trace.events()))
          .withMessageEndingWith("has already been entered");
    });
  }

  @Test
  @DisplayName("TG-11 a group needs a task around it")
  void withoutTask() {
    run(() -> {
      TaskGroup group = new TaskGroup();
      List<Throwable> thrown = new ArrayList<>();
      getRunningLoop()
          .callSoon(() -> thrown.add(catchThrowable(() -> group.run(scope -> trace.events()))));
      tick();
      assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
      assertRefuses(group, "has not been entered");
      tick();
      trace.assertEvents();
    });
  }

  // -- options -----------------------------------------------------------------------------------

  @Test
  @DisplayName("TG-12 name and context are passed on")
  void nameAndContext() {
    run(() -> {
      ContextVar<Integer> variable = ContextVar.of("variable");
      Context context = Context.copyContext();
      taskGroup(group -> {
        TaskOptions options = TaskOptions.named("yolo").withContext(context);
        Task<?> first = group.createTask(options, () -> variable.set(1));
        assertThat(first.getName()).isEqualTo("yolo");
        first.await();
        assertThat(context.get(variable)).isEqualTo(1);
        group.createTask(options, () -> variable.set(variable.get() + 1)).await();
        group.createTask(() -> variable.set(7)).await();
      });
      assertThat(context.get(variable)).isEqualTo(2);
    });
  }

  @Test
  @DisplayName("TG-12 eager start is passed on")
  void eagerStart() {
    run(() -> {
      taskGroup(group -> {
        Task<Integer> done = group.createTask(TaskOptions.eager(true), () -> 42);
        assertThat(done.result()).isEqualTo(42);
        group.createTask(
            TaskOptions.eager(true),
            () -> {
              trace.add("eager");
              sleep(seconds(1));
            });
        group.createTask(TaskOptions.eager(false), () -> trace.add("lazy"));
        trace.add("body");
      });
      trace.assertEvents("eager", "body", "lazy");
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName(
      "TG-12 EAG-8 an eager child that fails at once disturbs the body only at its next await")
  void eagerFailure() {
    run(() -> {
      getRunningLoop().setTaskFactory(TaskFactory.EAGER);
      Task<?> self = currentTask();
      UserError error = new UserError("eager");
      ExceptionGroup thrown =
          errorsOf(group -> {
            Task<Void> failed = group.createTask(failingNow(error));
            assertThat(failed.done()).isTrue();
            assertThat(self.cancelling()).isZero();
            Task<Void> other = group.createTask(() -> sleep(LONG));
            trace.add("body goes on");
            assertThat(catchThrowable(() -> sleep(LONG))).isInstanceOf(CancelledError.class);
            assertThat(catchThrowable(other::await)).isInstanceOf(CancelledError.class);
          });
      assertThat(thrown.exceptions()).containsExactly(error);
      assertThat(self.cancelling()).isZero();
      trace.assertEvents("body goes on");
    });
  }

  private static dev.lariat.Action failingNow(UserError error) {
    return () -> {
      throw error;
    };
  }

  // -- what is left behind -----------------------------------------------------------------------

  @Test
  @DisplayName("TG-14 the errors are the very objects that were thrown, causes and all")
  void causesAreIntact() {
    run(() -> {
      UserError cause = new UserError("cause");
      UserError error = new UserError("error");
      error.initCause(cause);
      ExceptionGroup thrown = errorsOf(group -> group.createTask(failing(seconds(1), error)));
      assertThat(thrown.exceptions()).containsExactly(error);
      assertThat(error).hasCause(cause).hasNoSuppressedExceptions();
      assertThat(thrown).hasNoCause();
      assertThat(error.getStackTrace()).isNotEmpty();
    });
  }

  @Test
  @DisplayName(
      "TG-14 a group that has ended keeps none of its tasks, nor its parent, nor do its errors")
  void keepsNoTasks() {
    var loop = newLoop();
    TaskGroup group = new TaskGroup();
    List<WeakReference<Task<?>>> tasks = new ArrayList<>();
    ExceptionGroup thrown =
        catchThrowableOfType(
            ExceptionGroup.class,
            () ->
                loop.runUntilComplete(() -> {
                  tasks.add(new WeakReference<>(currentTask()));
                  group.run(scope -> {
                    for (int i = 0; i < 20; i++) {
                      tasks.add(new WeakReference<>(scope.createTask(() -> tick())));
                    }
                    tasks.add(new WeakReference<>(scope.createTask(() -> sleep(LONG))));
                    return scope.createTask(failing(seconds(1), new UserError("child")));
                  });
                }));
    for (int i = 0; i < 100 && tasks.stream().anyMatch(task -> task.get() != null); i++) {
      System.gc();
    }
    assertThat(tasks).hasSize(22).allMatch(task -> task.get() == null);
    assertThat(group.toString()).startsWith("TaskGroup[");
    assertThat(thrown.exceptions()).hasSize(1);
    loop.close();
  }

  @Test
  @DisplayName("TG-14 a group that lives on keeps few tasks that have ended")
  void forgetsEndedTasks() {
    run(() -> {
      taskGroup(group -> {
        List<WeakReference<Future<?>>> tasks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          Task<Void> task = group.createTask(() -> tick());
          tasks.add(new WeakReference<>(task));
          task.await();
        }
        for (int i = 0; i < 100 && alive(tasks) > 50; i++) {
          System.gc();
        }
        assertThat(alive(tasks)).isLessThanOrEqualTo(50);
      });
    });
  }

  private static long alive(List<WeakReference<Future<?>>> tasks) {
    return tasks.stream().filter(task -> task.get() != null).count();
  }
}
