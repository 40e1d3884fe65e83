package dev.lariat.swing;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.awt.AWTEvent;
import java.awt.Canvas;
import java.awt.EventQueue;
import java.awt.Frame;
import java.awt.Graphics;
import java.awt.Toolkit;
import java.awt.event.ContainerAdapter;
import java.awt.event.ContainerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is peculiar to AWT. */
@DisplayName("SwingHost")
class SwingHostTest {
  // -- the life of the event dispatch thread -----------------------------------------------------

  @Test
  @DisplayName("without a window, AWT ends its thread after a second: not while a loop lives on it")
  void autoShutdown() throws Throwable {
    Edt.runRealLoop(() -> {
      Thread before = Thread.currentThread();
      sleep(Duration.ofMillis(2500)); // real time: it is AWT that must not lose patience
      assertThat(Thread.currentThread()).isSameAs(before);
    });
  }

  @Test
  @DisplayName("a program ends by itself when its windows and its loops have ended")
  void endsByItself() throws Exception {
    Edt.needDisplay();
    assertThat(ChildPrograms.run("ends by itself"))
        .isEqualTo(new ChildPrograms.Outcome(0, "main ends\nattached"));
  }

  @Test
  @DisplayName("an interrupt does not end the main loop, and is still there after the run")
  void interrupts() throws Throwable {
    Edt.run(() -> {
      Thread before = Thread.currentThread();
      try (EventLoop loop = new EventLoop(new SwingHost())) {
        loop.runUntilComplete(() -> {
          Thread.currentThread().interrupt();
          sleep(Duration.ofMillis(1));
          EventQueue.invokeLater(() -> Thread.currentThread().interrupt());
          sleep(Duration.ofMillis(5));
          assertThat(Thread.currentThread()).isSameAs(before);
        });
        assertThat(Thread.interrupted()).isTrue();
      }
    });
  }

  @Test
  @DisplayName("a headless JVM is told so")
  void headless() throws Exception {
    ChildPrograms.Outcome outcome = ChildPrograms.run("headless", "-Djava.awt.headless=true");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.output())
        .contains("IllegalStateException: Swing has no display here")
        .contains("DISPLAY")
        .contains("Asyncio.run");
  }

  @Test
  @DisplayName("hosts come one after the other, and one may run again after another")
  void severalHosts() throws Throwable {
    Edt.run(() -> {
      List<String> refused = new ArrayList<>();
      try (EventLoop first = new EventLoop(new SwingHost());
          EventLoop second = new EventLoop(new SwingHost())) {
        for (EventLoop loop : List.of(first, second, first)) {
          loop.runUntilComplete(() -> refused.add(refusalInNestedLoop()));
        }
      }
      assertThat(refused).hasSize(3).allMatch(message -> message.contains("createTask"));
    });
  }

  /** Awaits in a plain callback of a nested main loop, which must be refused. */
  private static String refusalInNestedLoop() {
    var nested = Toolkit.getDefaultToolkit().getSystemEventQueue().createSecondaryLoop();
    String[] message = new String[1];
    EventQueue.invokeLater(() -> {
      try {
        sleep(Duration.ZERO);
      } catch (IllegalStateException e) {
        message[0] = e.getMessage();
      } finally {
        nested.exit();
      }
    });
    nested.enter();
    return message[0];
  }

  // -- other event queues ------------------------------------------------------------------------

  /** As applications push it to catch what their handlers throw. */
  private static class PushedQueue extends EventQueue {
    int dispatched;

    @Override
    protected void dispatchEvent(AWTEvent event) {
      dispatched++;
      super.dispatchEvent(event);
    }

    @Override
    protected void pop() {
      super.pop();
    }
  }

  private static final class CooperatingQueue extends PushedQueue {
    @Override
    protected void dispatchEvent(AWTEvent event) {
      Swing.dispatch(event, () -> super.dispatchEvent(event));
    }
  }

  private static EventQueue top() {
    return Toolkit.getDefaultToolkit().getSystemEventQueue();
  }

  private static <Q extends PushedQueue> List<String> warningsUnder(Q queue, boolean before)
      throws Throwable {
    List<String> warnings = new ArrayList<>();
    Logger logger = Logger.getLogger("dev.lariat.swing");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            warnings.add(
                java.text.MessageFormat.format(record.getMessage(), record.getParameters()));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      Edt.runRealLoop(() -> sleep(Duration.ofMillis(1))); // so that Lariat's own is there
      if (before) {
        top().push(queue);
      }
      Edt.runRealLoop(() -> {
        if (!before) {
          top().push(queue);
        }
        for (int i = 0; i < 3; i++) {
          sleep(Duration.ofMillis(1));
        }
        assertThat(top()).isSameAs(queue);
        assertThat(queue.dispatched).isPositive();
        assertThat(refusalInNestedLoop()).contains("createTask");
        queue.pop();
        sleep(Duration.ofMillis(1));
        assertThat(refusalInNestedLoop()).contains("createTask");
      });
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    return warnings;
  }

  @Test
  @DisplayName("an application's own queue is left on top; a warning says what it must do")
  void pushedQueue() throws Throwable {
    for (boolean before : new boolean[] {true, false}) {
      assertThat(warningsUnder(new PushedQueue(), before))
          .singleElement()
          .asString()
          .contains(PushedQueue.class.getName())
          .contains("Swing.dispatch(event, () -> super.dispatchEvent(event))");
    }
  }

  @Test
  @DisplayName("a queue that calls Swing.dispatch does all that Lariat's own does")
  void cooperatingQueue() throws Throwable {
    for (boolean before : new boolean[] {true, false}) {
      assertThat(warningsUnder(new CooperatingQueue(), before)).isEmpty();
    }
  }

  @Test
  @DisplayName("Lariat's queue is pushed once, and does nothing when no loop is left")
  void ownQueue() throws Throwable {
    Edt.runRealLoop(() -> {});
    EventQueue queue = top();
    Edt.runRealLoop(() -> {});
    assertThat(top()).isSameAs(queue);
    Edt.run(() -> assertThatThrownBy(() -> getRunningLoop()).hasMessageContaining("No running"));
  }

  // -- AWT's tree lock ---------------------------------------------------------------------------

  @Test
  @DisplayName("a task that starts inside a listener which AWT calls under its tree lock")
  void eagerStartUnderTreeLock() throws Throwable {
    Edt.runRealLoop(() -> {
      JPanel panel = new JPanel();
      List<Task<Integer>> tasks = new ArrayList<>();
      List<Boolean> held = new ArrayList<>();
      panel.addContainerListener(
          new ContainerAdapter() {
            @Override
            public void componentAdded(ContainerEvent event) {
              held.add(Thread.holdsLock(panel.getTreeLock()));
              tasks.add(
                  getRunningLoop()
                      .createTask(
                          TaskOptions.DEFAULT.withEagerStart(true),
                          () -> {
                            sleep(Duration.ofMillis(5));
                            return panel.getComponentCount();
                          }));
              held.add(Thread.holdsLock(panel.getTreeLock()));
            }
          });
      synchronized (panel.getTreeLock()) {
        EventQueue.invokeLater(() -> {}); // an event that waits, and needs no lock
        panel.add(new JLabel("a"));
        held.add(Thread.holdsLock(panel.getTreeLock()));
      }
      assertThat(held).containsExactly(true, true, true);
      assertThat(Thread.holdsLock(panel.getTreeLock())).isFalse();
      assertThat(
              toThread(() -> {
                synchronized (panel.getTreeLock()) {
                  return "free for others";
                }
              }))
          .isEqualTo("free for others");
      assertThat(tasks.getFirst().await()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("debug mode refuses an await that would hold the tree lock, and names the frame")
  void awaitUnderTreeLock() throws Throwable {
    Edt.runRealLoop(() -> {
      getRunningLoop().setDebug(true);
      JPanel panel = new JPanel();
      assertThatThrownBy(
              () -> {
                synchronized (panel.getTreeLock()) {
                  sleep(Duration.ZERO);
                }
              })
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("SwingHostTest")
          .hasMessageContaining("AWTTreeLock");
    });
  }

  // -- drawing -----------------------------------------------------------------------------------

  @Test
  @DisplayName("while tasks are always ready, Swing's labels and AWT's canvases are still painted")
  void painting() throws Throwable {
    int[] paints = new int[2];
    Edt.runRealLoop(() -> {
      JLabel label =
          new JLabel("label") {
            @Override
            protected void paintComponent(Graphics graphics) {
              paints[0]++;
              super.paintComponent(graphics);
            }
          };
      Canvas canvas =
          new Canvas() {
            @Override
            public void paint(Graphics graphics) {
              paints[1]++;
            }
          };
      JFrame frame = new JFrame();
      frame.add(label);
      frame.setSize(200, 200);
      frame.setVisible(true);
      Frame awt = new Frame();
      awt.add(canvas);
      awt.setSize(200, 200);
      awt.setVisible(true);
      while (paints[0] == 0 || paints[1] == 0) { // real time: the windows come up
        sleep(Duration.ofMillis(10));
      }
      List<Task<Void>> busy = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        busy.add(
            createTask(() -> {
              while (true) {
                sleep(Duration.ZERO);
              }
            }));
      }
      paints[0] = paints[1] = 0;
      for (int i = 0; i < 20; i++) {
        label.repaint();
        canvas.repaint();
        sleep(Duration.ofMillis(20));
      }
      busy.forEach(Task::cancel);
    });
    assertThat(paints[0]).isGreaterThanOrEqualTo(10);
    assertThat(paints[1]).isGreaterThanOrEqualTo(10);
  }

  // -- errors ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "what a handler's task throws goes to the uncaught exception handler, as Swing's own")
  void uncaught() throws Throwable {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    List<String> uncaught = new ArrayList<>();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) -> uncaught.add(error.getMessage() + " in " + thread.getName()));
    Logger logger = Logger.getLogger("dev.lariat");
    logger.setUseParentHandlers(false);
    try {
      Edt.runRealLoop(() -> {
        String edt = Thread.currentThread().getName();
        EventQueue.invokeLater(() -> {
          throw new IllegalArgumentException("of a listener");
        });
        EventQueue.invokeLater(() ->
            createTask(() -> {
              throw new IllegalArgumentException("of a task");
            }));
        sleep(Duration.ofMillis(20));
        assertThat(uncaught).containsExactly("of a listener in " + edt, "of a task in " + edt);
      });
    } finally {
      logger.setUseParentHandlers(true);
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
