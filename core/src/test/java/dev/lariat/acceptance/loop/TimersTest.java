package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.timeoutAt;
import static dev.lariat.Asyncio.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.TimerHandle;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import dev.lariat.host.DeadlockException;
import dev.lariat.host.Poller;
import dev.lariat.host.VirtualTime;
import dev.lariat.internal.loop.ParkingPoller;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-7, LOOP-8 and LOOP-10. */
class TimersTest extends LoopTest {
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
  private static final Duration SHORTEST = Duration.ofSeconds(Long.MIN_VALUE);

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private void runFor(Duration duration) {
    loop.callLater(duration, loop::stop);
    loop.runForever();
  }

  // -- LOOP-7 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-7 call_later runs its callback after the delay, not earlier")
  void firesAfterDelay() {
    loop.callLater(Duration.ofNanos(1_500_000_001), () -> trace.add(loop.time().toNanos()));
    runFor(seconds(10));
    trace.assertEvents(1_500_000_001L);
  }

  @Test
  @DisplayName("LOOP-7 call_at runs its callback at the time, also when the loop was used before")
  void firesAtTime() {
    run(() -> sleep(seconds(5)));
    loop.callAt(seconds(7), () -> trace.add(loop.time()));
    loop.callLater(seconds(1), () -> trace.add(loop.time()));
    runFor(seconds(10));
    trace.assertEvents(seconds(6), seconds(7));
  }

  @Test
  @DisplayName("LOOP-7 timers fire by deadline, whatever the order they were made in")
  void byDeadline() {
    List<Integer> delays = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      delays.add(i);
    }
    Collections.shuffle(delays, new Random(7));
    delays.forEach(n -> loop.callLater(seconds(n), () -> trace.expect(n)));
    runFor(seconds(1000));
    trace.finish(301);
  }

  @Test
  @DisplayName("LOOP-7 equal deadlines are first in, first out, call_at and call_later alike")
  void equalDeadlines() {
    for (int i = 1; i <= 100; i++) {
      int n = i;
      if (i % 2 == 0) {
        loop.callLater(seconds(1), () -> trace.expect(n));
      } else {
        loop.callAt(seconds(1), () -> trace.expect(n));
      }
    }
    runFor(seconds(2));
    trace.finish(101);
  }

  @Test
  @DisplayName("LOOP-7 equal deadlines stay first in, first out when others between are cancelled")
  void equalDeadlinesAfterCancels() {
    List<TimerHandle> cancelled = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      int n = i;
      loop.callLater(seconds(1), () -> trace.expect(n));
      for (int j = 0; j < 5; j++) {
        cancelled.add(loop.callLater(seconds(j % 3), () -> trace.unreachable()));
      }
    }
    cancelled.forEach(TimerHandle::cancel);
    runFor(seconds(5));
    trace.finish(51);
  }

  @Test
  @DisplayName("LOOP-7 a delay of zero or less is due at once, though not inline")
  void zeroDelay() {
    loop.callLater(Duration.ZERO, () -> trace.expect(3));
    trace.expect(1);
    loop.callSoon(() -> trace.expect(2));
    iterate();
    trace.finish(4);
    assertThat(loop.time()).isZero();
  }

  @Test
  @DisplayName("LOOP-7 of negative delays the more negative one comes first, as in CPython")
  void negativeDelays() {
    loop.callLater(seconds(-1), trace.adds("-1"));
    loop.callLater(seconds(-2), trace.adds("-2"));
    loop.callLater(Duration.ZERO, trace.adds("0"));
    loop.callLater(seconds(-3), trace.adds("-3"));
    iterate();
    trace.assertEvents("-3", "-2", "-1", "0");
    assertThat(loop.time()).isZero();
  }

  @Test
  @DisplayName(
      "LOOP-7 a timer's deadline is the time of the call plus the delay, negative ones too")
  void whenOfDelay() {
    run(() -> sleep(seconds(5)));
    assertThat(loop.callLater(seconds(3), () -> {}).when()).isEqualTo(seconds(8));
    assertThat(loop.callLater(seconds(-3), () -> {}).when()).isEqualTo(seconds(2));
    assertThat(loop.callAt(seconds(1), () -> {}).when()).isEqualTo(seconds(1));
  }

  @Test
  @DisplayName("LOOP-7 timers go to ready behind the I/O events of the same iteration")
  void behindEvents() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      polled.callLater(Duration.ZERO, trace.adds("timer"));
      polled.callSoon(trace.adds("ready"));
      poller.events.add(() -> polled.callSoon(trace.adds("event")));
      polled.stop();
      polled.runForever();
      trace.assertEvents("ready", "event", "timer");
    }
  }

  @Test
  @DisplayName("LOOP-7 a timer that becomes due while callbacks run waits for the next iteration")
  void dueMeanwhile() {
    loop.callSoon(() -> {
      loop.callLater(Duration.ZERO, trace.adds("timer"));
      trace.add("callback");
    });
    loop.callSoon(trace.adds("another"));
    iterate();
    trace.assertEvents("callback", "another");
    iterate();
    trace.assertEvents("timer");
  }

  @Test
  @DisplayName("LOOP-7 a timer cancelled in the very iteration it is due in does not run")
  void cancelledWhenDue() {
    TimerHandle[] second = new TimerHandle[1];
    loop.callLater(seconds(1), () -> second[0].cancel());
    second[0] = loop.callLater(seconds(1), () -> trace.unreachable());
    runFor(seconds(2));
    trace.finish(1);
  }

  @Test
  @DisplayName("LOOP-7 the loop does not wait for timers that were cancelled")
  void doesNotWaitForCancelled() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      polled.callLater(seconds(1), () -> {}).cancel();
      polled.callLater(seconds(2), () -> {}).cancel();
      polled.callLater(seconds(3), polled::stop);
      polled.runForever();
      assertThat(poller.polls).containsExactly(seconds(3).toNanos());
    }
  }

  @Test
  @DisplayName(
      "LOOP-7 cancelling most of many timers keeps nothing of them, and loses none of the rest")
  void cancelsMany() {
    List<TimerHandle> timers = new ArrayList<>();
    int[] fired = new int[1];
    for (int i = 0; i < 10_000; i++) {
      timers.add(loop.callLater(seconds(1 + i % 97), () -> fired[0]++));
    }
    Collections.shuffle(timers, new Random(3));
    timers.subList(0, 9_000).forEach(TimerHandle::cancel);
    timers.subList(0, 9_000).forEach(TimerHandle::cancel); // a second time: counts once
    runFor(seconds(1000));
    assertThat(fired[0]).isEqualTo(1_000);
  }

  @Test
  @DisplayName("LOOP-7 what a cancelled timer refers to can be collected at once")
  void cancelledKeepsNothing() {
    Runnable callback = new ArrayList<>()::clear;
    WeakReference<Runnable> reference = new WeakReference<>(callback);
    TimerHandle timer = loop.callLater(seconds(1), callback);
    timer.cancel();
    callback = null;
    collectGarbageUntil(() -> reference.get() == null);
    assertThat(reference.get()).isNull();
    assertThat(timer.cancelled()).isTrue();
  }

  @Test
  @DisplayName("LOOP-7 the longest duration there is means never, and disturbs nothing")
  void longestDelay() {
    run(() -> sleep(seconds(1)));
    TimerHandle later = loop.callLater(LONGEST, () -> trace.unreachable());
    TimerHandle at = loop.callAt(LONGEST, () -> trace.unreachable());
    TimerHandle seconds = loop.callLater(seconds(Long.MAX_VALUE), () -> trace.unreachable());
    loop.callLater(seconds(1), () -> trace.expect(1));
    runFor(Duration.ofDays(3650));
    trace.finish(2);
    for (TimerHandle never : List.of(later, at, seconds)) {
      assertThat(never.when()).isGreaterThan(Duration.ofDays(36_500));
      never.cancel();
    }
  }

  @Test
  @DisplayName("LOOP-7 the most negative duration is due at once, whatever time it is")
  void shortestDelay() {
    run(() -> sleep(seconds(1)));
    loop.callLater(SHORTEST, () -> trace.add("later " + loop.time().toSeconds()));
    loop.runUntilComplete(() -> sleep(Duration.ZERO));
    trace.assertEvents("later 1");
    loop.callAt(
        SHORTEST,
        () -> {
          trace.add("at " + loop.time().toSeconds());
          loop.stop();
        });
    loop.runForever();
    trace.assertEvents("at 1");
  }

  @Test
  @DisplayName("LOOP-7 sleep, timeout and waitFor take the longest duration as never")
  void longestWaits() {
    run(() -> {
      sleep(seconds(1)); // the deadline would overflow
      Task<Void> sleeper = createTask(() -> sleep(LONGEST));
      sleep(Duration.ofDays(3650));
      assertThat(sleeper.done()).isFalse();
      sleeper.cancel();
      assertThat(timeout(LONGEST, () -> sleep(seconds(1), "in time"))).isEqualTo("in time");
      assertThat(waitFor(() -> sleep(seconds(1), "in time"), LONGEST)).isEqualTo("in time");
      assertThat(timeoutAt(LONGEST, () -> sleep(seconds(1), "in time"))).isEqualTo("in time");
    });
  }

  @Test
  @DisplayName("LOOP-7 sleep, timeout and waitFor take the most negative duration as now")
  void shortestWaits() {
    run(() -> {
      sleep(seconds(1));
      sleep(SHORTEST);
      assertThatThrownBy(() -> timeout(SHORTEST, () -> sleep(seconds(1))))
          .isInstanceOf(TimeoutException.class);
      assertThatThrownBy(() -> timeoutAt(SHORTEST, () -> sleep(seconds(1))))
          .isInstanceOf(TimeoutException.class);
      assertThatThrownBy(() -> waitFor(() -> trace.unreachable(), SHORTEST))
          .isInstanceOf(TimeoutException.class);
      assertThat(loop.time()).isEqualTo(seconds(1));
    });
    trace.finish(1);
  }

  @Test
  @DisplayName("LOOP-7 null is refused by name, and schedules nothing")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> loop.callLater(null, () -> {}))
        .withMessageContaining("delay");
    assertThatNullPointerException()
        .isThrownBy(() -> loop.callLater(seconds(1), null))
        .withMessageContaining("callback");
    assertThatNullPointerException()
        .isThrownBy(() -> loop.callAt(null, () -> {}))
        .withMessageContaining("when");
    assertThatNullPointerException()
        .isThrownBy(() -> loop.callAt(seconds(1), null))
        .withMessageContaining("callback");
    iterate();
    assertThat(loop.time()).isZero();
  }

  // -- LOOP-8 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-8 time never goes back; deadlines are in it; it has nanoseconds")
  void time() {
    try (EventLoop real = new EventLoop()) { // real time: its clock is the point
      Duration last = real.time();
      for (int i = 0; i < 1000; i++) {
        Duration now = real.time();
        assertThat(now).isGreaterThanOrEqualTo(last);
        last = now;
      }
      Duration when = real.time().plusMillis(2);
      real.callAt(
          when,
          () -> {
            assertThat(real.time()).isGreaterThanOrEqualTo(when);
            trace.expect(1);
            real.stop();
          });
      real.runForever();
      trace.finish(2);
    }
  }

  @Test
  @DisplayName("LOOP-8 time may be asked for by any thread, before, while and after the loop runs")
  void timeAnywhere() {
    assertThat(inOtherThread(loop::time)).isNull();
    run(() -> assertThat(inOtherThread(loop::time)).isNull());
    loop.close();
    assertThat(loop.time()).isNotNull();
  }

  @Test
  @DisplayName(
      "LOOP-8 the poller is never asked to wait for longer than 24 hours, and the timer is kept")
  void waitIsCapped() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      polled.callLater(Duration.ofHours(60), polled::stop);
      polled.runForever();
      assertThat(poller.polls)
          .containsExactly(
              Duration.ofHours(24).toNanos(),
              Duration.ofHours(24).toNanos(),
              Duration.ofHours(12).toNanos());
    }
  }

  @Test
  @DisplayName("LOOP-8 with nothing to do the poller is asked to wait without limit")
  void waitsWithoutLimit() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      poller.events.add(() -> polled.callSoon(polled::stop));
      polled.runForever();
      assertThat(poller.polls).singleElement().matches(nanos -> nanos < 0);
    }
  }

  /** Virtual time that gives up when the loop does not stop moving the clock on. */
  private static final class BoundedTime implements Poller {
    private final VirtualTime time = new VirtualTime();
    private int polls;

    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public void poll(long nanos) {
      assertThat(++polls).as("polls").isLessThan(100);
      time.poll(nanos);
    }

    @Override
    public void wakeup() {
      time.wakeup();
    }
  }

  @Test
  @DisplayName(
      "LOOP-8 where all that is left is a timer that is never due, virtual time tells of the deadlock")
  void onlyNever() {
    try (EventLoop bounded = new EventLoop(new BoundedTime())) {
      bounded.setExceptionHandler((of, report) -> {}); // the task below is pending at the end
      assertThatExceptionOfType(DeadlockException.class)
          .isThrownBy(() -> bounded.runUntilComplete(() -> sleep(LONGEST)));
    }
  }

  @Test
  @DisplayName(
      "LOOP-8 with nothing at all to wait for, virtual time tells of the deadlock, and what to look at")
  void deadlock() {
    assertThatExceptionOfType(DeadlockException.class)
        .isThrownBy(() -> loop.runUntilComplete(loop.createFuture()))
        .withMessageContaining("allTasks");
    assertThat(run(() -> sleep(seconds(1), "usable"))).isEqualTo("usable");
  }

  @Test
  @DisplayName("LOOP-8 a poll that returns early, for no reason, runs nothing too early")
  void spuriousReturn() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      poller.events.add(() -> {});
      poller.events.add(() -> {});
      polled.callLater(
          seconds(1),
          () -> {
            trace.add(polled.time());
            polled.stop();
          });
      polled.runForever();
      trace.assertEvents(seconds(1));
      assertThat(poller.polls).containsOnly(seconds(1).toNanos());
    }
  }

  @Test
  @DisplayName(
      "LOOP-8 an interrupted thread waits for its timers as any other, and stays interrupted")
  void interruptedThread() {
    ParkingPoller parking = new ParkingPoller(); // real time: how it parks is the point
    int[] polls = new int[1];
    Poller counting =
        new Poller() {
          @Override
          public void poll(long nanos) {
            polls[0]++;
            parking.poll(nanos);
          }

          @Override
          public void wakeup() {
            parking.wakeup();
          }
        };
    try (EventLoop real = new EventLoop(counting)) {
      real.callLater(Duration.ofMillis(50), real::stop);
      Thread.currentThread().interrupt();
      real.runForever();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(polls[0]).isLessThan(10);
    } finally {
      Thread.interrupted();
    }
  }

  // -- LOOP-10 -----------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-10 timers are ordered by deadline; equality is identity")
  void ordering() {
    TimerHandle early = loop.callAt(seconds(1), () -> {});
    TimerHandle late = loop.callAt(seconds(2), () -> {});
    TimerHandle alsoEarly = loop.callAt(seconds(1), () -> {});
    assertThat(early).isLessThan(late).isEqualByComparingTo(alsoEarly).isNotEqualTo(alsoEarly);
    assertThat(late).isGreaterThan(alsoEarly).isEqualTo(late);
    assertThat(early.hashCode()).isEqualTo(early.hashCode());
    late.cancel();
    assertThat(late).as("cancelled").isGreaterThan(early);
  }

  @Test
  @DisplayName(
      "LOOP-10 the text names the kind, the callback and the deadline; cancelled when it is")
  void text() {
    TimerHandle timer = loop.callAt(seconds(5), new Named());
    assertThat(timer).asString().startsWith("TimerHandle[").contains("my callback", "PT5S");
    timer.cancel();
    assertThat(timer).asString().contains("cancelled", "PT5S").doesNotContain("my callback");
  }

  @Test
  @DisplayName("LOOP-10 a timer that has run may be cancelled, which changes nothing")
  void cancelAfterRun() {
    List<TimerHandle> timers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      timers.add(loop.callLater(seconds(1), () -> {}));
    }
    runFor(seconds(2));
    timers.forEach(TimerHandle::cancel);
    assertThat(timers).allMatch(TimerHandle::cancelled);
    for (int i = 1; i <= 100; i++) { // the loop's count of cancelled timers is still right
      int n = i;
      loop.callLater(seconds(n), () -> trace.expect(n));
    }
    runFor(seconds(200));
    trace.finish(101);
  }

  private static final class Named implements Runnable {
    @Override
    public void run() {}

    @Override
    public String toString() {
      return "my callback";
    }
  }
}
