package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.LoopTest;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CAN-6 and CAN-7. */
class UncancelTest extends LoopTest {
  private static final Duration LONG = Duration.ofDays(1);

  // -- CAN-6 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("CAN-6 uncancel takes one request back, tells how many are left, and stops at zero")
  void counts() {
    Task<Void> task = loop.createTask(() -> sleep(LONG));
    assertThat(task.cancelling()).isZero();
    assertThat(task.uncancel()).isZero();
    task.cancel();
    task.cancel();
    task.cancel();
    assertThat(task.cancelling()).isEqualTo(3);
    assertThat(task.uncancel()).isEqualTo(2);
    assertThat(task.uncancel()).isEqualTo(1);
    assertThat(task.cancelling()).isEqualTo(1);
    assertThat(task.uncancel()).isZero();
    assertThat(task.uncancel()).isZero();
    task.cancel();
    iterate();
    assertThat(task.cancelled()).isTrue();
  }

  @Test
  @DisplayName(
      "CAN-6 taking the last request back clears a cancellation that was not delivered yet")
  void clearsUndelivered() {
    Future<Void> future = loop.createFuture();
    Task<Integer> task =
        loop.createTask(() -> {
          future.await();
          return 42;
        });
    iterate();
    future.setResult(null); // the task is ready to go on
    task.cancel();
    assertThat(task.cancelling()).isEqualTo(1);
    assertThat(task.uncancel()).isZero();
    assertThat(loop.runUntilComplete(task)).isEqualTo(42);
  }

  @Test
  @DisplayName("CAN-6 while a request is left, a cancellation that was not delivered yet stays")
  void keepsUndelivered() {
    Future<Void> future = loop.createFuture();
    Task<Void> task = loop.createTask(() -> future.await());
    iterate();
    future.setResult(null);
    task.cancel("first");
    task.cancel("second");
    assertThat(task.uncancel()).isEqualTo(1);
    iterate();
    assertThatThrownBy(task::result).isInstanceOf(CancelledError.class).hasMessage("second");
  }

  @Test
  @DisplayName("CAN-6 a cancellation that has reached the awaited future cannot be taken back")
  void tooLate() {
    Task<Void> task = loop.createTask(() -> sleep(LONG));
    iterate();
    task.cancel();
    assertThat(task.uncancel()).isZero();
    iterate();
    assertThat(task.cancelled()).isTrue();
  }

  @Test
  @DisplayName("CAN-6 on a done task it counts on, and changes nothing else")
  void doneTask() {
    Task<Void> task = loop.createTask(() -> sleep(LONG));
    task.cancel();
    iterate();
    assertThat(task.uncancel()).isZero();
    assertThat(task.cancelled()).isTrue();
  }

  // -- CAN-7 -------------------------------------------------------------------------------------

  private static final class BlockTimeout extends RuntimeException {}

  /**
   * A block with a time limit, written by the five rules: a finally, a flag of its own, a cancel of
   * its own, the count as it was before, and only a CancelledError that is converted.
   */
  private void limited(Duration limit, Runnable body) {
    Task<?> task = currentTask();
    boolean[] timedOut = new boolean[1];
    int before = task.cancelling();
    var alarm =
        loop.callLater(
            limit,
            () -> {
              timedOut[0] = true;
              task.cancel();
            });
    try {
      body.run();
    } catch (CancelledError error) {
      if (timedOut[0] && task.uncancel() <= before) {
        throw new BlockTimeout();
      }
      throw error;
    } finally {
      alarm.cancel();
    }
  }

  private Task<String> limitedTask() {
    return loop.createTask(() -> {
      try {
        limited(Duration.ofSeconds(1), () -> sleep(LONG));
        return "left";
      } catch (BlockTimeout e) {
        trace.add("timed out, cancelling " + currentTask().cancelling());
        sleep(Duration.ofSeconds(1));
        return "went on";
      }
    });
  }

  @Test
  @DisplayName(
      "CAN-7 a block that cancels its own task converts that, takes it back, and the task goes on")
  void ownCancel() {
    assertThat(loop.runUntilComplete(limitedTask())).isEqualTo("went on");
    trace.assertEvents("timed out, cancelling 0");
  }

  @Test
  @DisplayName("CAN-7 a cancel from outside goes through the block")
  void outsideCancel() {
    Task<String> task = limitedTask();
    loop.callLater(Duration.ofMillis(500), () -> task.cancel("outside"));
    assertThatThrownBy(() -> loop.runUntilComplete(task))
        .isInstanceOf(CancelledError.class)
        .hasMessage("outside");
    assertThat(task.cancelling()).isEqualTo(1);
    trace.assertEvents();
  }

  @Test
  @DisplayName("CAN-7 a cancel from outside in the same iteration as the block's own goes through")
  void bothCancel() {
    Task<String> task = limitedTask();
    loop.callAt(Duration.ofSeconds(1), () -> task.cancel("outside")); // before or behind the alarm
    assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(CancelledError.class);
    assertThat(task.cancelling()).isEqualTo(1);
    trace.assertEvents();
  }

  @Test
  @DisplayName(
      "CAN-7 a request from before the block does not fool it: the count at entry is the base")
  void cancelledBefore() {
    Task<String> task =
        loop.createTask(() -> {
          try {
            sleep(LONG);
          } catch (CancelledError ignored) {
            trace.add("first");
          }
          try {
            limited(Duration.ofSeconds(1), () -> sleep(LONG));
          } catch (BlockTimeout e) {
            trace.add("timed out");
          }
          return "cancelling " + currentTask().cancelling();
        });
    iterate();
    task.cancel();
    assertThat(loop.runUntilComplete(task)).isEqualTo("cancelling 1");
    trace.assertEvents("first", "timed out");
  }

  @Test
  @DisplayName("CAN-7 nested blocks: only the one whose time is up converts")
  void nested() {
    run(() -> {
      assertThatThrownBy(() ->
              limited(
                  Duration.ofSeconds(1),
                  () -> {
                    try {
                      limited(Duration.ofSeconds(2), () -> sleep(LONG));
                    } catch (BlockTimeout e) {
                      throw trace.unreachable();
                    }
                  }))
          .isInstanceOf(BlockTimeout.class);
      assertThat(currentTask().cancelling()).isZero();
    });
    trace.finish(1);
  }

  @Test
  @DisplayName("CAN-7 the library's timeout keeps the same rules")
  void timeoutAlike() {
    run(() -> {
      assertThatThrownBy(() -> Asyncio.timeout(Duration.ofSeconds(1), () -> sleep(LONG)))
          .isInstanceOf(TimeoutException.class);
      assertThat(currentTask().cancelling()).isZero();
      Task<Void> task = createTask(() -> Asyncio.timeout(Duration.ofSeconds(1), () -> sleep(LONG)));
      sleep(Duration.ZERO);
      task.cancel("outside");
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("outside");
    });
  }
}
