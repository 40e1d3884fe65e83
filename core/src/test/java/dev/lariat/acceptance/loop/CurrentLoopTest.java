package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.getEventLoop;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.newEventLoop;
import static dev.lariat.Asyncio.setEventLoop;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.acceptance.LoopTest;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-16: the loop of a thread. */
class CurrentLoopTest extends LoopTest {
  @AfterEach
  void unset() {
    setEventLoop(null);
  }

  private static void assertNoLoop(ThrowingCallable call) {
    assertThatIllegalStateException()
        .isThrownBy(call)
        .withMessageContaining(Thread.currentThread().getName())
        .withMessageContaining("Asyncio.run(");
  }

  @Test
  @DisplayName("LOOP-16 without a running loop getRunningLoop says so, and what to do")
  void noRunningLoop() {
    assertNoLoop(Asyncio::getRunningLoop);
    setEventLoop(loop);
    assertNoLoop(Asyncio::getRunningLoop);
  }

  @Test
  @DisplayName(
      "LOOP-16 getEventLoop makes no loop: the running one, else the one set, else an error")
  void getsLoop() {
    assertNoLoop(Asyncio::getEventLoop);
    try (EventLoop mine = newLoop()) {
      setEventLoop(mine);
      assertThat(getEventLoop()).isSameAs(mine);
      run(() -> assertThat(getEventLoop()).isSameAs(loop));
      assertThat(getEventLoop()).isSameAs(mine);
      setEventLoop(null);
      assertNoLoop(Asyncio::getEventLoop);
    }
  }

  @Test
  @DisplayName("LOOP-16 the running loop is there in tasks, callbacks, timers and done callbacks")
  void runningEverywhere() {
    Runnable check = () -> trace.add(getRunningLoop() == loop);
    loop.callSoon(check);
    loop.callLater(Duration.ZERO, check);
    inOtherThread(() -> loop.callSoonThreadsafe(check));
    var future = loop.<Integer>createFuture();
    future.addDoneCallback(done -> check.run());
    future.setResult(1);
    run(check::run);
    trace.assertEvents(true, true, true, true, true);
    assertNoLoop(Asyncio::getRunningLoop);
  }

  @Test
  @DisplayName("LOOP-16 no loop is running after an error has ended the run")
  void afterError() {
    loop.callSoon(() -> {
      throw new KeyboardInterrupt();
    });
    try {
      loop.runForever();
    } catch (KeyboardInterrupt expected) {
      assertNoLoop(Asyncio::getRunningLoop);
    }
  }

  @Test
  @DisplayName("LOOP-16 running and set loop belong to the thread: others see neither")
  void perThread() {
    setEventLoop(loop);
    assertThat(inOtherThread(Asyncio::getEventLoop)).isInstanceOf(IllegalStateException.class);
    run(() -> {
      assertThat(inOtherThread(Asyncio::getRunningLoop)).isInstanceOf(IllegalStateException.class);
      boolean seen =
          toThread(() -> {
            try {
              return getEventLoop() != null;
            } catch (IllegalStateException none) {
              return false;
            }
          });
      assertThat(seen).isFalse();
    });
    inOtherThread(() -> {
      setEventLoop(newLoop());
      trace.add(getEventLoop() != loop);
    });
    trace.assertEvents(true);
    assertThat(getEventLoop()).isSameAs(loop);
  }

  @Test
  @DisplayName("LOOP-16 newEventLoop makes a new one each time, and sets none")
  void newLoops() {
    try (EventLoop first = newEventLoop();
        EventLoop second = newEventLoop()) {
      assertThat(first).isNotSameAs(second);
      assertThat(first.isRunning()).isFalse();
      assertThat(first.isClosed()).isFalse();
      assertNoLoop(Asyncio::getEventLoop);
    }
  }

  @Test
  @DisplayName("LOOP-16 futures and tasks of the set loop can be made before it runs")
  void usesSetLoop() {
    setEventLoop(loop);
    var task = Asyncio.ensureFuture(() -> "made early");
    assertThat(task.getLoop()).isSameAs(loop);
    assertThat(loop.runUntilComplete(task)).isEqualTo("made early");
  }

  @Test
  @DisplayName("LOOP-16 createTask, currentTask and allTasks need a running loop")
  void needsRunningLoop() {
    setEventLoop(loop);
    assertNoLoop(() -> Asyncio.createTask(() -> 1));
    assertNoLoop(Asyncio::currentTask);
    assertNoLoop(Asyncio::allTasks);
  }
}
