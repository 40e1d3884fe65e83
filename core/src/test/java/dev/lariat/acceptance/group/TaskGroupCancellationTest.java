package dev.lariat.acceptance.group;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.acceptance.several.Programs.LONG;
import static dev.lariat.acceptance.several.Programs.errorsOf;
import static dev.lariat.acceptance.several.Programs.failing;
import static dev.lariat.acceptance.several.Programs.group;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.ExceptionGroup;
import dev.lariat.Task;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.UserError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The parent of a group is cancelled from outside, with and without errors at the same time. */
class TaskGroupCancellationTest {
  private final Trace trace = new Trace();
  private final UserError one = new UserError("one");
  private final UserError two = new UserError("two");

  /** Sleeps until cancelled, notes that, and takes a second to end. */
  private Action slow(String name) {
    return () -> {
      try {
        sleep(LONG);
      } catch (CancelledError cancelled) {
        trace.add(name + " cancelled");
        sleep(seconds(1));
        throw cancelled;
      }
    };
  }

  /** Sleeps until cancelled, and then fails. */
  private static Action failingWhenCancelled(UserError error) {
    return () -> {
      try {
        sleep(LONG);
      } catch (CancelledError cancelled) {
        throw error;
      }
    };
  }

  // -- cancellation alone ------------------------------------------------------------------------

  @Test
  @DisplayName("TG-7 a cancel in the body goes to the children, which are waited for, and then on")
  void cancelledInTheBody() {
    run(() -> {
      Task<Void> parent =
          createTask(() ->
              group(group -> {
                group.createTask(slow("a"));
                group.createTask(slow("b"));
                try {
                  sleep(LONG);
                } finally {
                  trace.add("body ends");
                }
              }));
      sleep(seconds(1));
      parent.cancel("why");
      assertThat(catchThrowable(parent::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
      trace.assertEvents("body ends", "a cancelled", "b cancelled");
      assertThat(parent.cancelled()).isTrue();
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("TG-7 a cancel while the parent waits at the end does the same")
  void cancelledWhileLeaving() {
    run(() -> {
      Task<Void> parent = createTask(() -> group(group -> group.createTask(slow("a"))));
      sleep(seconds(1));
      parent.cancel("why");
      assertThat(catchThrowable(parent::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
      trace.assertEvents("a cancelled");
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("TG-7 children that had not started never do")
  void cancelledBeforeChildrenStart() {
    run(() -> {
      Task<Void> parent =
          createTask(() ->
              group(group -> {
                try {
                  sleep(LONG);
                } finally {
                  group.createTask(() -> trace.add("started"));
                }
              }));
      sleep(seconds(1));
      parent.cancel();
      assertThat(catchThrowable(parent::await)).isInstanceOf(CancelledError.class);
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("TG-7 the cancellation goes on even if every child ignores it")
  void childrenIgnoreIt() {
    run(() -> {
      List<Task<Integer>> children = new ArrayList<>();
      Task<Void> parent =
          createTask(() ->
              group(group ->
                  children.add(
                      group.createTask(() -> {
                        try {
                          return sleep(LONG, 1);
                        } catch (CancelledError ignored) {
                          return 2;
                        }
                      }))));
      sleep(seconds(1));
      parent.cancel();
      assertThat(catchThrowable(parent::await)).isInstanceOf(CancelledError.class);
      assertThat(children).extracting(Task::result).containsExactly(2);
    });
  }

  @Test
  @DisplayName("TG-7 further cancels abandon no child; the first of them is the one that goes on")
  void cancelledAgainAndAgain() {
    run(() -> {
      List<Integer> counts = new ArrayList<>();
      Task<Void> parent =
          createTask(() -> {
            try {
              group(group -> group.createTask(slow("a")));
            } finally {
              counts.add(currentTask().cancelling());
            }
          });
      sleep(seconds(1));
      parent.cancel("first");
      tick();
      parent.cancel("second");
      tick();
      parent.cancel("third");
      assertThat(catchThrowable(parent::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("first");
      trace.assertEvents("a cancelled");
      assertThat(now()).isEqualTo(seconds(2));
      assertThat(counts).containsExactly(3);
    });
  }

  @Test
  @DisplayName("TG-7 two cancels in one tick: the children see one, and are waited for")
  void cancelledTwiceAtOnce() {
    run(() -> {
      Task<Void> parent =
          createTask(() ->
              group(group -> {
                group.createTask(slow("a"));
                sleep(LONG);
              }));
      sleep(seconds(1));
      parent.cancel("first");
      parent.cancel("second");
      assertThat(catchThrowable(parent::await)).hasMessage("first");
      trace.assertEvents("a cancelled");
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("TG-7 a cancel in the tick in which the last child ends is not swallowed")
  void cancelledWhenAllIsOver() {
    run(() -> {
      Task<Void> parent =
          createTask(() -> group(group -> group.createTask(() -> sleep(seconds(1)))));
      tick();
      sleep(seconds(1));
      ticks(2); // the child has ended and the group was told, but the parent has not run again
      assertThat(parent.done()).isFalse();
      parent.cancel("why");
      assertThat(catchThrowable(parent::await))
          .isInstanceOf(CancelledError.class)
          .hasMessage("why");
    });
  }

  // -- cancellation and errors -------------------------------------------------------------------

  @Test
  @DisplayName("TG-8 errors outrank an outside cancel, which is asked for again at the next await")
  void errorsOutrankCancel() {
    run(() -> {
      Task<Void> parent =
          createTask(() -> {
            Task<?> self = currentTask();
            assertThat(
                    errorsOf(
                            group -> {
                              group.createTask(failing(seconds(1), one));
                              group.createTask(slow("a"));
                            })
                        .exceptions())
                .containsExactly(one);
            assertThat(self.cancelling()).isEqualTo(1);
            trace.add("goes on");
            try {
              tick();
            } catch (CancelledError cancelled) {
              // It is the group that asks now, so the message is gone.
              trace.add("cancelled " + cancelled.getMessage() + " " + self.cancelling());
              throw cancelled;
            }
          });
      sleep(seconds(1));
      tick();
      tick();
      assertThat(parent.cancelling()).as("the group's own").isEqualTo(1);
      parent.cancel("outside");
      assertThat(catchThrowable(parent::await)).isInstanceOf(CancelledError.class);
      trace.assertEvents("a cancelled", "goes on", "cancelled null 1");
      assertThat(parent.cancelled()).isTrue();
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("TG-8 in the tick in which the child fails, too")
  void errorAndCancelInOneTick() {
    run(() -> {
      Task<Void> parent =
          createTask(() -> {
            Task<?> self = currentTask();
            assertThat(
                    errorsOf(
                            group -> {
                              group.createTask(failing(seconds(1), one));
                              sleep(LONG);
                            })
                        .exceptions())
                .containsExactly(one);
            assertThat(self.cancelling()).isEqualTo(1);
            sleep(LONG);
          });
      tick();
      sleep(seconds(1)); // after the child's, which started first
      parent.cancel();
      assertThat(catchThrowable(parent::await)).isInstanceOf(CancelledError.class);
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("TG-8 the children's errors while they are cancelled outrank the cancel, too")
  void errorsInCleanup() {
    run(() -> {
      Task<Void> parent =
          createTask(() ->
              group(group -> {
                group.createTask(failingWhenCancelled(one));
                group.createTask(failingWhenCancelled(two));
                sleep(LONG);
              }));
      sleep(seconds(1));
      parent.cancel();
      ExceptionGroup thrown = catchThrowableOfType(ExceptionGroup.class, parent::await);
      assertThat(thrown.exceptions()).containsExactly(one, two);
      assertThat(parent.cancelled()).isFalse();
    });
  }

  @Test
  @DisplayName("TG-8 so do those of children that fail while the cancelled body cleans up")
  void errorWhileTheBodyCleansUp() {
    run(() -> {
      Task<Void> parent =
          createTask(() ->
              group(group -> {
                group.createTask(failing(seconds(3), one));
                try {
                  sleep(LONG);
                } catch (CancelledError cancelled) {
                  sleep(LONG); // cut short by the child's error
                  throw cancelled;
                }
              }));
      sleep(seconds(1));
      parent.cancel();
      ExceptionGroup thrown = catchThrowableOfType(ExceptionGroup.class, parent::await);
      assertThat(thrown.exceptions()).containsExactly(one);
      assertThat(now()).isEqualTo(seconds(3));
    });
  }

  @Test
  @DisplayName("TG-8 a body that throws something else when cancelled fails the group with it")
  void bodyReplacesTheCancel() {
    run(() -> {
      Task<Void> parent =
          createTask(() -> {
            assertThat(errorsOf(group -> failingWhenCancelled(one).run()).exceptions())
                .containsExactly(one);
            assertThat(currentTask().cancelling()).isEqualTo(1);
            tick(); // the cancel, asked for again
          });
      tick();
      parent.cancel();
      assertThat(catchThrowable(parent::await)).isInstanceOf(CancelledError.class);
    });
  }

  @Test
  @DisplayName("TG-8 groups in a group: an outside cancel, and the errors of the innermost")
  void nestedErrorsOutrankCancel() {
    run(() -> {
      Task<Void> parent =
          createTask(() ->
              group(outer -> {
                outer.createTask(slow("outer child"));
                group(inner -> inner.createTask(failingWhenCancelled(one)));
              }));
      sleep(seconds(1));
      parent.cancel();
      ExceptionGroup thrown = catchThrowableOfType(ExceptionGroup.class, parent::await);
      assertThat(thrown.exceptions()).singleElement().isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown.exceptions().get(0)).exceptions()).containsExactly(one);
      trace.assertEvents("outer child cancelled");
    });
  }

  @Test
  @DisplayName("TG-8 groups in a group: both are cancelled by their own children in one tick")
  void nestedGroupsBothCancelled() {
    run(() -> {
      Task<?> self = currentTask();
      ExceptionGroup thrown =
          errorsOf(outer -> {
            ExceptionGroup inside =
                errorsOf(inner -> {
                  inner.createTask(failing(seconds(1), one));
                  outer.createTask(failing(seconds(1), two));
                });
            assertThat(inside.exceptions()).containsExactly(one);
            assertThat(self.cancelling()).isEqualTo(1);
            sleep(LONG); // the outer group's cancel
          });
      assertThat(thrown.exceptions()).containsExactly(two);
      assertThat(self.cancelling()).isZero();
      sleep(seconds(1));
    });
  }

  // -- the balance -------------------------------------------------------------------------------

  @Test
  @DisplayName("TG-9 after the group's own cancel the count is zero, and the task goes on")
  void ownCancelIsTakenBack() {
    run(() -> {
      errorsOf(group -> {
        group.createTask(failing(seconds(1), one));
        sleep(LONG);
      });
      assertThat(currentTask().cancelling()).isZero();
      sleep(seconds(1));
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("TG-9 the count from before the group stays, and is asked for again after errors")
  void countFromBefore() {
    run(() -> {
      Task<?> self = currentTask();
      self.cancel();
      assertThat(catchThrowable(() -> tick())).isInstanceOf(CancelledError.class);
      assertThat(self.cancelling()).isEqualTo(1);

      taskGroup(group -> {});
      assertThat(self.cancelling()).isEqualTo(1);

      errorsOf(group -> {
        group.createTask(failing(seconds(1), one));
        sleep(LONG);
      });
      assertThat(self.cancelling()).isEqualTo(1);
      assertThat(catchThrowable(() -> tick())).isInstanceOf(CancelledError.class);
      assertThat(self.cancelling()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("TG-9 an outside cancel stays counted when it goes through a group")
  void outsideCancelStaysCounted() {
    run(() -> {
      Task<Integer> parent =
          createTask(() -> {
            assertThat(catchThrowable(() -> group(group -> group.createTask(slow("a")))))
                .isInstanceOf(CancelledError.class);
            return currentTask().cancelling();
          });
      tick();
      tick();
      parent.cancel();
      assertThat(parent.await()).isEqualTo(1);
    });
  }
}
