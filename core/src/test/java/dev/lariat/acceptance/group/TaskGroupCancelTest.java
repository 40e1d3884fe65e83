package dev.lariat.acceptance.group;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.errorsOf;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.group;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.Action;
import dev.lariat.AsyncGenerator;
import dev.lariat.CancelledError;
import dev.lariat.ExceptionGroup;
import dev.lariat.Task;
import dev.lariat.TaskGroup;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code TaskGroup.cancel()}: the quiet end of a group. */
class TaskGroupCancelTest {
  private final Trace trace = new Trace();

  private Action sleeper(String name) {
    return () -> {
      try {
        sleep(LONG);
      } catch (CancelledError cancelled) {
        trace.add(name + " cancelled");
        throw cancelled;
      }
    };
  }

  private void assertGoesOn() {
    assertThat(currentTask().cancelling()).isZero();
    sleep(seconds(1));
  }

  @Test
  @DisplayName("TG-15 cancel() from the body ends children and body, without an exception")
  void fromTheBody() {
    run(() -> {
      Object value =
          taskGroup(group -> {
            group.createTask(sleeper("a"));
            group.createTask(sleeper("b"));
            tick();
            group.cancel();
            trace.add("body runs to its next await");
            sleeper("body").run();
            return "not returned";
          });
      assertThat(value).isNull();
      trace.assertEvents(
          "body runs to its next await", "a cancelled", "b cancelled", "body cancelled");
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 cancel() from a child, while the body runs, or while the parent waits")
  void fromAChild() {
    run(() -> {
      for (Action body : List.<Action>of(sleeper("body"), () -> {})) {
        group(group -> {
          group.createTask(sleeper("other"));
          group.createTask(() -> {
            sleep(seconds(1));
            group.cancel();
            sleeper("child").run();
          });
          body.run();
        });
        assertGoesOn();
      }
      trace.assertEvents(
          "other cancelled",
          "body cancelled",
          "child cancelled",
          "other cancelled",
          "child cancelled");
    });
  }

  @Test
  @DisplayName("TG-15 cancel() from another task")
  void fromOutside() {
    run(() -> {
      TaskGroup shared = new TaskGroup();
      Task<Void> parent =
          createTask(() -> {
            shared.run(group -> {
              group.createTask(sleeper("a"));
              sleeper("body").run();
              return null;
            });
            assertGoesOn();
          });
      sleep(seconds(1));
      shared.cancel();
      parent.await();
      trace.assertEvents("a cancelled", "body cancelled");
    });
  }

  @Test
  @DisplayName("TG-15 a body that does not await any more returns its value")
  void bodyEndsByItself() {
    run(() -> {
      int value =
          taskGroup(group -> {
            group.createTask(sleeper("a"));
            group.cancel();
            return 42;
          });
      assertThat(value).isEqualTo(42);
      trace.assertEvents(); // the child had not started
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 cancel() is idempotent, and does nothing after the end")
  void idempotent() {
    run(() -> {
      TaskGroup group = new TaskGroup();
      group.run(scope -> {
        scope.createTask(sleeper("a"));
        tick();
        scope.cancel();
        scope.cancel();
        assertThat(currentTask().cancelling()).isEqualTo(1);
        assertThat(catchThrowable(() -> tick())).isInstanceOf(CancelledError.class);
        scope.cancel();
        tick(); // one cancel is one CancelledError
        return null;
      });
      trace.assertEvents("a cancelled");
      group.cancel();
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 cancel() before entry cancels the body at its first await")
  void beforeEntry() {
    run(() -> {
      TaskGroup group = new TaskGroup();
      group.cancel();
      group.cancel();
      assertThat(currentTask().cancelling()).isZero();
      group.run(scope -> {
        trace.add("body starts");
        assertThatIllegalStateException()
            .isThrownBy(() -> scope.createTask(sleeper("a")))
            .withMessageEndingWith("is shutting down");
        sleeper("body").run();
        throw trace.unreachable();
      });
      trace.assertEvents("body starts", "body cancelled");
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 tasks cannot be made after cancel()")
  void noTasksAfterwards() {
    run(() -> {
      taskGroup(group -> {
        group.createTask(sleeper("a"));
        group.cancel();
        assertThatIllegalStateException()
            .isThrownBy(() -> group.createTask(sleeper("b")))
            .withMessageEndingWith("is shutting down");
      });
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 errors of children and body after cancel() are raised all the same")
  void errorsAreRaised() {
    run(() -> {
      UserError child = new UserError("child");
      UserError body = new UserError("body");
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(() -> {
              try {
                sleep(LONG);
              } catch (CancelledError cancelled) {
                throw child;
              }
            });
            tick();
            group.cancel();
            try {
              sleep(LONG);
            } catch (CancelledError cancelled) {
              throw body;
            }
          });
      assertThat(thrown.exceptions()).containsExactly(child, body);
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 cancel() after an error changes nothing")
  void afterAnError() {
    run(() -> {
      UserError error = new UserError("child");
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(failing(seconds(1), error));
            try {
              sleep(LONG);
            } finally {
              group.cancel();
              assertThat(currentTask().cancelling()).isEqualTo(1);
            }
          });
      assertThat(thrown.exceptions()).containsExactly(error);
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 the inner of two groups ends quietly, the outer goes on")
  void innerGroup() {
    run(() -> {
      taskGroup(outer -> {
        outer.createTask(() -> sleep(seconds(2)));
        taskGroup(inner -> {
          inner.createTask(sleeper("inner child"));
          tick();
          inner.cancel();
        });
        trace.add("outer goes on");
        assertGoesOn();
      });
      trace.assertEvents("inner child cancelled", "outer goes on");
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("TG-15 the outer of two groups ends quietly, through the inner")
  void outerGroup() {
    run(() -> {
      group(outer -> {
        taskGroup(inner -> {
          inner.createTask(sleeper("inner child"));
          tick();
          outer.cancel();
        });
        throw trace.unreachable();
      });
      trace.assertEvents("inner child cancelled");
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 a timeout around a group that is cancelled does not mistake it for its own")
  void insideATimeout() {
    run(() -> {
      timeout(
          seconds(5),
          () ->
              taskGroup(group -> {
                group.createTask(sleeper("a"));
                sleep(seconds(1));
                group.cancel();
              }));
      trace.assertEvents("a cancelled");
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-15 an outside cancel before cancel() goes on")
  void outsideCancelFirst() {
    run(() -> {
      TaskGroup shared = new TaskGroup();
      Task<Void> parent =
          createTask(() ->
              shared.run(group -> {
                group.createTask(slow("a"));
                sleep(LONG);
                return null;
              }));
      sleep(seconds(1));
      parent.cancel("outside");
      tick();
      shared.cancel();
      assertThat(catchThrowable(parent::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("outside");
    });
  }

  @Test
  @DisplayName("TG-15 an outside cancel after cancel() goes on, though the group has caught it")
  void outsideCancelSecond() {
    run(() -> {
      // gh-155433: while the parent waits for the children the group swallows every cancel, but
      // at the end one of them was not its own.
      TaskGroup shared = new TaskGroup();
      Task<Void> parent =
          createTask(() -> {
            shared.run(group -> group.createTask(slow("a")));
          });
      sleep(seconds(1));
      shared.cancel();
      tick();
      tick();
      parent.cancel("outside");
      assertThat(catchThrowable(parent::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("outside");
      assertThat(now()).as("and the child was waited for").isEqualTo(seconds(2));
    });
  }

  /** Takes a second to end when cancelled. */
  private Action slow(String name) {
    return () -> {
      try {
        sleeper(name).run();
      } finally {
        sleep(seconds(1));
      }
    };
  }

  @Test
  @DisplayName("TG-15 an eager child that calls cancel() at once is cancelled, too")
  void fromAnEagerChild() {
    run(() -> {
      // gh-155418: the group does not know the task yet when cancel() looks for whom to cancel.
      List<Task<?>> tasks = new ArrayList<>();
      group(group ->
          tasks.add(
              group.createTask(
                  TaskOptions.eager(true),
                  () -> {
                    group.cancel();
                    sleeper("eager").run();
                  })));
      assertThat(tasks).allMatch(task -> task.cancelled());
      trace.assertEvents("eager cancelled");
      assertGoesOn();
    });
  }

  @Test
  @DisplayName("TG-7 closing a generator around a group cancels the children and waits for them")
  void insideAGenerator() {
    run(() -> {
      try (AsyncGenerator<Integer> generator =
          asyncGenerator(out ->
              group(group -> {
                group.createTask(slow("child"));
                tick();
                out.yield(1);
              }))) {
        assertThat(generator.advance()).isTrue();
      }
      trace.assertEvents("child cancelled");
      assertThat(now()).isEqualTo(seconds(1));
    });
  }
}
