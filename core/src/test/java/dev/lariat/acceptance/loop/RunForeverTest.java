package dev.lariat.acceptance.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-1: runForever and stop. */
class RunForeverTest extends LoopTest {
  @Test
  @DisplayName("LOOP-1 stop: all that is ready still runs, what that schedules does not")
  void stopFinishesTheIteration() {
    loop.callSoon(() -> {
      trace.add("a");
      loop.callSoon(trace.adds("by a"));
    });
    loop.callSoon(loop::stop);
    loop.callSoon(trace.adds("b"));
    loop.callSoon(() -> loop.callSoon(trace.adds("by c")));
    loop.runForever();
    trace.assertEvents("a", "b");
    iterate();
    trace.assertEvents("by a", "by c");
  }

  @Test
  @DisplayName("LOOP-1 stop before runForever: one iteration, which does not wait")
  void stoppedBefore() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      polled.callLater(Duration.ofSeconds(1), trace.adds("later"));
      polled.callLater(Duration.ZERO, trace.adds("due"));
      polled.callSoon(trace.adds("soon"));
      polled.stop();
      polled.runForever();
      trace.assertEvents("soon", "due");
      polled.stop();
      polled.runForever();
      trace.assertEvents();
      assertThat(poller.polls).containsExactly(0L, 0L);
      assertThat(polled.time()).isZero();
    }
  }

  @Test
  @DisplayName("LOOP-1 stop before runForever: the events of one poll are handled")
  void stoppedBeforeWithEvents() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      for (int i = 0; i < 2; i++) {
        String name = "event " + i;
        poller.events.add(() -> polled.callSoon(trace.adds(name)));
      }
      polled.stop();
      polled.runForever();
      trace.assertEvents("event 0");
      polled.stop();
      polled.runForever();
      trace.assertEvents("event 1");
    }
  }

  @Test
  @DisplayName("LOOP-1 stop twice is stop once; the next run does not remember it")
  void stopTwice() {
    loop.callSoon(loop::stop);
    loop.callSoon(loop::stop);
    loop.runForever();
    loop.callLater(
        Duration.ofSeconds(1),
        () -> {
          trace.add("second run");
          loop.stop();
        });
    loop.runForever();
    trace.assertEvents("second run");
  }

  @Test
  @DisplayName("LOOP-1 stop in a timer, in a task and in a done callback")
  void stopAnywhere() {
    loop.callLater(Duration.ofSeconds(1), loop::stop);
    loop.runForever();
    assertThat(loop.time()).isEqualTo(Duration.ofSeconds(1));

    var task = loop.createTask(() -> loop.stop());
    loop.runForever();
    assertThat(task.done()).isTrue();

    var future = loop.<Integer>createFuture();
    future.addDoneCallback(done -> loop.stop());
    loop.callSoon(() -> future.setResult(1));
    loop.runForever();
    assertThat(loop.isRunning()).isFalse();
  }

  @Test
  @DisplayName("LOOP-1 isRunning is true just while it runs, also when an error ends it")
  void isRunning() {
    assertThat(loop.isRunning()).isFalse();
    loop.callSoon(() -> trace.add(loop.isRunning()));
    iterate();
    trace.assertEvents(true);
    assertThat(loop.isRunning()).isFalse();
    loop.callSoon(() -> {
      throw new KeyboardInterrupt();
    });
    try {
      loop.runForever();
      throw trace.unreachable();
    } catch (KeyboardInterrupt expected) {
      assertThat(loop.isRunning()).isFalse();
    }
  }

  @Test
  @DisplayName("LOOP-1 a stop that was asked for when an error ended the run is forgotten")
  void stopAndError() {
    loop.callSoon(loop::stop);
    loop.callSoon(() -> {
      throw new KeyboardInterrupt();
    });
    try {
      loop.runForever();
      throw trace.unreachable();
    } catch (KeyboardInterrupt expected) {
      loop.callSoon(() -> loop.callSoon(trace.adds("second iteration")));
      loop.callLater(Duration.ofSeconds(1), loop::stop);
      loop.runForever();
    }
    trace.assertEvents("second iteration");
  }

  @Test
  @DisplayName("LOOP-1 a loop may be run by another thread the next time")
  void runsOnAnotherThread() {
    loop.callSoon(() -> trace.add(Thread.currentThread().getName()));
    assertThat(inOtherThread(this::iterate)).isNull();
    trace.assertEvents("other");
    loop.callSoon(trace.adds("here again"));
    iterate();
    trace.assertEvents("here again");
  }
}
