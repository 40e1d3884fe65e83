package dev.lariat.acceptance.timeout;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
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
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionGroup;
import dev.lariat.Future;
import dev.lariat.ScopedVoidBlock;
import dev.lariat.Task;
import dev.lariat.Timeout;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.Trace;
import dev.lariat.acceptance.several.Programs.BusyClock;
import dev.lariat.acceptance.several.Programs.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A timeout, among other cancellations and other exceptions. */
class TimeoutCancellationTest {
  private final Trace trace = new Trace();
  private @Nullable Throwable thrown;

  /** Runs {@code body} for some seconds at most; what it throws is {@link #thrown}. */
  private Timeout within(int seconds, ScopedVoidBlock<Timeout, Exception> body) {
    Timeout timeout = new Timeout(now().plusSeconds(seconds));
    thrown =
        catchThrowable(() ->
            timeout.run(scope -> {
              body.run(scope);
              return null;
            }));
    return timeout;
  }

  private static int cancelling() {
    return currentTask().cancelling();
  }

  /** A cancel that was swallowed, and not taken back. */
  private static void leaveACancelBehind() {
    currentTask().cancel();
    assertThat(catchThrowable(() -> tick())).isInstanceOf(CancelledError.class);
    assertThat(cancelling()).isEqualTo(1);
  }

  // -- conversion --------------------------------------------------------------------------------

  @Test
  @DisplayName("TO-3 the deadline cancels the task where it waits, and becomes TimeoutException")
  void conversion() {
    run(() -> {
      CancelledError[] inside = new CancelledError[1];
      Timeout timeout =
          within(
              1,
              scope -> {
                inside[0] = catchThrowableOfType(CancelledError.class, () -> sleep(LONG));
                assertThat(cancelling()).isEqualTo(1);
                throw inside[0];
              });
      assertThat(thrown).isInstanceOf(TimeoutException.class);
      assertThat(thrown.getCause()).isSameAs(inside[0]);
      assertThat(inside[0]).hasMessage(null);
      assertThat(timeout.expired()).isTrue();
      assertThat(cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("TO-3 a body that ignores the deadline is left normally, and nothing stays behind")
  void bodyIgnoresIt() {
    run(() -> {
      Timeout timeout =
          within(
              1,
              scope -> {
                assertThat(catchThrowable(() -> sleep(LONG))).isInstanceOf(CancelledError.class);
                sleep(seconds(1)); // one cancel is one CancelledError
              });
      assertThat(thrown).isNull();
      assertThat(timeout.expired()).isTrue();
      assertThat(cancelling()).isZero();
      tick();
      assertThat(now()).isEqualTo(seconds(2));
    });
  }

  @Test
  @DisplayName("TO-3 when the awaited thing is done in the tick of the deadline, the deadline wins")
  void doneInTheTickOfTheDeadline() {
    run(() -> {
      Future<Integer> future = getRunningLoop().createFuture();
      getRunningLoop().callAt(seconds(1), () -> future.setResult(42));
      within(1, scope -> future.await());
      assertThat(thrown).isInstanceOf(TimeoutException.class);
      assertThat(future.result()).isEqualTo(42);
      assertThat(cancelling()).isZero();
      tick();
    });
  }

  @Test
  @DisplayName("TO-3 a body that is through when the alarm is about to ring is not disturbed")
  void throughInTime() {
    BusyClock clock = new BusyClock();
    EventLoop loop = new EventLoop(clock);
    loop.runUntilComplete(() -> {
      Future<Integer> future = loop.createFuture();
      loop.callSoon(() -> {
        future.setResult(42);
        clock.spend(seconds(5)); // the alarm is due now, but stands behind this task
      });
      Timeout timeout = within(1, scope -> future.await());
      assertThat(thrown).isNull();
      assertThat(timeout.expired()).isFalse();
      tick();
      assertThat(cancelling()).isZero();
    });
    loop.close();
  }

  @Test
  @DisplayName("TO-3 a kind of CancelledError is a CancelledError")
  void subclassOfCancelledError() {
    run(() -> {
      class Special extends CancelledError {}
      within(
          1,
          scope -> {
            try {
              sleep(LONG);
            } catch (CancelledError cancelled) {
              throw new Special();
            }
          });
      assertThat(thrown).isInstanceOf(TimeoutException.class);
      assertThat(thrown.getCause()).isInstanceOf(Special.class);
    });
  }

  @Test
  @DisplayName("TO-3 CancelledError that the body throws by itself is not converted")
  void ownCancelledError() {
    run(() -> {
      CancelledError mine = new CancelledError("mine");
      Timeout timeout =
          within(
              1,
              scope -> {
                throw mine;
              });
      assertThat(thrown).isSameAs(mine);
      assertThat(timeout.expired()).isFalse();
    });
  }

  // -- cancels from elsewhere --------------------------------------------------------------------

  @Test
  @DisplayName("TO-4 a foreign cancel goes through")
  void foreignCancel() {
    run(() -> {
      Timeout timeout =
          within(
              1,
              scope -> {
                currentTask().cancel("foreign");
                sleep(LONG);
              });
      assertThat(thrown).isInstanceOf(CancelledError.class).hasMessage("foreign");
      assertThat(timeout.expired()).isFalse();
      assertThat(cancelling()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("TO-4 so does one that comes after the deadline, while the body cleans up")
  void foreignCancelAfterTheDeadline() {
    run(() -> {
      Timeout timeout =
          within(
              1,
              scope -> {
                try {
                  sleep(LONG);
                } finally {
                  currentTask().cancel("foreign");
                  sleep(LONG);
                }
              });
      assertThat(thrown).isInstanceOf(CancelledError.class).hasMessage("foreign");
      assertThat(timeout.expired()).isTrue();
      assertThat(cancelling()).isEqualTo(1);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("TO-4 so does one in the tick of the deadline, before it or after")
  void foreignCancelInTheTickOfTheDeadline(boolean before) {
    run(() -> {
      Task<?> self = currentTask();
      Runnable arrange = () -> getRunningLoop().callLater(seconds(1), self::cancel);
      if (before) {
        arrange.run(); // timers of one time fire in the order in which they were made
      }
      Timeout timeout =
          within(
              1,
              scope -> {
                if (!before) {
                  arrange.run();
                }
                sleep(LONG);
              });
      assertThat(thrown).isInstanceOf(CancelledError.class);
      assertThat(timeout.expired()).isTrue();
      assertThat(cancelling()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("TO-4 a cancel from before the entry is no excuse: the timeout converts")
  void cancelFromBefore() {
    run(() -> {
      leaveACancelBehind();
      within(1, scope -> sleep(LONG));
      assertThat(thrown).isInstanceOf(TimeoutException.class);
      assertThat(cancelling()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("TO-4 and a further one inside still goes through")
  void cancelFromBeforeAndInside() {
    run(() -> {
      leaveACancelBehind();
      Timeout timeout =
          within(
              1,
              scope -> {
                currentTask().cancel();
                sleep(LONG);
              });
      assertThat(thrown).isInstanceOf(CancelledError.class);
      assertThat(timeout.expired()).isFalse();
      assertThat(cancelling()).isEqualTo(2);
    });
  }

  // -- other exceptions --------------------------------------------------------------------------

  @Test
  @DisplayName("TO-5 an exception before the deadline is left alone")
  void exceptionBeforeTheDeadline() {
    run(() -> {
      UserError error = new UserError("early");
      Timeout timeout = within(1, scope -> failing(Duration.ZERO, error).run());
      assertThat(thrown).isSameAs(error).hasNoSuppressedExceptions();
      assertThat(timeout.expired()).isFalse();
    });
  }

  @Test
  @DisplayName("TO-5 an exception in the cleanup after the deadline is thrown, and tells of it")
  void exceptionAfterTheDeadline() {
    run(() -> {
      UserError cause = new UserError("cause");
      UserError error = new UserError("cleanup");
      error.initCause(cause);
      Timeout timeout =
          within(
              1,
              scope -> {
                try {
                  sleep(LONG);
                } catch (CancelledError cancelled) {
                  throw error;
                }
              });
      assertThat(thrown).isSameAs(error).hasCause(cause);
      assertThat(error.getSuppressed()).singleElement().isInstanceOf(TimeoutException.class);
      assertThat(timeout.expired()).isTrue();
      assertThat(cancelling()).isZero();
      tick();
    });
  }

  @Test
  @DisplayName("TO-5 also each error of a group that ended for it")
  void groupAfterTheDeadline() {
    run(() -> {
      UserError error = new UserError("cleanup");
      within(
          1,
          scope ->
              group(group ->
                  group.createTask(() -> {
                    try {
                      sleep(LONG);
                    } catch (CancelledError cancelled) {
                      throw error;
                    }
                  })));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown).exceptions()).containsExactly(error);
      assertThat(thrown.getSuppressed()).hasAtLeastOneElementOfType(TimeoutException.class);
      assertThat(error.getSuppressed()).singleElement().isInstanceOf(TimeoutException.class);
      assertThat(cancelling()).isZero();
      tick();
    });
  }

  @Test
  @DisplayName("TO-5 one that was cancelled from elsewhere as well tells nothing")
  void exceptionAfterDeadlineAndCancel() {
    run(() -> {
      UserError error = new UserError("cleanup");
      within(
          1,
          scope -> {
            try {
              sleep(LONG);
            } catch (CancelledError cancelled) {
              currentTask().cancel();
              throw error;
            }
          });
      assertThat(thrown).isSameAs(error).hasNoSuppressedExceptions();
      assertThat(cancelling()).isEqualTo(1);
      assertThat(catchThrowable(() -> tick())).isInstanceOf(CancelledError.class);
    });
  }

  // -- several -----------------------------------------------------------------------------------

  @Test
  @DisplayName("TO-6 the inner of two expires: only that converts, and the outer goes on")
  void innerExpires() {
    run(() -> {
      Timeout outer =
          within(
              5,
              scope -> {
                Timeout inner = within(1, inside -> sleep(LONG));
                assertThat(thrown).isInstanceOf(TimeoutException.class);
                assertThat(inner.expired()).isTrue();
                sleep(seconds(1));
              });
      assertThat(thrown).isNull();
      assertThat(outer.expired()).isFalse();
    });
  }

  @Test
  @DisplayName("TO-6 the outer of two expires: its cancellation goes through the inner")
  void outerExpires() {
    run(() -> {
      within(
          1,
          scope -> {
            Timeout inner = within(5, inside -> sleep(LONG));
            trace.add("inner " + thrown.getClass().getSimpleName() + " " + inner.expired());
            throw (CancelledError) thrown;
          });
      assertThat(thrown).isInstanceOf(TimeoutException.class);
      trace.assertEvents("inner CancelledError false");
      assertThat(cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("TO-6 the inner converts, and then the outer interrupts the next await")
  void oneAfterTheOther() {
    run(() -> {
      within(
          2,
          scope -> {
            within(1, inside -> sleep(LONG));
            assertThat(thrown).isInstanceOf(TimeoutException.class);
            sleep(LONG);
          });
      assertThat(thrown).isInstanceOf(TimeoutException.class);
      assertThat(now()).isEqualTo(seconds(2));
      assertThat(cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("TO-6 both expire before the task runs again: the outer converts, one time")
  void bothExpireAtOnce() {
    // As CPython: the inner sees that there is a request that is not its own.
    for (int outerDelay : new int[] {1, 2}) {
      BusyClock clock = new BusyClock();
      EventLoop loop = new EventLoop(clock);
      loop.runUntilComplete(() -> {
        Timeout outer =
            within(
                outerDelay,
                scope -> {
                  Timeout inner =
                      within(
                          3 - outerDelay,
                          inside -> {
                            clock.spend(seconds(5));
                            sleep(LONG);
                          });
                  trace.add(thrown.getClass().getSimpleName() + " " + inner.expired());
                  assertThat(cancelling()).isEqualTo(1);
                  throw (CancelledError) thrown;
                });
        trace.add(thrown.getClass().getSimpleName() + " " + outer.expired());
        trace.assertEvents("CancelledError true", "TimeoutException true");
        assertThat(cancelling()).isZero();
        assertThat(now()).isEqualTo(seconds(5));
        tick();
      });
      loop.close();
    }
  }

  @Test
  @DisplayName("TO-6 a timeout in the cleanup of another has a life of its own")
  void timeoutInCleanup() {
    run(() -> {
      List<Throwable> inCleanup = new ArrayList<>();
      within(
          1,
          scope -> {
            try {
              sleep(LONG);
            } finally {
              within(1, inside -> sleep(LONG));
              inCleanup.add(thrown);
            }
          });
      assertThat(inCleanup).singleElement().isInstanceOf(TimeoutException.class);
      assertThat(thrown).isInstanceOf(TimeoutException.class);
      assertThat(thrown.getCause())
          .isInstanceOf(CancelledError.class)
          .isNotSameAs(inCleanup.get(0).getCause());
      assertThat(now()).isEqualTo(seconds(2));
      assertThat(cancelling()).isZero();
    });
  }

  @Test
  @DisplayName("TO-6 a timeout in a group, and one around it, expire together")
  void aroundAndInsideAGroup() {
    run(() -> {
      within(
          1,
          scope -> {
            ExceptionGroup inside =
                errorsOf(group -> {
                  group.createTask(() -> timeout(Duration.ofMillis(500), () -> sleep(LONG)));
                  sleep(LONG);
                });
            assertThat(inside.exceptions()).singleElement().isInstanceOf(TimeoutException.class);
            assertThat(cancelling()).isZero();
            sleep(LONG);
          });
      assertThat(thrown).isInstanceOf(TimeoutException.class);
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("TO-7 the task does not end cancelled, and can go on")
  void taskIsNotCancelled() {
    run(() -> {
      Task<Void> task =
          createTask(() -> {
            within(1, scope -> sleep(LONG));
            assertThat(thrown).isInstanceOf(TimeoutException.class);
            sleep(seconds(1));
          });
      task.await();
      assertThat(task.cancelled()).isFalse();
      assertThat(now()).isEqualTo(seconds(2));

      Task<Void> failing = createTask(() -> timeout(seconds(1), () -> sleep(LONG)));
      assertThat(catchThrowable(failing::await)).isInstanceOf(TimeoutException.class);
      assertThat(failing.cancelled()).isFalse();
      assertThat(failing.exception()).isInstanceOf(TimeoutException.class);
    });
  }
}
