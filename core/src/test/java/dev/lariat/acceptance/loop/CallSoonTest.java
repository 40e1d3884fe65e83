package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lariat.EventLoop;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import dev.lariat.context.Context;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-6: callSoon. */
class CallSoonTest extends LoopTest {
  @Test
  @DisplayName("LOOP-6 call_soon is first in, first out")
  void fifo() {
    for (int i = 0; i < 200; i++) { // more than the queue holds at first
      int n = i + 1;
      loop.callSoon(() -> trace.expect(n));
    }
    iterate();
    trace.finish(201);
  }

  @Test
  @DisplayName("LOOP-6 nothing runs inside call_soon, and nothing before the loop runs")
  void neverInline() {
    loop.callSoon(() -> {
      loop.callSoon(() -> trace.expect(4));
      trace.expect(2);
    });
    trace.expect(1);
    iterate();
    trace.expect(3);
    iterate();
    trace.finish(5);
  }

  @Test
  @DisplayName("LOOP-6 callbacks, tasks and done callbacks share one queue")
  void oneQueue() {
    var done = loop.<Integer>createFuture();
    done.setResult(1);
    var pending = loop.<Integer>createFuture();
    pending.addDoneCallback(f -> trace.add("done callback 2"));
    loop.callSoon(trace.adds("callback 1"));
    loop.createTask(() -> trace.add("task 1"));
    done.addDoneCallback(f -> trace.add("done callback 1"));
    loop.createTask(() -> trace.add("task 2"));
    loop.createTask(() -> trace.add("task 3"));
    pending.setResult(1);
    loop.callLater(Duration.ZERO, trace.adds("timer")); // due, and promoted behind what is ready
    loop.callSoon(trace.adds("callback 2"));
    iterate();
    trace.assertEvents(
        "callback 1",
        "task 1",
        "done callback 1",
        "task 2",
        "task 3",
        "done callback 2",
        "callback 2",
        "timer");
  }

  @Test
  @DisplayName("LOOP-6 what is added meanwhile waits for the next iteration, after another poll")
  void pollsBetween() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      for (int i = 0; i < 3; i++) {
        poller.events.add(trace.adds("poll"));
      }
      polled.callSoon(() -> {
        trace.add("a");
        polled.callSoon(() -> {
          trace.add("c");
          polled.callSoon(polled::stop);
        });
      });
      polled.callSoon(trace.adds("b"));
      polled.runForever();
      trace.assertEvents("poll", "a", "b", "poll", "c", "poll");
      assertThat(poller.polls).containsExactly(0L, 0L, 0L);
    }
  }

  @Test
  @DisplayName(
      "LOOP-6 a callback that schedules itself keeps neither timers nor other threads waiting")
  void fair() throws InterruptedException {
    try (EventLoop real = new EventLoop()) { // real time: it must pass while the loop is busy
      boolean[] over = new boolean[1];
      Runnable[] self = new Runnable[1];
      self[0] =
          () -> {
            if (!over[0]) {
              real.callSoon(self[0]);
            }
          };
      real.callSoon(self[0]);
      real.callLater(
          Duration.ofMillis(5),
          () -> {
            trace.expect(1);
            Thread.ofPlatform()
                .start(() ->
                    real.callSoonThreadsafe(() -> {
                      trace.expect(2);
                      over[0] = true;
                      real.stop();
                    }));
          });
      real.runForever();
      trace.finish(3);
    }
  }

  @Test
  @DisplayName("LOOP-6 tasks that yield take turns with callbacks, one step an iteration")
  void turns() {
    for (String name : new String[] {"a", "b"}) {
      loop.createTask(() -> {
        for (int i = 1; i <= 3; i++) {
          trace.add(name + i);
          sleep(Duration.ZERO);
        }
      });
    }
    loop.callSoon(() -> {
      trace.add("callback");
      loop.callSoon(trace.adds("its callback"));
    });
    for (int i = 0; i < 3; i++) {
      iterate();
      trace.add("-");
    }
    trace.assertEvents(
        "a1", "b1", "callback", "-", "a2", "b2", "its callback", "-", "a3", "b3", "-");
    iterate();
  }

  @Test
  @DisplayName(
      "LOOP-6 a task made by a task starts in the next iteration, though the creator goes on")
  void childrenStartLater() {
    loop.createTask(() -> {
      createTask(() -> trace.add("child"));
      trace.add("creator");
    });
    loop.createTask(() -> trace.add("sibling"));
    iterate();
    trace.assertEvents("creator", "sibling");
    iterate();
    trace.assertEvents("child");
  }

  @Test
  @DisplayName("LOOP-6 the same callback may be scheduled several times; each handle is its own")
  void sameCallback() {
    Runnable callback = trace.adds("ran");
    var first = loop.callSoon(callback);
    var second = loop.callSoon(callback);
    assertThat(first).isNotSameAs(second);
    first.cancel();
    iterate();
    trace.assertEvents("ran");
  }

  @Test
  @DisplayName("LOOP-6 null is refused by name")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> loop.callSoon(null))
        .withMessageContaining("callback");
    assertThatNullPointerException()
        .isThrownBy(() -> loop.callSoonThreadsafe(null))
        .withMessageContaining("callback");
    assertThatNullPointerException().isThrownBy(() -> loop.callSoon(() -> {}, null));
    assertThatNullPointerException()
        .isThrownBy(() -> loop.callSoonThreadsafe(null, new Context()))
        .withMessageContaining("callback");
    iterate();
  }
}
