package dev.lariat.swt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import dev.lariat.host.LastWindow;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On the real clock, in few milliseconds: Swt makes its hosts itself. */
@Timeout(60)
@DisplayName("Applications on SWT")
class ApplicationTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final ApplicationOptions ENDS = ApplicationOptions.DEFAULT.withKeepRunning(false);

  private static Shell openWindow() {
    Shell shell = new Shell();
    shell.setSize(100, 100);
    shell.open();
    return shell;
  }

  /** SWT's own count of the listeners of a display, which it does not tell. */
  private static int listeners(Display display, String table) throws ReflectiveOperationException {
    Field field = Display.class.getDeclaredField(table);
    field.setAccessible(true);
    Object listeners = field.get(display);
    if (listeners == null) {
      return 0;
    }
    Method size = listeners.getClass().getDeclaredMethod("size");
    size.setAccessible(true);
    return (int) size.invoke(listeners);
  }

  private static void dispatchUntil(java.util.function.BooleanSupplier end) {
    Display display = Display.getCurrent();
    while (!end.getAsBoolean()) {
      if (!display.readAndDispatch()) {
        display.sleep();
      }
    }
  }

  // -- run ---------------------------------------------------------------------------------------

  @Test
  @DisplayName("run makes a display, the default one, and disposes of it; over and over")
  void ownDisplay() throws Throwable {
    DisplayThread.runWithout(() -> {
      for (int i = 0; i < 3; i++) {
        int round = i;
        Display used =
            Swt.run(
                ENDS,
                () -> {
                  assertThat(Display.getDefault()).isSameAs(Display.getCurrent());
                  sleep(SHORT);
                  assertThat(round).isBetween(0, 2);
                  return Display.getCurrent();
                });
        assertThat(used.isDisposed()).isTrue();
        assertThat(Display.getCurrent()).isNull();
      }
    });
  }

  @Test
  @DisplayName("displays on several threads, one after the other, as GTK has one at a time")
  void severalThreads() throws Throwable {
    DisplayThread.runWithout(() -> {
      for (int i = 0; i < 3; i++) {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        Thread thread =
            new Thread(() -> {
              Swt.run(() -> {
                Shell shell = openWindow();
                sleep(SHORT);
                ran.complete(Display.getCurrent().getThread());
                shell.close();
              });
            });
        thread.start();
        thread.join();
        assertThat(ran.join()).isSameAs(thread);
      }
    });
  }

  @Test
  @DisplayName("where the display is another thread's, run and attach say what to do")
  void displayOfAnother() throws Throwable {
    DisplayThread.run(() -> {
      CompletableFuture<String> messages = new CompletableFuture<>();
      Thread thread =
          new Thread(() -> {
            String message = "";
            try {
              Swt.run(() -> {});
            } catch (IllegalStateException error) {
              message += error.getMessage();
            }
            try {
              Swt.attach();
            } catch (IllegalStateException error) {
              message += error.getMessage();
            }
            messages.complete(message);
          });
      thread.start();
      assertThat(messages.get()).contains("asyncExec").contains("Swt.run");
    });
  }

  @Test
  @DisplayName("run uses the display that is there, and leaves it")
  void presentDisplay() throws Throwable {
    DisplayThread.run(() -> {
      Display display = Display.getCurrent();
      assertThat(Swt.<String>run(ENDS, () -> "value")).isEqualTo("value");
      assertThat(display.isDisposed()).isFalse();
      assertThatThrownBy(() ->
              Swt.run(
                  ENDS,
                  () -> {
                    throw new java.io.IOException("of main");
                  }))
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("of main");
      assertThat(listeners(display, "eventTable")).isZero();
      assertThat(listeners(display, "filterTable")).isZero();
    });
  }

  // -- the last window ---------------------------------------------------------------------------

  @Test
  @DisplayName("the last window: CANCEL cancels the tasks, and waits for them")
  void lastWindowCancels() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      Swt.run(() -> {
        Shell first = openWindow();
        Shell second = openWindow();
        new Shell(second).open(); // a dialog is no window: it goes with its parent
        createTask(() -> {
          try {
            sleep(Duration.ofHours(1));
          } catch (CancelledError cancelled) {
            sleep(SHORT);
            order.add("cancelled");
            throw cancelled;
          }
        });
        sleep(SHORT);
        first.close();
        sleep(SHORT);
        order.add("one is left");
        second.close();
      });
      assertThat(order).containsExactly("one is left", "cancelled");
    });
  }

  @Test
  @DisplayName("the last window: WAIT goes on without one until the tasks are done")
  void lastWindowWaits() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      Swt.run(
          ApplicationOptions.DEFAULT.withLastWindow(LastWindow.WAIT),
          () -> {
            Shell shell = openWindow();
            createTask(() -> {
              sleep(Duration.ofMillis(30));
              order.add("done");
            });
            shell.close();
            order.add("closed");
          });
      assertThat(order).containsExactly("closed", "done");
    });
  }

  @Test
  @DisplayName("the last window: REFUSE keeps it open while there are tasks")
  void lastWindowRefuses() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      Swt.run(
          ApplicationOptions.DEFAULT.withLastWindow(LastWindow.REFUSE),
          () -> {
            Shell shell = openWindow();
            Task<Void> task = createTask(() -> sleep(Duration.ofMillis(30)));
            shell.close();
            order.add("open=" + !shell.isDisposed());
            task.await();
            sleep(SHORT);
            shell.close();
            order.add("open=" + !shell.isDisposed());
          });
      assertThat(order).containsExactly("open=true", "open=false");
    });
  }

  @Test
  @DisplayName("a window that is hidden, not disposed of, is not closed")
  void hiddenWindow() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      Swt.run(() -> {
        Shell inTray = openWindow();
        inTray.addListener(
            SWT.Close,
            event -> {
              event.doit = false;
              inTray.setVisible(false);
            });
        Shell about = openWindow();
        inTray.close();
        about.close();
        sleep(SHORT);
        order.add("still running");
        inTray.dispose();
        sleep(Duration.ofHours(1));
      });
      assertThat(order).containsExactly("still running");
    });
  }

  @Test
  @DisplayName("a window that is closed outside any task ends the application too")
  void closedByCallback() throws Throwable {
    DisplayThread.run(() -> {
      boolean[] asked = {false};
      Swt.run(() -> {
        Shell shell = openWindow();
        shell.addListener(SWT.Close, _ -> asked[0] = true);
        Display.getCurrent().timerExec(10, shell::close);
        sleep(Duration.ofHours(1));
      });
      assertThat(asked[0]).isTrue();
    });
  }

  // -- the display goes --------------------------------------------------------------------------

  @Test
  @DisplayName(
      "a display that is disposed of ends the application: tasks are cancelled, and may take time")
  void displayDisposed() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      Display display = Display.getCurrent();
      Swt.run(() -> {
        createTask(() -> {
          try {
            sleep(Duration.ofHours(1));
          } finally {
            sleep(SHORT); // there is no display any more to wake the loop
            order.add("tidied up, disposed=" + display.isDisposed());
          }
        });
        sleep(SHORT);
        display.dispose();
        order.add("disposed");
        sleep(Duration.ofHours(1));
      });
      assertThat(order).containsExactly("disposed", "tidied up, disposed=true");
    });
  }

  @Test
  @DisplayName(
      "a display disposed of by a listener ends the application, other threads notwithstanding")
  void displayDisposedByListener() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      Display display = Display.getCurrent();
      Swt.run(() -> {
        EventLoop loop = getRunningLoop();
        display.timerExec(5, display::dispose);
        try {
          sleep(Duration.ofHours(1));
        } finally {
          var future = loop.createFuture();
          new Thread(() -> loop.callSoonThreadsafe(() -> future.setResult(null))).start();
          future.await();
          order.add("woken");
        }
      });
      assertThat(order).containsExactly("woken");
    });
  }

  // -- attached ----------------------------------------------------------------------------------

  @Test
  @DisplayName("attach: in any listener of somebody else's main loop tasks can be made")
  void attach() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      EventLoop loop = Swt.attach();
      Button button = new Button(openWindow(), SWT.PUSH);
      button.addListener(
          SWT.Selection,
          _ ->
              createTask(() -> {
                sleep(SHORT);
                order.add("task");
              }));
      button.notifyListeners(SWT.Selection, new Event());
      dispatchUntil(() -> !order.isEmpty());
      loop.close();
      assertThatThrownBy(() -> getRunningLoop()).isInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  @DisplayName("attach: an application ends with its last window, the main loop is not its own")
  void attachApplication() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      HostApplication application =
          Swt.attach(
              ApplicationOptions.DEFAULT,
              () -> {
                Shell shell = openWindow();
                sleep(SHORT);
                shell.close();
                order.add("closed");
              });
      dispatchUntil(application.getLoop()::isClosed);
      assertThat(order).containsExactly("closed");
      assertThat(Display.getCurrent().isDisposed()).isFalse();
    });
  }

  @Test
  @DisplayName("attach: when the display goes, tasks end, and the loop is closed")
  void attachedDisplayDisposed() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      HostApplication application =
          Swt.attach(
              ApplicationOptions.DEFAULT,
              () -> {
                try {
                  sleep(Duration.ofHours(1));
                } finally {
                  sleep(SHORT);
                  order.add("unwound");
                }
              });
      Display display = Display.getCurrent();
      while (display.readAndDispatch()) {
        // until the task sleeps
      }
      display.dispose();
      assertThat(order).containsExactly("unwound");
      assertThat(application.getLoop().isClosed()).isTrue();
    });
  }

  @Test
  @DisplayName("attach: the same when a task disposes of the display, once its step is over")
  void attachedTaskDisposes() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      Display display = Display.getCurrent();
      EventLoop loop = Swt.attach();
      loop.setExceptionHandler((_, report) -> order.add(report.message()));
      createTask(() -> {
        display.dispose();
        order.add("disposed");
        try {
          sleep(Duration.ofHours(1));
        } finally {
          order.add("unwound");
        }
      });
      while (!display.isDisposed()) {
        display.readAndDispatch();
      }
      assertThat(order)
          .containsExactly("disposed", "Task was destroyed but it is pending!", "unwound");
      assertThat(loop.isClosed()).isTrue();
    });
  }

  // -- errors ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "the error of a listener leaves the main loop, as always in SWT; its tasks are unwound")
  void errorOfListener() throws Throwable {
    DisplayThread.run(() -> {
      List<String> order = new ArrayList<>();
      assertThatThrownBy(() ->
              Swt.run(() -> {
                getRunningLoop().setExceptionHandler((_, report) -> order.add(report.message()));
                Display.getCurrent()
                    .timerExec(
                        1,
                        () -> {
                          throw new IllegalArgumentException("of a listener");
                        });
                try {
                  sleep(Duration.ofHours(1));
                } finally {
                  order.add("unwound");
                }
              }))
          .hasMessage("of a listener");
      assertThat(order).contains("unwound");
    });
  }

  @Test
  @DisplayName("errors go to the handlers that the application has set: of listeners, and of tasks")
  void handlersOfDisplay() throws Throwable {
    DisplayThread.run(() -> {
      Display display = Display.getCurrent();
      var runtimeHandler = display.getRuntimeExceptionHandler();
      var errorHandler = display.getErrorHandler();
      List<String> told = new ArrayList<>();
      display.setRuntimeExceptionHandler(error -> told.add(error.getMessage()));
      display.setErrorHandler(error -> told.add(error.getMessage()));
      try {
        Swt.run(
            ENDS,
            () -> {
              display.timerExec(
                  1,
                  () -> {
                    throw new IllegalArgumentException("of a listener");
                  });
              sleep(Duration.ofMillis(20));
              getRunningLoop()
                  .callSoon(() -> {
                    throw new IllegalArgumentException("of a callback");
                  });
              getRunningLoop()
                  .callSoon(() -> {
                    throw new AssertionError("serious");
                  });
              sleep(SHORT);
            });
      } finally {
        display.setRuntimeExceptionHandler(runtimeHandler);
        display.setErrorHandler(errorHandler);
      }
      assertThat(told).containsExactly("of a listener", "of a callback", "serious");
    });
  }

  @Test
  @DisplayName("an error that nobody takes goes to the thread's handler")
  void uncaught() throws Throwable {
    DisplayThread.run(() -> {
      List<String> told = new ArrayList<>();
      Thread thread = Thread.currentThread();
      thread.setUncaughtExceptionHandler((_, error) -> told.add(error.getMessage()));
      try {
        Swt.run(
            ENDS,
            () -> {
              getRunningLoop()
                  .callSoon(() -> {
                    throw new IllegalArgumentException("of a callback");
                  });
              sleep(SHORT);
            });
      } finally {
        thread.setUncaughtExceptionHandler(null);
      }
      assertThat(told).containsExactly("of a callback");
    });
  }
}
