package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.LoopTest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GLIB-3: tasks whose steps somebody holds back. */
class PaceTest extends LoopTest {
  private final Deque<Runnable> heldBack = new ArrayDeque<>();

  private void letOneGoOn() {
    Objects.requireNonNull(heldBack.poll(), "nothing is held back").run();
  }

  private Task<Void> heldBack(String name, int steps) {
    Task<Void> task =
        createTask(
            TaskOptions.named(name),
            () -> {
              for (int i = 0; i < steps; i++) {
                trace.add(name + i);
                sleep(Duration.ZERO);
              }
            });
    task.setPace(heldBack::add);
    return task;
  }

  private static void turns(int count) {
    for (int i = 0; i < count; i++) {
      sleep(Duration.ZERO);
    }
  }

  @Test
  @DisplayName("GLIB-3 what a task creates goes at its pace, until told otherwise")
  void inherited() {
    run(() -> {
      Task<Void> parent =
          createTask(() -> {
            Task<Void> child = createTask(() -> trace.add("child"));
            Task<Void> free = createTask(() -> trace.add("free"));
            free.setPace(null);
            trace.add("parent");
            child.await();
          });
      parent.setPace(heldBack::add);
      turns(3);
      letOneGoOn();
      turns(3);
      trace.assertEvents("parent", "free");
      assertThat(heldBack).hasSize(1);
      letOneGoOn();
      turns(3);
      trace.assertEvents("child");
      letOneGoOn();
      parent.await();
      Task<Void> other = createTask(() -> trace.add("other"));
      other.await();
      trace.assertEvents("other");
    });
  }

  @Test
  @DisplayName("GLIB-3 each step waits for the pace, and others go on meanwhile")
  void eachStepWaits() {
    run(() -> {
      Task<Void> task = heldBack("step", 2);
      turns(3);
      trace.assertEvents();
      assertThat(heldBack).hasSize(1);
      letOneGoOn();
      turns(3);
      trace.assertEvents("step0");
      assertThat(heldBack).hasSize(1);
      letOneGoOn();
      turns(3);
      trace.assertEvents("step1");
      letOneGoOn();
      task.await();
      assertThat(heldBack).isEmpty();
    });
  }

  @Test
  @DisplayName("GLIB-3 a task that waits for something is held back only when that has come")
  void waitingIsNotHeldBack() {
    run(() -> {
      Future<String> future = loop.createFuture();
      Task<String> task = createTask(future::await);
      sleep(Duration.ZERO);
      task.setPace(heldBack::add);
      turns(2);
      assertThat(heldBack).isEmpty();
      future.setResult("value");
      turns(2);
      assertThat(task.done()).isFalse();
      letOneGoOn();
      assertThat(task.await()).isEqualTo("value");
    });
  }

  @Test
  @DisplayName("GLIB-3 a task that is cancelled while it is held back never starts")
  void cancelledWhileHeldBack() {
    run(() -> {
      Task<Void> task = heldBack("never", 1);
      turns(2);
      task.cancel();
      turns(2);
      letOneGoOn();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("GLIB-3 without a pace any more, a task that was held back goes on when let")
  void paceTakenAway() {
    run(() -> {
      Task<Void> task = heldBack("step", 3);
      turns(2);
      task.setPace(null);
      letOneGoOn();
      task.await();
      trace.assertEvents("step0", "step1", "step2");
      assertThat(heldBack).isEmpty();
    });
  }

  @Test
  @DisplayName("GLIB-3 letting a step go on twice is letting it go on once")
  void letGoOnTwice() {
    run(() -> {
      Task<Void> task = heldBack("step", 1);
      turns(2);
      Runnable step = heldBack.remove();
      step.run();
      step.run();
      turns(2);
      trace.assertEvents("step0");
      step.run();
      turns(2);
      assertThat(task.done()).isTrue();
    });
  }

  @Test
  @DisplayName("GLIB-3 a virtual clock stands still while a step is held back")
  void virtualTime() {
    run(() -> {
      Task<Void> task = createTask(() -> trace.add("at " + loop.time().toSeconds()));
      task.setPace(step -> new Thread(() -> loop.callSoonThreadsafe(step), "pace").start());
      sleep(Duration.ofSeconds(1));
      task.await();
      trace.assertEvents("at 0");
    });
  }

  @Test
  @DisplayName("GLIB-3 a loop that closes unwinds what is held back")
  void closing() {
    try (EventLoop other = newLoop()) {
      other.setExceptionHandler((of, report) -> trace.add(report.message()));
      other.runUntilComplete(() -> {
        Task<Void> task =
            createTask(() -> {
              try {
                sleep(Duration.ZERO);
              } finally {
                trace.add("unwound");
              }
            });
        sleep(Duration.ZERO);
        task.setPace(heldBack::add);
        turns(2);
      });
    }
    trace.assertEvents("Task was destroyed but it is pending!", "unwound");
    letOneGoOn(); // too late, and no harm
  }
}
