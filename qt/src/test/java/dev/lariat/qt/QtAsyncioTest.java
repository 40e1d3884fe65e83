package dev.lariat.qt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.host.HostApplication;
import dev.lariat.host.LastWindow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** QT-1: QtAsyncio.run and its arguments, on Qt's core library alone. */
@Timeout(30)
class QtAsyncioTest {
  private static final QtOptions RETURNING = QtOptions.DEFAULT.withKeepRunning(false);

  private final NativeQt qt = new NativeQt();
  private final List<String> order = new ArrayList<>();

  private static Duration ms(int milliseconds) {
    return Duration.ofMillis(milliseconds);
  }

  /** A task that says how it ended. */
  private void background() {
    createTask(() -> {
      try {
        sleep(Duration.ofHours(1));
      } catch (CancelledError error) {
        order.add("cancelled");
        throw error;
      }
    });
  }

  /** An application object of the test's, and whoever wants to know when it quits. */
  private Qt.Receiver applicationThatTells() {
    qt.newApplication();
    Qt.Receiver receiver = qt.newReceiver(error -> order.add(error.toString()));
    receiver.onAboutToQuit(() -> order.add("about to quit"));
    return receiver;
  }

  // -- keepRunning -------------------------------------------------------------------------------

  @Test
  @DisplayName("keepRunning is the default: when the coroutine has returned, asyncio goes on")
  void keepsRunning() throws Throwable {
    QtThread.withoutApplication(() -> {
      String value =
          QtAsyncio.run(() -> {
            background();
            getRunningLoop()
                .callLater(
                    ms(10),
                    () -> {
                      order.add("still running");
                      qt.quit();
                    });
            return "value";
          });
      assertThat(value).isEqualTo("value");
      assertThat(order).containsExactly("still running", "cancelled");
    });
  }

  @Test
  @DisplayName(
      "keepRunning=false is asyncio.run: it ends with the coroutine, the rest is cancelled")
  void returns() throws Throwable {
    QtThread.withoutApplication(() -> {
      String value =
          QtAsyncio.run(
              RETURNING,
              () -> {
                background();
                sleep(ms(1));
                return "value";
              });
      assertThat(value).isEqualTo("value");
      assertThat(order).containsExactly("cancelled");
      assertThatThrownBy(() ->
              QtAsyncio.run(
                  RETURNING,
                  () -> {
                    throw new IOException("main");
                  }))
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("main");
    });
  }

  @Test
  @DisplayName("run() starts asyncio and Qt plainly; without a coroutine it must keep running")
  void plainly() throws Throwable {
    QtThread.withoutApplication(() -> {
      Qt.Receiver receiver = applicationThatTells();
      receiver.onExec(() ->
          createTask(() -> { // from a callback of Qt's, as from a button
            sleep(ms(1));
            order.add("task");
            qt.quit();
          }));
      QtAsyncio.run(QtOptions.DEFAULT.withQuitQapp(false));
      assertThat(order).containsExactly("task", "about to quit");
      receiver.close();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> QtAsyncio.run(RETURNING))
          .withMessageContaining("run(options, main)");
    });
  }

  // -- quitQapp ----------------------------------------------------------------------------------

  @Test
  @DisplayName("quitQapp is the default: afterwards the application object is gone")
  void quitsApplication() throws Throwable {
    QtThread.withoutApplication(() -> {
      for (boolean keepRunning : new boolean[] {false, true}) {
        QtAsyncio.run(
            QtOptions.DEFAULT.withKeepRunning(keepRunning),
            () -> {
              assertThat(qt.hasApplication()).isTrue();
              getRunningLoop().callLater(ms(1), qt::quit);
            });
        assertThat(qt.hasApplication()).isFalse();
      }
    });
  }

  @Test
  @DisplayName("quitQapp tells of the end of the application, once; without it nobody is told")
  void aboutToQuit() throws Throwable {
    QtThread.withoutApplication(() -> {
      try (Qt.Receiver _ = applicationThatTells()) {
        QtAsyncio.run(RETURNING.withQuitQapp(false), () -> order.add("first"));
        QtAsyncio.run(RETURNING, () -> order.add("second"));
        assertThat(order).containsExactly("first", "second", "about to quit");
      }
    });
  }

  @Test
  @DisplayName("quitQapp=false: the application outlives the loop, and serves the next one")
  void applicationOutlivesLoop() throws Throwable {
    QtThread.withoutApplication(() -> {
      qt.newApplication();
      long application = QtCore.application();
      for (boolean keepRunning : new boolean[] {false, true, false}) {
        QtAsyncio.run(
            QtOptions.DEFAULT.withKeepRunning(keepRunning).withQuitQapp(false),
            () -> {
              getRunningLoop().callLater(ms(1), qt::quit);
              sleep(ms(2));
            });
        assertThat(QtCore.application()).isEqualTo(application);
      }
      Qt.Receiver receiver = qt.newReceiver(error -> order.add(error.toString()));
      receiver.onExec(() -> {
        order.add("Qt alone");
        qt.quit();
      });
      qt.exec();
      receiver.close();
      assertThat(order).containsExactly("Qt alone");
    });
  }

  @Test
  @DisplayName("inside a main loop that runs already, quitQapp has that quit, and else leaves it")
  void insideExec() throws Throwable {
    QtThread.withoutApplication(() -> {
      Qt.Receiver receiver = applicationThatTells();
      receiver.onExec(() -> {
        QtAsyncio.run(RETURNING.withQuitQapp(false), () -> sleep(ms(1)));
        order.add("once");
        QtAsyncio.run(RETURNING, () -> sleep(ms(1)));
        order.add("twice");
      });
      qt.exec();
      receiver.close();
      assertThat(order).startsWith("once"); // newer Qts tell inside the call of quit()
      assertThat(order).containsExactlyInAnyOrder("once", "twice", "about to quit");
      assertThat(qt.hasApplication()).isTrue();
    });
  }

  @Test
  @DisplayName("a run that cannot begin leaves the application alone")
  void cannotBegin() throws Throwable {
    QtThread.withoutApplication(() -> {
      QtAsyncio.run(
          RETURNING,
          () -> {
            assertThatIllegalStateException().isThrownBy(() -> QtAsyncio.run(RETURNING, () -> {}));
            assertThat(qt.hasApplication()).isTrue();
            sleep(ms(1));
            order.add("goes on");
          });
      assertThat(order).containsExactly("goes on");
    });
  }

  // -- the end, debug ----------------------------------------------------------------------------

  @Test
  @DisplayName("when Qt quits with tasks pending they are waited for, or cancelled")
  void tasksAtTheEnd() throws Throwable {
    for (LastWindow policy : new LastWindow[] {LastWindow.WAIT, LastWindow.CANCEL}) {
      QtThread.withoutApplication(() ->
          QtAsyncio.run(
              QtOptions.DEFAULT.withLastWindow(policy),
              () -> {
                createTask(() -> {
                  try {
                    sleep(ms(20));
                    order.add("done");
                  } catch (CancelledError error) {
                    sleep(ms(1)); // tidying up may await
                    order.add("tidied up");
                    throw error;
                  }
                });
                getRunningLoop().callLater(ms(5), qt::quit);
              }));
    }
    assertThat(order).containsExactly("done", "tidied up");
  }

  @Test
  @DisplayName("QCoreApplication.exit ends asyncio as quit does")
  void exit() throws Throwable {
    QtThread.withoutApplication(() -> {
      QtAsyncio.run(() -> {
        background();
        getRunningLoop().callLater(ms(1), qt::exit);
      });
      assertThat(order).containsExactly("cancelled");
    });
  }

  @Test
  @DisplayName("debug: null leaves the loop as it is, true and false set it")
  void debug() throws Throwable {
    QtThread.withoutApplication(() -> {
      boolean usual = QtAsyncio.run(RETURNING, () -> getRunningLoop().getDebug());
      boolean on = QtAsyncio.run(RETURNING.withDebug(true), () -> getRunningLoop().getDebug());
      boolean off = QtAsyncio.run(RETURNING.withDebug(false), () -> getRunningLoop().getDebug());
      assertThat(on).isTrue();
      assertThat(off).isFalse();
      assertThat(usual).isFalse();
    });
  }

  @Test
  @DisplayName("the arguments of the page have the page's defaults")
  void defaults() {
    assertThat(QtOptions.DEFAULT.keepRunning()).isTrue();
    assertThat(QtOptions.DEFAULT.quitQapp()).isTrue();
    assertThat(QtOptions.DEFAULT.handleSigint()).isFalse();
    assertThat(QtOptions.DEFAULT.debug()).isNull();
    QtOptions other =
        QtOptions.DEFAULT
            .withKeepRunning(false)
            .withQuitQapp(false)
            .withHandleSigint(true)
            .withDebug(true)
            .withLastWindow(LastWindow.REFUSE)
            .withGrace(ms(3));
    assertThat(other).isEqualTo(new QtOptions(false, false, true, true, LastWindow.REFUSE, ms(3)));
    assertThatIllegalArgumentException().isThrownBy(() -> other.withGrace(ms(-1)));
  }

  // -- attached ----------------------------------------------------------------------------------

  @Test
  @DisplayName("attached to Qt's own exec(), tasks run in it; when Qt quits the loop is closed")
  void attachedLoop() throws Throwable {
    QtThread.withoutApplication(() -> {
      Qt.Receiver receiver = applicationThatTells();
      EventLoop loop = QtAsyncio.attach();
      createTask(() -> {
        sleep(ms(1));
        order.add("task");
        qt.quit();
      });
      loop.setExceptionHandler((_, _) -> {});
      qt.exec();
      receiver.close();
      assertThat(order).containsExactly("task", "about to quit");
      assertThat(loop.isClosed()).isTrue();
    });
  }

  @Test
  @DisplayName("an attached application: its end has Qt quit, or not, as quitQapp says")
  void attachedApplication() throws Throwable {
    QtThread.withoutApplication(() -> {
      Qt.Receiver receiver = applicationThatTells();
      HostApplication first =
          QtAsyncio.attach(
              RETURNING.withQuitQapp(false),
              () -> {
                background();
                sleep(ms(1));
                order.add("main");
              });
      receiver.onTimeout(() -> {
        if (first.getLoop().isClosed()) {
          QtAsyncio.attach(RETURNING, () -> order.add("next"));
        } else {
          receiver.startTimer(1);
        }
      });
      receiver.startTimer(1);
      qt.exec();
      receiver.close();
      assertThat(order).containsExactly("main", "cancelled", "next", "about to quit");
    });
  }

  @Test
  @DisplayName("when Qt quits under an attached application, its tasks still come to their end")
  void qtQuitsUnderApplication() throws Throwable {
    for (boolean byTask : new boolean[] {false, true}) {
      QtThread.withoutApplication(() -> {
        Qt.Receiver receiver = applicationThatTells();
        HostApplication application =
            QtAsyncio.attach(
                QtOptions.DEFAULT,
                () -> {
                  try {
                    if (byTask) {
                      getRunningLoop().callSoon(qt::quit);
                    }
                    sleep(Duration.ofHours(1));
                  } finally {
                    sleep(ms(1));
                    order.add("tidied up");
                  }
                });
        if (!byTask) {
          receiver.onExec(qt::quit);
        }
        qt.exec();
        receiver.close();
        assertThat(application.getLoop().isClosed()).isTrue();
      });
    }
    assertThat(order)
        .containsExactlyInAnyOrder("about to quit", "tidied up", "about to quit", "tidied up");
  }
}
