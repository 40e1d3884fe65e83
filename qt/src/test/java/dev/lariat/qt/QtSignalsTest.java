package dev.lariat.qt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.qt.QtSignals.asyncSlot;
import static dev.lariat.qt.QtSignals.signal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.Action;
import dev.lariat.ExceptionContext;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.event.Backpressure;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import dev.lariat.event.WhileRunning;
import dev.lariat.queue.Channel;
import dev.lariat.testkit.VirtualTimeHost;
import io.qt.core.QMetaObject.AbstractSignal;
import io.qt.core.QObject;
import io.qt.core.QTimer;
import io.qt.widgets.QLineEdit;
import io.qt.widgets.QPushButton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** QT-3: signals and slots of QtJambi; on virtual time, where no real one is needed. */
@Timeout(60)
@Tag("qtjambi")
class QtSignalsTest {
  private final List<Object> order = new ArrayList<>();

  private static Duration ms(int milliseconds) {
    return Duration.ofMillis(milliseconds);
  }

  private static void task(Action body) throws Throwable {
    QtThread.withWidgets(() -> QtThread.task(new VirtualTimeHost(new QtHost()), body));
  }

  /** Signals of up to three arguments, and how many listen. */
  private static final class Sender extends QObject {
    final Signal0 none = new Signal0();
    final Signal1<String> one = new Signal1<>();
    final Signal2<String, Integer> two = new Signal2<>();
    final Signal3<String, Integer, Boolean> three = new Signal3<>();

    int listeners(AbstractSignal signal) {
      return receivers(signal);
    }
  }

  // -- awaited once ------------------------------------------------------------------------------

  @Test
  @DisplayName("a signal is awaited once, whatever its number of arguments")
  void next() throws Throwable {
    task(() -> {
      Sender sender = new Sender();
      getRunningLoop().callLater(ms(1), sender.none::emit);
      getRunningLoop().callLater(ms(2), () -> sender.one.emit("a"));
      getRunningLoop().callLater(ms(3), () -> sender.two.emit("b", 2));
      getRunningLoop().callLater(ms(4), () -> sender.three.emit("c", 3, true));
      assertThat(signal(sender.none).next()).isSameAs(sender.none);
      assertThat(signal(sender.one).next()).isEqualTo("a");
      assertThat(signal(sender.two, (a, b) -> a + b).next()).isEqualTo("b2");
      assertThat(signal(sender.three, (a, b, c) -> a + b + c).next()).isEqualTo("c3true");
    });
  }

  @Test
  @DisplayName(
      "the task goes on through the queue: it may dispose of the sender, inside whose call it is not")
  void disposesOfSender() throws Throwable {
    task(() -> {
      for (int i = 0; i < 100; i++) {
        QLineEdit box = new QLineEdit();
        Task<String> task =
            createTask(() -> {
              String text = signal(box.textChanged).next();
              box.dispose();
              order.add("resumed");
              return text;
            });
        sleep(Duration.ZERO);
        box.setText("typed");
        order.add("emitted");
        assertThat(task.await()).isEqualTo("typed");
        assertThat(box.isDisposed()).isTrue();
      }
      assertThat(order.subList(0, 4)).containsExactly("emitted", "resumed", "emitted", "resumed");
    });
  }

  @Test
  @DisplayName("awaited or cancelled, the connection is undone: 20,000 awaits leave no listener")
  void disconnects() throws Throwable {
    task(() -> {
      Sender sender = new Sender();
      for (int i = 0; i < 20_000; i++) {
        getRunningLoop().callSoon(() -> sender.one.emit("x"));
        signal(sender.one).next();
      }
      assertThat(sender.listeners(sender.one)).isZero();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() ->
              timeout(
                  ms(5),
                  () -> {
                    createTask(() -> assertThat(sender.listeners(sender.none)).isEqualTo(1));
                    signal(sender.none).next();
                  }));
      assertThat(sender.listeners(sender.none)).isZero();
    });
  }

  @Test
  @DisplayName("a sender that is gone when the wait is over does no harm")
  void senderIsGone() throws Throwable {
    task(() -> {
      Sender sender = new Sender();
      Task<String> waiting = createTask(() -> signal(sender.one).next());
      sleep(ms(1));
      sender.dispose();
      waiting.cancel();
      sleep(ms(1));
      assertThat(waiting.cancelled()).isTrue();
    });
  }

  // -- iterated over -----------------------------------------------------------------------------

  @Test
  @DisplayName("signals are an iterable; with LATEST a slow task gets the newest")
  void iterates() throws Throwable {
    task(() -> {
      QLineEdit box = new QLineEdit();
      createTask(() -> {
        for (String text : new String[] {"a", "ab", "abc", "abcd"}) {
          box.setText(text);
          sleep(ms(1));
        }
      });
      for (String text : signal(box.textChanged).events(Backpressure.LATEST)) {
        order.add(text);
        sleep(ms(10)); // slow
        if (text.length() == 4) {
          break;
        }
      }
      assertThat(order).containsExactly("a", "abcd");
    });
  }

  @Test
  @DisplayName("with BUFFER none is lost, and when the task ends it listens no more")
  void buffers() throws Throwable {
    task(() -> {
      Sender sender = new Sender();
      createTask(
              () -> {
                Channel<String> channel =
                    signal(sender.two, (a, b) -> a + b).events(Backpressure.BUFFER);
                for (int i = 0; i < 3; i++) {
                  sender.two.emit("n", i);
                }
                for (String event : channel) {
                  order.add(event);
                  if (order.size() == 3) {
                    return;
                  }
                }
              })
          .await();
      assertThat(order).containsExactly("n0", "n1", "n2");
      sleep(ms(1));
      assertThat(sender.listeners(sender.two)).isZero();
    });
  }

  @Test
  @DisplayName("what is to be asked for at an emission is asked before the sender goes on")
  void values() throws Throwable {
    task(() -> {
      QLineEdit box = new QLineEdit("first");
      EventSource<String> entered = signal(box.returnPressed, box::text);
      getRunningLoop()
          .callSoon(() -> {
            box.returnPressed.emit();
            box.setText("second");
          });
      assertThat(entered.next()).isEqualTo("first");
    });
  }

  @Test
  @DisplayName("a state is bound to a property by its signal, both ways")
  void bound() throws Throwable {
    task(() -> {
      QLineEdit box = new QLineEdit();
      State<String> name = new State<>("x");
      Registration binding = name.bind(box::text, box::setText, signal(box.textChanged));
      assertThat(box.text()).isEqualTo("x");
      box.setText("typed");
      assertThat(name.get()).isEqualTo("typed");
      name.set("set");
      assertThat(box.text()).isEqualTo("set");
      binding.close();
      box.setText("apart");
      assertThat(name.get()).isEqualTo("set");
    });
  }

  // -- slots -------------------------------------------------------------------------------------

  @Test
  @DisplayName("asyncSlot: each call is a task, which awaits; the emitter does not wait")
  void asyncSlots() throws Throwable {
    task(() -> {
      Sender sender = new Sender();
      sender.none.connect(
          asyncSlot(() -> {
            sleep(ms(1));
            order.add("none");
          }));
      sender.one.connect(
          asyncSlot(a -> {
            sleep(ms(2));
            order.add(a);
          }));
      sender.two.connect(
          asyncSlot((a, b) -> {
            sleep(ms(3));
            order.add(a + b);
          }));
      sender.two.emit("two", 2);
      sender.one.emit("one");
      sender.none.emit();
      order.add("emitted");
      sleep(ms(10));
      assertThat(order).containsExactly("emitted", "none", "one", "two2");
    });
  }

  @Test
  @DisplayName(
      "asyncSlot with a policy: a button that must not be pressed twice, search as you type")
  void policies() throws Throwable {
    task(() -> {
      QPushButton button = new QPushButton();
      button.clicked.connect(
          asyncSlot(
              WhileRunning.IGNORE,
              () -> {
                sleep(ms(5));
                order.add("clicked");
              }));
      QLineEdit box = new QLineEdit();
      box.textChanged.connect(
          asyncSlot(
              WhileRunning.RESTART,
              text -> {
                sleep(ms(5));
                order.add(text);
              }));
      button.click();
      button.click();
      box.setText("a");
      sleep(ms(1));
      box.setText("ab");
      sleep(ms(20));
      assertThat(order).containsExactly("clicked", "ab");
    });
  }

  @Test
  @DisplayName(
      "exceptions are not swallowed: of a slot's task, of a listener, under a single shot too")
  void exceptions() throws Throwable {
    QtThread.withWidgets(() -> {
      List<ExceptionContext> reports = new ArrayList<>();
      QtThread.task(
          new QtHost(),
          () -> {
            getRunningLoop().setExceptionHandler((_, report) -> reports.add(report));
            QPushButton button = new QPushButton();
            button.clicked.connect(
                asyncSlot(() -> {
                  throw new java.io.IOException("in an async slot");
                }));
            Registration listener =
                signal(button.clicked)
                    .listen(_ -> {
                      throw new IllegalArgumentException("in a listener");
                    });
            button.click();
            listener.close();
            QTimer.singleShot(0, button::click);
            while (reports.size() < 3) {
              sleep(ms(1));
            }
          });
      assertThat(reports)
          .extracting(report -> report.exception().getMessage())
          .containsExactly("in a listener", "in an async slot", "in an async slot");
    });
  }

  @Test
  @DisplayName("a plain slot cannot await, and says what to do; it is no task")
  void plainSlots() throws Throwable {
    task(() -> {
      QPushButton button = new QPushButton();
      button.clicked.connect(() -> {
        order.add(currentTask() == null);
        assertThatIllegalStateException()
            .isThrownBy(() -> sleep(ms(1)))
            .withMessageContaining("createTask");
        order.add("checked");
      });
      QtThread.post(button::click); // from Qt's main loop, as a user's
      sleep(ms(1));
      assertThat(order).containsExactly(true, "checked");
    });
  }

  @Test
  @DisplayName("a slot that is called when no loop runs says so, by the thread's handler")
  void noLoop() throws Throwable {
    QtThread.withWidgets(() -> {
      List<Throwable> uncaught = new ArrayList<>();
      Thread.currentThread().setUncaughtExceptionHandler((_, error) -> uncaught.add(error));
      QPushButton button = new QPushButton();
      button.clicked.connect(asyncSlot(() -> {}));
      button.click();
      Thread.currentThread().setUncaughtExceptionHandler(null);
      assertThat(uncaught)
          .singleElement()
          .extracting(Throwable::getMessage)
          .asString()
          .contains("No running event loop");
    });
  }
}
