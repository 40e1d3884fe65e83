package dev.lariat.testkit;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.Handle;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.TimerHandle;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Callbacks, timers, and running, stopping and closing the loop. */
abstract class CallbackContract extends ContractFixture {
  abstract EventLoop newLoop();

  // -- callSoon ----------------------------------------------------------------------------------

  @Test
  @DisplayName("callbacks run in the order they were scheduled in (LOOP-6)")
  void callSoonIsFirstInFirstOut() {
    for (int i = 0; i < 5; i++) {
      loop().callSoon(logging(i));
    }
    loop().callSoon(loop()::stop);
    loop().runForever();
    assertLog(0, 1, 2, 3, 4);
  }

  @Test
  @DisplayName("an iteration runs what was ready when it began, and no more (LOOP-6)")
  void onlyWhatWasReadyRuns() {
    loop()
        .callSoon(() -> {
          log("first");
          loop().callSoon(logging("scheduled by the first"));
        });
    loop().callSoon(logging("second"));
    iterate(1);
    assertLog("first", "second");
    iterate(1);
    assertLog("scheduled by the first");
  }

  @Test
  @DisplayName("a callback that always schedules itself keeps no timer from running (LOOP-6)")
  void busyCallbackStarvesNothing() {
    Runnable busy =
        new Runnable() {
          @Override
          public void run() {
            loop().callSoon(this);
          }
        };
    loop().callSoon(busy);
    loop().callLater(Duration.ZERO, loop()::stop);
    loop().runForever();
    assertFalse(loop().isRunning());
  }

  @Test
  @DisplayName("a callback runs in the context that was current when it was scheduled (CTX-1)")
  void callbacksRunInACopyOfTheContext() {
    ContextVar<String> variable = ContextVar.withDefault("variable", "none");
    Context other = Context.copyContext();
    other.run(() -> variable.set("other"));
    run(() -> {
      variable.set("before");
      loop().callSoon(() -> log(variable.get()));
      loop().callLater(Duration.ZERO, () -> log(variable.get()));
      loop().callSoon(() -> log(variable.get()), other);
      variable.set("after");
      sleep(ms(1));
      log(variable.get());
    });
    assertLog("before", "other", "before", "after");
  }

  // -- timers ------------------------------------------------------------------------------------

  @Test
  @DisplayName("timers run in the order of their times (LOOP-7)")
  void timersRunInOrder() {
    Duration start = loop().time();
    loop().callAt(start.plus(ms(3)), logging(3));
    loop().callAt(start.plus(ms(1)), logging(1));
    loop().callAt(start.plus(ms(2)), logging(2));
    loop().callLater(ms(4), loop()::stop);
    loop().runForever();
    assertLog(1, 2, 3);
  }

  @Test
  @DisplayName("timers of equal times run in the order they were scheduled in (LOOP-7)")
  void equalTimesAreFirstInFirstOut() {
    Duration when = loop().time().plus(ms(1));
    for (int i = 0; i < 20; i++) {
      loop().callAt(when, logging(i));
    }
    loop().callAt(when, loop()::stop);
    loop().runForever();
    assertLog(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
  }

  @Test
  @DisplayName("a time that has passed is as soon as possible, after what is ready (LOOP-7)")
  void passedTimesAreDueAtOnce() {
    loop().callLater(ms(-5), logging("negative"));
    loop().callSoon(logging("ready"));
    loop().callLater(ms(-5), logging("negative too"));
    iterate(1);
    assertLog("ready", "negative", "negative too");
  }

  @Test
  @DisplayName("no timer is early by the loop's own clock, which never goes back (LOOP-7, LOOP-8)")
  void timersAreNotEarly() {
    run(() -> {
      for (int i = 0; i < 5; i++) {
        Duration before = loop().time();
        sleep(ms(1));
        Duration passed = loop().time().minus(before);
        assertTrue(passed.compareTo(ms(1)) >= 0, () -> "only " + passed);
      }
    });
  }

  @Test
  @DisplayName("TimerHandle: the time it is due, and cancelling it (LOOP-10)")
  void timerHandles() {
    Duration when = loop().time().plus(ms(1));
    TimerHandle kept = loop().callAt(when, logging("kept"));
    TimerHandle cancelled = loop().callAt(when, logging("cancelled"));
    assertEquals(when, kept.when());
    cancelled.cancel();
    cancelled.cancel();
    assertTrue(cancelled.cancelled());
    assertFalse(kept.cancelled());
    loop().callAt(when, loop()::stop);
    loop().runForever();
    assertLog("kept");
  }

  // -- handles and errors ------------------------------------------------------------------------

  @Test
  @DisplayName("a cancelled handle does not run, even if its turn has come already (LOOP-9)")
  void cancelledHandlesDoNotRun() {
    Handle[] second = new Handle[1];
    loop()
        .callSoon(() -> {
          log("first");
          second[0].cancel();
        });
    second[0] = loop().callSoon(logging("second"));
    loop().callSoon(logging("third"));
    iterate(1);
    assertLog("first", "third");
    assertTrue(second[0].cancelled());
    second[0].cancel();
  }

  @Test
  @DisplayName(
      "what a callback throws goes to the exception handler, and the loop goes on (LOOP-12)")
  void callbackExceptionsAreReported() {
    RuntimeException error = new RuntimeException("a callback's");
    Handle handle =
        loop()
            .callSoon(() -> {
              throw error;
            });
    loop().callSoon(logging("next"));
    iterate(1);
    assertLog("next");
    ExceptionContext report = takeReport();
    assertSame(error, report.exception());
    assertSame(handle, report.handle());
    assertTrue(report.message().startsWith("Exception in callback"), report::message);
  }

  @Test
  @DisplayName("a fatal error leaves the loop, which can be run again (LOOP-3)")
  void fatalErrorsLeaveTheLoop() {
    loop()
        .callSoon(() -> {
          throw new KeyboardInterrupt();
        });
    loop().callSoon(logging("later"));
    assertThrows(KeyboardInterrupt.class, loop()::runForever);
    assertFalse(loop().isRunning());
    iterate(1);
    assertLog("later");
  }

  // -- running, stopping, closing ----------------------------------------------------------------

  @Test
  @DisplayName("stop ends the loop after this iteration (LOOP-1)")
  void stopFinishesTheIteration() {
    loop().callSoon(loop()::stop);
    loop()
        .callSoon(() -> {
          log("ready");
          loop().callSoon(logging("scheduled after stop"));
        });
    loop().runForever();
    assertLog("ready");
    iterate(1);
    assertLog("scheduled after stop");
  }

  @Test
  @DisplayName("a loop that was stopped before it runs does one iteration and no waiting (LOOP-1)")
  void stopBeforeRun() {
    loop().callLater(Duration.ofHours(1), logging("in an hour"));
    loop().callSoon(logging("ready"));
    loop().stop();
    loop().runForever();
    assertLog("ready");
  }

  @Test
  @DisplayName("runUntilComplete gives the value, or throws what the coroutine threw (LOOP-2)")
  void runUntilCompleteGivesTheOutcome() {
    RuntimeException error = new RuntimeException("the coroutine's");
    assertEquals("value", loop().<String>runUntilComplete(() -> sleep(ms(1), "value")));
    RuntimeException thrown =
        assertThrows(
            RuntimeException.class,
            () ->
                run(() -> {
                  sleep(Duration.ZERO);
                  throw error;
                }));
    assertSame(error, thrown);
  }

  @Test
  @DisplayName("a loop stopped too early says so, and the task goes on in the next run (LOOP-2)")
  void stoppedBeforeComplete() {
    Future<String> future = loop().createFuture();
    loop().callSoon(loop()::stop);
    assertThrows(IllegalStateException.class, () -> loop().runUntilComplete(future));
    loop().callSoon(() -> future.setResult("late"));
    assertEquals("late", loop().<String>runUntilComplete(future));
  }

  @Test
  @DisplayName("a running loop cannot be run, nor another in its thread; both stay usable (LOOP-4)")
  void nestedRunsAreRefused() {
    try (EventLoop other = newLoop()) {
      run(() -> {
        assertThrows(IllegalStateException.class, () -> run(() -> log("nested")));
        assertThrows(IllegalStateException.class, loop()::runForever);
        assertThrows(IllegalStateException.class, other::runForever);
        assertTrue(loop().isRunning());
        assertFalse(other.isRunning());
        sleep(Duration.ZERO);
        log("outer");
      });
      other.runUntilComplete(() -> log("other"));
    }
    assertLog("outer", "other");
  }

  @Test
  @DisplayName("the running loop is known inside, and only inside (LOOP-16)")
  void theRunningLoop() {
    assertThrows(IllegalStateException.class, () -> getRunningLoop());
    loop().callSoon(() -> assertSame(loop(), getRunningLoop()));
    run(() -> assertSame(loop(), getRunningLoop()));
    assertThrows(IllegalStateException.class, () -> createTask(() -> log("no loop")));
    assertLog();
  }

  @Test
  @DisplayName("close: refused while running, done once, nothing can be scheduled after (LOOP-5)")
  void close() {
    run(() -> assertThrows(IllegalStateException.class, loop()::close));
    loop().callSoon(logging("dropped"));
    loop().callLater(Duration.ZERO, logging("dropped, too"));
    assertFalse(loop().isClosed());
    loop().close();
    loop().close();
    assertTrue(loop().isClosed());
    assertThrows(IllegalStateException.class, () -> loop().callSoon(logging("soon")));
    assertThrows(IllegalStateException.class, () -> loop().callLater(ms(1), logging("later")));
    assertThrows(IllegalStateException.class, () -> loop().createTask(() -> log("task")));
    assertThrows(IllegalStateException.class, loop()::runForever);
    assertLog();
  }
}
