package dev.lariat.glib;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.testkit.NeedsLibrary;
import dev.lariat.testkit.VirtualTimeHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** GLIB-3: priorities of the loop, and of tasks; what is drawn meanwhile. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@NeedsLibrary(value = "libglib-2.0.so.0", install = "tools/system-packages gtk")
class PriorityTest {
  private final GLibEventLoop loop = new GLibEventLoop(GLibHost.ofNewContext());
  private final long context = loop.getHost().context().address();
  private final List<String> events = new ArrayList<>();
  private final List<Source> sources = new ArrayList<>();

  @AfterEach
  void close() {
    sources.forEach(Source::destroy);
    loop.close();
  }

  /** A source that always has something to do: as a window that always has to be drawn. */
  private Source always(int priority, Runnable body) {
    Source source = Source.timed(context, priority, body);
    source.setReadyTime(Source.NOW);
    sources.add(source);
    return source;
  }

  /**
   * Or the first step, if it takes long, would be followed by a pause in which there is drawing.
   */
  private void withoutPauses() {
    loop.setTurnBudget(Duration.ofHours(1));
  }

  private static void spin(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private void busyUntil(Future<?> end, int[] steps) {
    while (!end.done()) {
      steps[0]++;
      spin(Duration.ofNanos(200_000));
      sleep(Duration.ZERO);
    }
  }

  @Test
  @DisplayName("GLIB-3 a window is drawn at 60 Hz while low-priority tasks saturate the loop")
  void lowPriorityTasks() {
    drawsWhile(GLibPriority.DEFAULT_IDLE);
  }

  @Test
  @DisplayName("GLIB-3 a window is drawn at 60 Hz even while tasks of the loop's priority do")
  void defaultPriorityTasks() {
    drawsWhile(GLibPriority.DEFAULT);
  }

  /** Draws 30 frames; each is asked for by a timer, as a frame clock does. */
  private void drawsWhile(int priority) {
    Future<Integer> drawn = loop.createFuture();
    int[] steps = {0};
    int[] frames = {0};
    Source[] redraw = {null};
    redraw[0] =
        always(
            GLibPriority.REDRAW,
            () -> {
              if (++frames[0] == 30) {
                drawn.setResult(steps[0]);
              }
              redraw[0].setReadyTime(Native.monotonicTime() + 16_000);
            });
    loop.runUntilComplete(() -> {
      List<Task<Void>> busy = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        busy.add(loop.createTask(priority, () -> busyUntil(drawn, steps)));
      }
      // 30 frames of 16 ms are 480 ms, or 2,400 steps; in steps, other work of the machine is none.
      assertThat(drawn.await()).isLessThan(7_500);
      for (Task<Void> task : busy) {
        task.await();
      }
    });
  }

  @Test
  @DisplayName("GLIB-3 tasks of a lower priority go on only while nothing above has to be done")
  void order() {
    withoutPauses();
    Future<String> end = loop.createFuture();
    loop.runUntilComplete(() -> {
      Task<Void> low =
          loop.createTask(
              GLibPriority.LOW,
              () -> {
                events.add("low");
                end.setResult("");
              });
      Task<Boolean> idle = loop.createTask(GLibPriority.DEFAULT_IDLE, () -> events.add("idle"));
      Source[] redraw = {null};
      redraw[0] =
          always(
              GLibPriority.REDRAW,
              () -> {
                events.add("redraw");
                redraw[0].setReadyTime(Source.NEVER);
              });
      createTask(() -> events.add("default"));
      end.await();
      low.await();
      idle.await();
    });
    assertThat(events).containsExactly("default", "redraw", "idle", "low");
  }

  @Test
  @DisplayName("GLIB-3 while a source above is busy, a task below makes no step")
  void starved() {
    int[] left = {100};
    Source[] above = {null};
    loop.runUntilComplete(() -> {
      Task<Void> task =
          loop.createTask(
              GLibPriority.DEFAULT_IDLE,
              () -> {
                events.add("left " + left[0]);
              });
      above[0] =
          always(
              GLibPriority.HIGH_IDLE,
              () -> {
                if (--left[0] == 0) {
                  above[0].setReadyTime(Source.NEVER);
                }
              });
      task.await();
    });
    assertThat(events).containsExactly("left 0");
  }

  @Test
  @DisplayName("GLIB-3 a task below can be cancelled, and takes its cleanup at its own priority")
  void cancelled() {
    loop.runUntilComplete(() -> {
      Future<String> begun = loop.createFuture();
      Task<Void> task =
          loop.createTask(
              GLibPriority.LOW,
              () -> {
                try {
                  begun.setResult("");
                  sleep(Duration.ofHours(1));
                } finally {
                  events.add("cleanup");
                }
              });
      begun.await();
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
    });
    assertThat(events).containsExactly("cleanup");
  }

  @Test
  @DisplayName("GLIB-3 a task can be raised to the loop's priority again")
  void raised() {
    loop.runUntilComplete(() -> {
      Source[] above = {null};
      Task<Void> task =
          loop.createTask(
              GLibPriority.LOW,
              () -> {
                for (int i = 0; i < 3; i++) {
                  events.add("step " + i);
                  sleep(Duration.ZERO);
                }
              });
      loop.setPriority(task, GLibPriority.DEFAULT);
      above[0] = always(GLibPriority.HIGH_IDLE, () -> {}); // would keep it from going on for ever
      task.await();
    });
    assertThat(events).containsExactly("step 0", "step 1", "step 2");
  }

  @Test
  @DisplayName("GLIB-3 what a task creates has its priority too, and so has what that creates")
  void inherited() {
    int[] left = {100};
    Source[] above = {null};
    Action step = () -> events.add("left " + left[0]);
    loop.runUntilComplete(() -> {
      Task<Void> task =
          loop.createTask(
              GLibPriority.DEFAULT_IDLE,
              () -> {
                above[0].setReadyTime(Source.NOW);
                LockSupport.parkNanos(3_000_000); // as long as the pace lets anything go on at once
                taskGroup(group -> {
                  group.createTask(() -> createTask(step).await());
                });
              });
      above[0] =
          always(
              GLibPriority.HIGH_IDLE,
              () -> {
                if (--left[0] == 0) {
                  above[0].setReadyTime(Source.NEVER);
                }
              });
      above[0].setReadyTime(Source.NEVER);
      task.await();
    });
    assertThat(events).containsExactly("left 0");
  }

  @Test
  @DisplayName("GLIB-3 a child of a task below can be given the loop's own priority")
  void childAbove() {
    Source[] above = {null};
    loop.runUntilComplete(() -> {
      Future<String> done = loop.createFuture();
      Task<Void> task =
          loop.createTask(
              GLibPriority.LOW,
              () -> {
                above[0].setReadyTime(Source.NOW); // keeps this from going on
                loop.createTask(GLibPriority.DEFAULT, () -> done.setResult("above"));
                sleep(Duration.ZERO);
              });
      above[0] = always(GLibPriority.HIGH_IDLE, () -> {});
      above[0].setReadyTime(Source.NEVER);
      assertThat(done.await()).isEqualTo("above");
      assertThat(task.done()).isFalse();
      above[0].setReadyTime(Source.NEVER);
      task.await();
    });
  }

  @Test
  @DisplayName("on virtual time, a source of a low priority that is ready is no deadlock")
  void virtualTime() {
    GLibHost host = GLibHost.ofNewContext();
    try (EventLoop virtual = new EventLoop(new VirtualTimeHost(host))) {
      Future<String> end = virtual.createFuture();
      Source idle =
          Source.timed(
              host.context().address(),
              GLibPriority.DEFAULT_IDLE,
              () -> end.setResult("by the source"));
      idle.setReadyTime(Source.NOW);
      String result = virtual.runUntilComplete(end);
      idle.destroy();
      assertThat(result).isEqualTo("by the source");
    }
  }

  @Test
  @DisplayName("GLIB-3 the loop's own priority can be set: below drawing, say")
  void loopPriority() {
    withoutPauses();
    loop.getHost().setPriority(GLibPriority.DEFAULT_IDLE);
    assertThat(loop.getHost().getPriority()).isEqualTo(GLibPriority.DEFAULT_IDLE);
    Source[] redraw = {null};
    redraw[0] =
        always(
            GLibPriority.REDRAW,
            () -> {
              events.add("redraw");
              redraw[0].setReadyTime(Source.NEVER);
            });
    loop.runUntilComplete(() -> {
      events.add("task");
      loop.getHost().setPriority(GLibPriority.DEFAULT);
      redraw[0].setReadyTime(Source.NOW);
      sleep(Duration.ZERO);
      events.add("task");
    });
    assertThat(events).containsExactly("redraw", "task", "task");
  }

  @Test
  @DisplayName("GLIB-3 a loop that pauses for the drawing is not starved by what never draws")
  void notStarved() {
    always(GLibPriority.DEFAULT, () -> spin(Duration.ofNanos(100_000)));
    loop.runUntilComplete(() -> {
      for (int i = 0; i < 5; i++) {
        spin(Duration.ofMillis(5));
        sleep(Duration.ZERO);
      }
    });
  }

  @Test
  @DisplayName("GLIB-3 a task of another loop is refused")
  void anotherLoop() {
    try (EventLoop other = new EventLoop()) {
      Task<String> task = other.createTask(() -> "value");
      assertThatThrownBy(() -> loop.setPriority(task, GLibPriority.LOW))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another loop");
      other.runUntilComplete(task);
    }
  }
}
