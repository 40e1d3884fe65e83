package dev.lariat.swing;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.swing.SwingEvents.actions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.event.Registration;
import dev.lariat.event.WhileRunning;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import java.awt.EventQueue;
import java.awt.event.ActionEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.swing.Action;
import javax.swing.JButton;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Swing")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SwingTest {
  private static final ApplicationOptions ONCE = ApplicationOptions.DEFAULT.withKeepRunning(false);

  @BeforeEach
  void needDisplay() {
    Edt.needDisplay();
  }

  // -- run and attach ----------------------------------------------------------------------------

  @Test
  @DisplayName("run: main is a task on the event dispatch thread, its value is returned")
  void run() {
    assertThat(
            Swing.run(
                ONCE,
                () -> {
                  sleep(Duration.ofMillis(1));
                  assertThat(currentTask()).isNotNull();
                  return EventQueue.isDispatchThread();
                }))
        .isTrue();
  }

  @Test
  @DisplayName("run: also on the event dispatch thread, inside its main loop")
  void runOnDispatchThread() throws Throwable {
    List<String> order = new ArrayList<>();
    Edt.run(() -> {
      Swing.run(
          ONCE,
          () -> {
            EventQueue.invokeLater(() -> order.add("event"));
            sleep(Duration.ofMillis(5));
            order.add("main");
          });
      order.add("after");
    });
    assertThat(order).containsExactly("event", "main", "after");
  }

  @Test
  @DisplayName("run: throws what main throws; a second one meanwhile is refused")
  void failures() {
    assertThatThrownBy(() ->
            Swing.run(() -> {
              throw new IllegalArgumentException("main's");
            }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("main's");
    assertThatThrownBy(() ->
            Swing.run(() -> {
              throw new IOException("main's");
            }))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> Swing.run(() -> Swing.run(() -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("an event loop is running in this thread already");
  }

  @Test
  @DisplayName("run: an interrupt of the thread that waits does not end it, and is not lost")
  void interrupted() {
    Thread waiting = Thread.currentThread();
    assertThat(
            Swing.run(
                ONCE,
                () -> {
                  waiting.interrupt();
                  sleep(Duration.ofMillis(5));
                  return "all of it";
                }))
        .isEqualTo("all of it");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @DisplayName("run: disposes of the windows that were made meanwhile, also when it fails")
  void windowsThatAreLeft() throws Throwable {
    javax.swing.JFrame[] frames = new javax.swing.JFrame[3];
    Edt.run(() -> (frames[0] = new javax.swing.JFrame("before")).pack());
    assertThatThrownBy(() ->
            Swing.run(() -> {
              (frames[1] = new javax.swing.JFrame("shown")).setVisible(true);
              (frames[2] = new javax.swing.JFrame("never shown")).pack();
              throw new IllegalArgumentException("main's");
            }))
        .hasMessage("main's");
    assertThat(frames)
        .extracting(java.awt.Component::isDisplayable)
        .containsExactly(true, false, false);
    Edt.run(() -> frames[0].dispose());
  }

  @Test
  @DisplayName("run: Ctrl-C ends it, if the options say so")
  void ctrlC() throws Exception {
    assertThat(ChildPrograms.run("Ctrl-C"))
        .isEqualTo(new ChildPrograms.Outcome(0, "unwound\ninterrupted"));
  }

  @Test
  @DisplayName("attach: returns at once; listeners can start tasks until the application ends")
  void attach() throws Throwable {
    List<String> order = new ArrayList<>();
    HostApplication application =
        Swing.attach(
            ApplicationOptions.DEFAULT,
            () -> {
              sleep(Duration.ofMillis(1));
              order.add("main");
            });
    Edt.run(() -> {
      Task<Void> task = createTask(() -> sleep(Duration.ofMillis(5)));
      task.addDoneCallback(_ -> {
        order.add("task");
        application.quit();
      });
      assertThatThrownBy(() -> Swing.attach()).hasMessageContaining("loop is running");
    });
    while (!application.getLoop().isClosed()) {
      Edt.run(() -> {});
    }
    assertThat(order).containsExactly("main", "task");
    assertThat(Swing.<String>run(ONCE, () -> "again")).isEqualTo("again");
  }

  @Test
  @DisplayName("a loop on Swing and one on another thread wait for each other's tasks")
  void twoLoops() throws Exception {
    List<String> order = new ArrayList<>();
    EventLoop other = new EventLoop();
    Thread thread = new Thread(other::runForever, "other");
    thread.start();
    Swing.run(
        ONCE,
        () -> {
          EventLoop here = dev.lariat.Asyncio.getRunningLoop();
          var there =
              dev.lariat.Asyncio.runCoroutineThreadsafe(
                  () -> {
                    var back =
                        dev.lariat.Asyncio.runCoroutineThreadsafe(
                            () -> {
                              sleep(Duration.ofMillis(1));
                              order.add(EventQueue.isDispatchThread() + "");
                              return "there and back";
                            },
                            here);
                    return dev.lariat.Asyncio.await(back);
                  },
                  other);
          order.add(dev.lariat.Asyncio.await(there));
        });
    other.callSoonThreadsafe(other::stop);
    thread.join();
    other.close();
    assertThat(order).containsExactly("true", "there and back");
  }

  // -- handlers ----------------------------------------------------------------------------------

  @Test
  @DisplayName("on: each event is dealt with by a task, until that is ended")
  void on() throws Throwable {
    Edt.runLoop(() -> {
      JButton button = new JButton();
      List<String> order = new ArrayList<>();
      int listeners = button.getActionListeners().length;
      Registration registration =
          Swing.on(
              actions(button),
              WhileRunning.RESTART,
              click -> {
                order.add("begin");
                try {
                  sleep(Duration.ofSeconds(1));
                  order.add("done");
                } finally {
                  order.add("end");
                }
              });
      button.doClick(0);
      sleep(Duration.ofMillis(500));
      button.doClick(0);
      sleep(Duration.ofSeconds(2));
      assertThat(order).containsExactly("begin", "end", "begin", "done", "end");
      button.doClick(0);
      sleep(Duration.ofMillis(500));
      registration.close();
      sleep(Duration.ofSeconds(2));
      assertThat(order.subList(5, order.size())).containsExactly("begin", "end");
      assertThat(button.getActionListeners()).hasSize(listeners);
    });
  }

  @Test
  @DisplayName("handler: a listener that is a task")
  void handler() throws Throwable {
    Edt.runLoop(() -> {
      JButton button = new JButton();
      List<Boolean> tasks = new ArrayList<>();
      button.addActionListener(
          Swing.handler(
              WhileRunning.QUEUE,
              _ -> {
                sleep(Duration.ofSeconds(1));
                tasks.add(currentTask() != null);
              }));
      button.doClick(0);
      button.doClick(0);
      sleep(Duration.ofMillis(1500));
      assertThat(tasks).containsExactly(true);
      sleep(Duration.ofSeconds(1));
      assertThat(tasks).hasSize(2);
    });
  }

  @Test
  @DisplayName("action: with IGNORE it is disabled while it runs, with other policies it is not")
  void action() throws Throwable {
    Edt.runLoop(() -> {
      List<ActionEvent> events = new ArrayList<>();
      Action save =
          Swing.action(
              "Save",
              WhileRunning.IGNORE,
              event -> {
                events.add(event);
                sleep(Duration.ofSeconds(1));
              });
      JButton button = new JButton(save);
      assertThat(button.getText()).isEqualTo("Save");
      button.doClick(0);
      button.doClick(0);
      sleep(Duration.ofMillis(500));
      assertThat(button.isEnabled()).isFalse();
      button.doClick(0);
      sleep(Duration.ofSeconds(1));
      assertThat(button.isEnabled()).isTrue();
      assertThat(events).hasSize(1);

      Action queued = Swing.action("Step", WhileRunning.QUEUE, events::add);
      queued.actionPerformed(events.getFirst());
      queued.actionPerformed(events.getFirst());
      assertThat(queued.isEnabled()).isTrue();
      sleep(Duration.ofMillis(1));
      assertThat(events).hasSize(3);
    });
  }

  // -- frames ------------------------------------------------------------------------------------

  @Test
  @DisplayName("awaitFrame: once a frame, in step with all others that wait; cancellable")
  void frames() throws Throwable {
    Edt.runLoop(() -> {
      List<Duration> frames = new ArrayList<>();
      Task<Void> other =
          createTask(() -> {
            for (int i = 0; i < 60; i++) {
              frames.add(Swing.awaitFrame(new JButton()));
            }
          });
      Duration first = Swing.awaitFrame();
      for (int i = 1; i < 60; i++) {
        Swing.awaitFrame();
      }
      other.await();
      Duration mean = frames.getLast().minus(first).dividedBy(59);
      assertThat(mean).isGreaterThan(Duration.ofMillis(3)); // at most 300 Hz
      assertThat(frames).isSorted().doesNotHaveDuplicates().startsWith(first);
      Task<Duration> cancelled = createTask(() -> Swing.awaitFrame());
      sleep(Duration.ZERO);
      cancelled.cancel();
      assertThatThrownBy(cancelled::await).isInstanceOf(dev.lariat.CancelledError.class);
    });
  }

  @Test
  @DisplayName("awaitFrame: what was to be repainted has been painted by then, on the real clock")
  void framesAreAfterPaints() throws Throwable {
    Edt.runRealLoop(() -> {
      int[] paints = new int[1];
      javax.swing.JFrame frame = new javax.swing.JFrame();
      javax.swing.JPanel panel =
          new javax.swing.JPanel() {
            @Override
            protected void paintComponent(java.awt.Graphics graphics) {
              super.paintComponent(graphics);
              paints[0]++;
            }
          };
      frame.add(panel);
      frame.setSize(100, 100);
      frame.setVisible(true);
      while (paints[0] == 0) { // real time: the window comes up
        sleep(Duration.ofMillis(10));
      }
      for (int i = 0; i < 20; i++) {
        int before = paints[0];
        panel.repaint();
        Swing.awaitFrame(panel);
        assertThat(paints[0]).isGreaterThan(before);
      }
    });
  }
}
