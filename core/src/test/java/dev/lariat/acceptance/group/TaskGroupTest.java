package dev.lariat.acceptance.group;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.errorsOf;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.group;
import static dev.lariat.acceptance.several.Programs.newLoop;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionGroup;
import dev.lariat.Future;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.Task;
import dev.lariat.TaskGroup;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a group does with its tasks and their errors, while nobody cancels it from outside. */
class TaskGroupTest {
  private final Trace trace = new Trace();
  private final UserError one = new UserError("one");
  private final UserError two = new UserError("two");

  /** Sleeps until it is cancelled, and notes that. */
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

  // -- waiting -----------------------------------------------------------------------------------

  @Test
  @DisplayName("TG-1 leaving the group waits for every child")
  void waitsForChildren() {
    run(() -> {
      List<Task<Integer>> tasks = new ArrayList<>();
      taskGroup(group -> {
        tasks.add(group.createTask(() -> sleep(seconds(1), 42)));
        tasks.add(group.createTask(() -> sleep(seconds(2), 11)));
      });
      assertThat(now()).isEqualTo(seconds(2));
      assertThat(tasks).extracting(Task::result).containsExactly(42, 11);
    });
  }

  @Test
  @DisplayName("TG-1 a child may be made while others run")
  void childrenMadeLater() {
    run(() -> {
      taskGroup(group -> {
        group.createTask(() -> sleep(seconds(2)));
        sleep(seconds(1));
        group.createTask(() -> sleep(seconds(2)));
      });
      assertThat(now()).isEqualTo(seconds(3));
    });
  }

  @Test
  @DisplayName("TG-1 children that children make are waited for, though the body is long over")
  void childrenOfChildren() {
    run(() -> {
      group(group ->
          group.createTask(() -> {
            sleep(seconds(1));
            group.createTask(() -> sleep(seconds(1)));
            group.createTask(() -> {
              sleep(seconds(2));
              group.createTask(() -> sleep(seconds(4)));
            });
          }));
      assertThat(now()).isEqualTo(seconds(7));
    });
  }

  @Test
  @DisplayName("TG-1 tasks that never stop making tasks end with the first error")
  void hydra() {
    run(() -> {
      int[] heads = {0};
      TaskGroup group = new TaskGroup();
      class Hydra implements Action {
        @Override
        public void run() {
          heads[0]++;
          sleep(seconds(1));
          group.createTask(this);
          group.createTask(this);
        }
      }
      Action hercules =
          () -> {
            while (heads[0] < 10) {
              sleep(Duration.ofMillis(1500));
            }
            throw one;
          };
      ExceptionGroup thrown =
          catchThrowableOfType(
              ExceptionGroup.class,
              () ->
                  group.run(scope -> {
                    scope.createTask(new Hydra());
                    return scope.createTask(hercules);
                  }));
      assertThat(thrown.exceptions()).containsExactly(one);
      assertThat(heads[0]).isGreaterThanOrEqualTo(10);
    });
  }

  @Test
  @DisplayName("TG-1 a group with nothing to wait for is left without suspending")
  void leavesAtOnce() {
    run(() -> {
      taskGroup(group -> {});
      group(group -> group.createTask(() -> tick()).await());
      getRunningLoop().callSoon(trace.adds("callback"));
      taskGroup(group -> {});
      taskGroup(group -> {
        group.createTask(() -> tick()).await();
        trace.assertEvents("callback");
        getRunningLoop().callSoon(trace.adds("later"));
      });
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("TG-1 the value of the body is the value of the group")
  void valueOfBody() {
    run(() -> {
      int value =
          taskGroup(group -> {
            Task<Integer> half = group.createTask(() -> sleep(seconds(1), 21));
            return half.await() * 2;
          });
      assertThat(value).isEqualTo(42);
    });
  }

  // -- the first error ---------------------------------------------------------------------------

  @Test
  @DisplayName("TG-2 the first error cancels the other children and the body")
  void errorCancelsTheRest() {
    run(() -> {
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(failing(seconds(1), one));
            group.createTask(sleeper("a"));
            group.createTask(sleeper("b"));
            sleeper("body").run();
          });
      assertThat(thrown.exceptions()).containsExactly(one);
      trace.assertEvents("a cancelled", "b cancelled", "body cancelled");
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("TG-2 an error while the parent waits at the end cancels the other children")
  void errorWhileLeaving() {
    run(() -> {
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(failing(seconds(1), one));
            group.createTask(sleeper("a"));
          });
      assertThat(thrown.exceptions()).containsExactly(one);
      trace.assertEvents("a cancelled");
      assertThat(currentTask().cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("TG-2 the body is cancelled once, however many children fail, and may go on")
  void bodyIsCancelledOnce() {
    run(() -> {
      Task<?> self = currentTask();
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(failing(Duration.ZERO, one));
            group.createTask(failing(Duration.ZERO, two));
            assertThat(catchThrowable(sleeper("body")::run))
                .isInstanceOf(CancelledError.class)
                .hasMessage(null);
            assertThat(self.cancelling()).isEqualTo(1);
            sleep(seconds(1));
          });
      assertThat(thrown.exceptions()).containsExactly(one, two);
      assertThat(now()).isEqualTo(seconds(1));
      assertThat(self.cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("TG-2 an error of a first step is noticed after all first steps")
  void orderOfAnEarlyError() {
    run(() -> {
      errorsOf(group -> {
        group.createTask(() -> {
          trace.add("failing starts");
          throw one;
        });
        group.createTask(() -> {
          trace.add("other starts");
          sleeper("other").run();
        });
        getRunningLoop().callSoon(trace.adds("callback"));
        sleeper("body").run();
      });
      trace.assertEvents(
          "failing starts", "other starts", "callback", "other cancelled", "body cancelled");
    });
  }

  // -- which errors are raised -------------------------------------------------------------------

  @Test
  @DisplayName(
      "TG-3 the errors come together, in the order they were raised; cancelled tasks do not")
  void errorsTogether() {
    run(() -> {
      IOException checked = new IOException("while cleaning up");
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(sleeper("a"));
            group.createTask(() -> {
              try {
                sleep(LONG);
              } finally {
                failing(seconds(1), checked).run();
              }
            });
            group.createTask(failing(seconds(1), two));
            group.createTask(failing(seconds(1), one));
          });
      assertThat(thrown).hasMessage("unhandled errors in a TaskGroup (3 sub-exceptions)");
      assertThat(thrown.exceptions()).containsExactly(two, one, checked);
      assertThat(thrown.getSuppressed()).containsExactly(two, one, checked);
    });
  }

  @Test
  @DisplayName("TG-3 an error of the body cancels the children, and they are waited for")
  void errorOfTheBody() {
    run(() -> {
      List<Task<?>> tasks = new ArrayList<>();
      ExceptionGroup thrown =
          errorsOf(group -> {
            tasks.add(
                group.createTask(() -> {
                  try {
                    sleep(LONG);
                  } finally {
                    sleep(seconds(2));
                  }
                }));
            sleep(seconds(1));
            throw one;
          });
      assertThat(thrown).hasMessage("unhandled errors in a TaskGroup (1 sub-exception)");
      assertThat(thrown.exceptions()).containsExactly(one);
      assertThat(tasks).allMatch(Future::cancelled);
      assertThat(now()).isEqualTo(seconds(3));
    });
  }

  @Test
  @DisplayName("TG-3 when the body fails at once, its children never start")
  void bodyFailsBeforeChildrenStart() {
    run(() -> {
      IOException checked = new IOException("at once");
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(() -> trace.add("started"));
            throw checked;
          });
      assertThat(thrown.exceptions()).containsExactly(checked);
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("TG-3 the error of the body stands last, whenever it was raised")
  void errorOfTheBodyIsLast() {
    run(() -> {
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(failing(seconds(1), one));
            group.createTask(() -> {
              try {
                sleep(LONG);
              } finally {
                failing(seconds(1), new UserError("late")).run();
              }
            });
            try {
              sleep(LONG);
            } catch (CancelledError cancelled) {
              throw two;
            }
          });
      assertThat(thrown.exceptions())
          .extracting(Throwable::getMessage)
          .containsExactly("one", "late", "two");
      assertThat(currentTask().cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("TG-3 a group inside a group: the inner errors are one member of the outer")
  void innerErrors() {
    run(() -> {
      ExceptionGroup thrown =
          errorsOf(outer -> {
            outer.createTask(sleeper("outer child"));
            group(inner -> inner.createTask(failing(seconds(1), one)));
          });
      assertThat(thrown.exceptions()).singleElement().isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown.exceptions().get(0)).exceptions()).containsExactly(one);
      trace.assertEvents("outer child cancelled");
    });
  }

  @Test
  @DisplayName("TG-3 a group inside a group: an outer error goes through the inner as cancellation")
  void outerErrorGoesThroughInner() {
    run(() -> {
      ExceptionGroup thrown =
          errorsOf(outer -> {
            outer.createTask(failing(seconds(1), one));
            group(inner -> inner.createTask(sleeper("inner child")));
          });
      assertThat(thrown.exceptions()).containsExactly(one);
      trace.assertEvents("inner child cancelled");
      assertThat(currentTask().cancelling()).isZero();
    });
  }

  // -- errors that are no exceptions -------------------------------------------------------------

  @Test
  @DisplayName("TG-4 an Error among the members makes no other kind of group")
  void errorsOfAnyKind() {
    run(() -> {
      AssertionError error = new AssertionError("child");
      StackOverflowError overflow = new StackOverflowError("body");
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(failing(seconds(1), error));
            try {
              sleep(LONG);
            } catch (CancelledError cancelled) {
              throw overflow;
            }
          });
      assertThat(thrown.exceptions()).containsExactly(error, overflow);
    });
  }

  @Test
  @DisplayName("TG-5 a fatal error of the body is raised bare, once the children have ended")
  void fatalErrorOfTheBody() {
    EventLoop loop = newLoop();
    KeyboardInterrupt fatal = new KeyboardInterrupt();
    Action main =
        () ->
            group(group -> {
              group.createTask(failing(seconds(1), one));
              try {
                sleeper("body").run();
              } catch (CancelledError cancelled) {
                throw fatal;
              }
            });
    assertThat(catchThrowable(() -> loop.runUntilComplete(main))).isSameAs(fatal);
    trace.assertEvents("body cancelled");
    assertThat(loop.time()).isEqualTo(seconds(1));
    loop.close();
  }

  @Test
  @DisplayName("TG-5 a fatal error of a child leaves the loop, and then the group, bare")
  void fatalErrorOfAChild() {
    EventLoop loop = newLoop();
    KeyboardInterrupt fatal = new KeyboardInterrupt();
    Task<Void> main =
        loop.createTask(() ->
            group(group -> {
              group.createTask(failing(seconds(1), fatal));
              group.createTask(sleeper("other"));
              sleeper("body").run();
            }));
    assertThat(catchThrowable(() -> loop.runUntilComplete(main))).isSameAs(fatal);
    assertThat(main.done()).isFalse();
    trace.assertEvents();

    assertThat(catchThrowable(() -> loop.runUntilComplete(main))).isSameAs(fatal);
    assertThat(main.exception()).isSameAs(fatal);
    trace.assertEvents("other cancelled", "body cancelled");
    loop.close();
  }

  @Test
  @DisplayName("TG-5 of several fatal errors the first is raised")
  void firstFatalErrorWins() {
    EventLoop loop = newLoop();
    KeyboardInterrupt first = new KeyboardInterrupt();
    KeyboardInterrupt second = new KeyboardInterrupt();
    Task<Void> main =
        loop.createTask(() ->
            group(group -> {
              group.createTask(() -> {
                try {
                  sleep(LONG);
                } catch (CancelledError cancelled) {
                  throw second;
                }
              });
              sleep(seconds(1));
              throw first;
            }));
    assertThat(catchThrowable(() -> loop.runUntilComplete(main))).isSameAs(second);
    assertThat(catchThrowable(() -> loop.runUntilComplete(main))).isSameAs(first);
    loop.close();
  }

  // -- a child that is cancelled by itself -------------------------------------------------------

  @Test
  @DisplayName("TG-6 a child that somebody cancels disturbs neither the others nor the body")
  void cancelledChild() {
    run(() -> {
      taskGroup(group -> {
        Task<Void> cancelled = group.createTask(sleeper("a"));
        Task<Integer> other = group.createTask(() -> sleep(seconds(2), 11));
        sleep(seconds(1));
        cancelled.cancel();
        group.createTask(() -> sleep(seconds(3)));
        assertThat(other.await()).isEqualTo(11);
        assertThat(cancelled.cancelled()).isTrue();
      });
      trace.assertEvents("a cancelled");
      assertThat(now()).isEqualTo(seconds(4));
      assertThat(currentTask().cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("TG-6 so does one that throws CancelledError itself, or awaits what was cancelled")
  void childThatCancelsItself() {
    run(() -> {
      Future<Void> future = getRunningLoop().createFuture();
      Task<Void> elsewhere = createTask(() -> sleep(LONG));
      List<Task<?>> tasks = new ArrayList<>();
      taskGroup(group -> {
        tasks.add(group.createTask(failing(Duration.ZERO, new CancelledError("mine"))));
        tasks.add(group.createTask(() -> future.await()));
        tasks.add(group.createTask(() -> elsewhere.await()));
        tick();
        future.cancel();
        elsewhere.cancel();
        sleep(seconds(1));
      });
      assertThat(tasks).hasSize(3).allMatch(Future::cancelled);
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("TG-6 an error after that is raised alone")
  void cancelledChildThenError() {
    run(() -> {
      ExceptionGroup thrown =
          errorsOf(group -> {
            group.createTask(sleeper("a")).cancel();
            group.createTask(failing(seconds(1), one));
          });
      assertThat(thrown.exceptions()).containsExactly(one);
    });
  }
}
