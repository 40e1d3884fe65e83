package dev.lariat.swt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.event.Backpressure;
import dev.lariat.event.Registration;
import dev.lariat.event.WhileRunning;
import dev.lariat.queue.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.SWTException;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Events of SWT")
class EventsTest {
  private static Shell window() {
    Shell shell = new Shell();
    shell.setLayout(new FillLayout());
    return shell;
  }

  private static void select(Button button) {
    button.notifyListeners(SWT.Selection, new Event());
  }

  private static int listeners(Control control, int type) {
    return control.getListeners(type).length;
  }

  @Test
  @DisplayName("awaitEvent waits for the next event, and leaves no listener")
  void awaitEvent() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Button button = new Button(window(), SWT.PUSH);
      List<String> order = new ArrayList<>();
      Task<Void> waiter =
          createTask(() -> {
            Event event = Swt.awaitEvent(button, SWT.Selection);
            assertThat(event.widget).isSameAs(button);
            order.add("resumed");
          });
      sleep(Duration.ofHours(1));
      select(button);
      order.add("after the click"); // never resumed inside SWT's call of the listener
      waiter.await();
      assertThat(order).containsExactly("after the click", "resumed");
      assertThat(listeners(button, SWT.Selection)).isZero();
    });
  }

  @Test
  @DisplayName("a cancelled await leaves no listener")
  void cancelled() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Button button = new Button(window(), SWT.PUSH);
      assertThatThrownBy(
              () -> timeout(Duration.ofSeconds(1), () -> Swt.awaitEvent(button, SWT.Selection)))
          .isInstanceOf(TimeoutException.class);
      assertThat(listeners(button, SWT.Selection)).isZero();
    });
  }

  @Test
  @DisplayName("100,000 awaited events leave no listener behind")
  void noLeak() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Button button = new Button(window(), SWT.PUSH);
      int[] got = {0};
      Task<Void> waiter =
          createTask(() -> {
            for (; got[0] < 100_000; got[0]++) {
              Swt.awaitEvent(button, SWT.Selection);
            }
          });
      while (!waiter.done()) {
        sleep(Duration.ZERO);
        select(button);
      }
      assertThat(got[0]).isEqualTo(100_000);
      assertThat(listeners(button, SWT.Selection)).isZero();
      assertThat(listeners(button, SWT.Dispose)).isZero();
    });
  }

  @Test
  @DisplayName("events are iterated over, and the listener goes with the task")
  void iterated() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Button button = new Button(window(), SWT.PUSH);
      List<Integer> seen = new ArrayList<>();
      Task<Void> reader =
          createTask(() -> {
            for (Event event : Swt.actions(button).events(Backpressure.BUFFER)) {
              seen.add(event.x);
              if (event.x == 3) {
                return;
              }
            }
          });
      sleep(Duration.ZERO);
      for (int i = 1; i <= 4; i++) {
        Event event = new Event();
        event.x = i;
        button.notifyListeners(SWT.Selection, event);
      }
      reader.await();
      sleep(Duration.ZERO);
      assertThat(seen).containsExactly(1, 2, 3);
      assertThat(listeners(button, SWT.Selection)).isZero();
    });
  }

  @Test
  @DisplayName("text tells what is written, the newest if its reader is slow")
  void texts() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = window();
      Text field = new Text(shell, SWT.BORDER);
      Combo combo = new Combo(shell, SWT.DROP_DOWN);
      try (Channel<String> texts = Swt.text(field).events(Backpressure.LATEST);
          Channel<String> choices = Swt.text(combo).events(Backpressure.BUFFER)) {
        field.setText("a");
        field.append("b");
        field.append("c");
        assertThat(texts.receive()).isEqualTo("abc");
        combo.setText("chosen");
        assertThat(choices.receive()).isEqualTo("chosen");
      }
      assertThat(listeners(field, SWT.Modify)).isZero();
      assertThat(listeners(combo, SWT.Modify)).isZero();
    });
  }

  @Test
  @DisplayName("closing: the window stays open, and the task decides")
  void closing() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = window();
      List<String> order = new ArrayList<>();
      Task<Void> closer =
          createTask(() -> {
            try (Channel<Event> attempts = Swt.closing(shell).events(Backpressure.BUFFER)) {
              attempts.receive();
              order.add("asked, open=" + !shell.isDisposed());
              attempts.receive();
              order.add("asked again");
              shell.dispose();
            }
          });
      sleep(Duration.ZERO);
      shell.close();
      sleep(Duration.ofSeconds(1));
      shell.close();
      Swt.awaitDisposed(shell);
      order.add("closed");
      Swt.awaitDisposed(shell); // at once
      closer.await();
      assertThat(order).containsExactly("asked, open=true", "asked again", "closed");
    });
  }

  @Test
  @DisplayName("a window whose closing nobody listens to any more closes")
  void notClosing() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = window();
      Swt.closing(shell).listen(_ -> {}).close();
      shell.close();
      assertThat(shell.isDisposed()).isTrue();
    });
  }

  @Test
  @DisplayName("removing a listener of a widget that is disposed of is no error")
  void disposedMeanwhile() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = window();
      Registration registration = Swt.events(shell, SWT.Resize).listen(_ -> {});
      shell.dispose();
      registration.close();
      registration.close();
      assertThatThrownBy(() -> Swt.awaitEvent(shell, SWT.Resize)).isInstanceOf(SWTException.class);
    });
  }

  @Test
  @DisplayName("a task of a widget is cancelled when that is disposed of, and leaves no listener")
  void taskOfWidget() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = window();
      Task<String> quick = Swt.createTask(shell, () -> "done");
      Task<Void> slow = Swt.createTask(shell, () -> sleep(Duration.ofHours(1)));
      assertThat(quick.await()).isEqualTo("done");
      sleep(Duration.ZERO);
      assertThat(listeners(shell, SWT.Dispose)).isEqualTo(1);
      shell.dispose();
      assertThatThrownBy(slow::await).isInstanceOf(CancelledError.class);
      Task<String> late = Swt.createTask(shell, () -> "never");
      assertThatThrownBy(late::await).isInstanceOf(CancelledError.class);
    });
  }

  @Test
  @DisplayName("handler: a task per event, by the policy, cancelled with the widget")
  void handler() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Button button = new Button(window(), SWT.PUSH);
      List<String> order = new ArrayList<>();
      Listener handler =
          Swt.handler(
              WhileRunning.RESTART,
              _ -> {
                try {
                  order.add("begin");
                  sleep(Duration.ofSeconds(1));
                  order.add("end");
                } catch (CancelledError cancelled) {
                  order.add("cancelled");
                  throw cancelled;
                }
              });
      button.addListener(SWT.Selection, handler);
      select(button);
      sleep(Duration.ofMillis(10));
      select(button);
      sleep(Duration.ofSeconds(2));
      select(button);
      sleep(Duration.ofMillis(10));
      assertThat(listeners(button, SWT.Dispose)).isEqualTo(1);
      button.dispose();
      sleep(Duration.ofSeconds(2));
      assertThat(order).containsExactly("begin", "cancelled", "begin", "end", "begin", "cancelled");
    });
  }

  @Test
  @DisplayName("handler: a task that disposes of the widget goes on; one that is late never starts")
  void handlerDisposes() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Button button = new Button(window(), SWT.PUSH);
      List<String> order = new ArrayList<>();
      Listener handler =
          Swt.handler(
              WhileRunning.OVERLAP,
              _ -> {
                order.add("begin");
                button.dispose();
                sleep(Duration.ofSeconds(1));
                order.add("end");
              });
      button.addListener(SWT.Selection, handler);
      button.addListener(
          SWT.Dispose, Swt.handler(WhileRunning.OVERLAP, _ -> order.add("disposed")));
      select(button);
      select(button);
      sleep(Duration.ofSeconds(2));
      assertThat(order).containsExactly("begin", "disposed", "end");
    });
  }

  @Test
  @DisplayName("openAndAwait waits for a dialog without a nested main loop; cancelled, it is gone")
  void openAndAwait() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = window();
      Shell first = new Shell(shell, SWT.DIALOG_TRIM | SWT.APPLICATION_MODAL);
      getRunningLoop().callLater(Duration.ofHours(1), first::close);
      Swt.openAndAwait(first);
      Shell second = new Shell(shell, SWT.DIALOG_TRIM | SWT.APPLICATION_MODAL);
      assertThatThrownBy(() -> timeout(Duration.ofHours(1), () -> Swt.openAndAwait(second)))
          .isInstanceOf(TimeoutException.class);
      assertThat(second.isDisposed()).isTrue();
    });
  }

  @Test
  @DisplayName("real time: a real click of the mouse and real keys come to the tasks that wait")
  void realInput() throws Throwable {
    DisplayThread.realTime(() -> {
      Shell shell = window();
      Button button = new Button(shell, SWT.PUSH);
      Text field = new Text(shell, SWT.BORDER);
      shell.setBounds(50, 50, 400, 100);
      shell.open();
      Swt.awaitFrame(shell);
      Point at = button.toDisplay(20, 20);
      Task<Event> click = createTask(() -> Swt.awaitEvent(button));
      toThread(() -> {
        DisplayThread.input("mousemove", "" + at.x, "" + at.y, "click", "1");
      });
      timeout(Duration.ofSeconds(20), () -> click.await());
      field.setFocus();
      Task<Event> enter = createTask(() -> Swt.awaitEvent(field, SWT.DefaultSelection));
      toThread(() -> {
        DisplayThread.input("type", "--delay", "1", "typed");
        DisplayThread.input("key", "Return");
      });
      timeout(Duration.ofSeconds(20), () -> enter.await());
      assertThat(field.getText()).isEqualTo("typed");
    });
  }

  @Test
  @DisplayName("a listener that a task calls, by notifyListeners say, is the task's and may await")
  void synchronousListener() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Button button = new Button(window(), SWT.PUSH);
      Duration start = getRunningLoop().time();
      button.addListener(SWT.Selection, _ -> sleep(Duration.ofHours(1)));
      select(button);
      assertThat(getRunningLoop().time().minus(start)).isEqualTo(Duration.ofHours(1));
    });
  }
}
