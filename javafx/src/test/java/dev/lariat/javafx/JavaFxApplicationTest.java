package dev.lariat.javafx;

import static dev.lariat.Asyncio.*;
import static dev.lariat.javafx.JavaFx.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.event.Backpressure;
import dev.lariat.event.Registration;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import dev.lariat.host.LastWindow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Applications on JavaFX")
class JavaFxApplicationTest extends FxTests {
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  private static Stage show() {
    Stage stage = new Stage();
    stage.setScene(new Scene(new Label("a window"), 200, 100));
    stage.show();
    return stage;
  }

  /** As the user does. */
  private static void requestClose(Stage stage) {
    stage.fireEvent(new WindowEvent(stage, WindowEvent.WINDOW_CLOSE_REQUEST));
  }

  private Task<Void> logged(String name, int milliseconds) {
    return createTask(() -> {
      try {
        sleep(ms(milliseconds));
        order.add(name + " ends");
      } catch (CancelledError cancelled) {
        order.add(name + " is cancelled");
        throw cancelled;
      }
    });
  }

  // -- run ---------------------------------------------------------------------------------------

  @Test
  @DisplayName("run: the value or the exception of main, on JavaFX's thread (RUN-1)")
  void values() {
    FxThread.started();
    Object value =
        JavaFx.run(
            UNTIL_MAIN_RETURNS,
            () -> {
              checkFxThread();
              sleep(ms(1));
              checkFxThread();
              assertThat(HostApplication.current().getLoop()).isSameAs(getRunningLoop());
              return 42;
            });
    assertThat(value).isEqualTo(42);
    assertThatThrownBy(() ->
            run(() -> {
              sleep(ms(1));
              throw new IllegalArgumentException("unchecked");
            }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            run(() -> {
              throw new IOException("checked");
            }))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("run on JavaFX's thread: in a nested event loop")
  void runNested() throws Throwable {
    FxThread.run(() -> {
      assertThat(JavaFx.<String>run(UNTIL_MAIN_RETURNS, () -> "nested")).isEqualTo("nested");
      assertThatThrownBy(() -> JavaFx.run(() -> JavaFx.run(() -> {})))
          .hasMessageContaining("an event loop is running in this thread already");
    });
  }

  @Test
  @DisplayName("run in a thread that runs another loop: refused, but in toThread it works")
  void runInLoop() {
    FxThread.started();
    dev.lariat.Asyncio.run(() -> {
      assertThatThrownBy(() -> JavaFx.run(() -> {})).hasMessageContaining("toThread");
      Task<String> other =
          createTask(() ->
              toThread(() ->
                  JavaFx.<String>run(
                      UNTIL_MAIN_RETURNS,
                      () -> {
                        sleep(ms(5));
                        return "from JavaFX";
                      })));
      sleep(ms(1));
      assertThat(other.await()).isEqualTo("from JavaFX");
    });
  }

  @Test
  @DisplayName("attach on another thread: refused, and says where")
  void attachElsewhere() {
    FxThread.started();
    assertThatThrownBy(JavaFx::attach).hasMessageContaining("JavaFX application thread");
    assertThatThrownBy(() -> JavaFx.attach(() -> {}))
        .hasMessageContaining("JavaFX application thread");
  }

  @Test
  @DisplayName("attach(): a plain loop, until it is closed; what is suspended then is unwound")
  void attachedLoop() throws Throwable {
    CompletableFuture<EventLoop> attached = new CompletableFuture<>();
    FxThread.run(() -> {
      EventLoop loop = JavaFx.attach();
      loop.setExceptionHandler((_, report) -> order.add(report.message()));
      createTask(() -> {
        try {
          attached.complete(getRunningLoop());
          sleep(ms(60_000));
        } finally {
          order.add("unwound");
        }
      });
    });
    EventLoop loop = attached.get();
    assertThat(runCoroutineThreadsafe(() -> "posted", loop).get()).isEqualTo("posted");
    FxThread.run(loop::close);
    assertThat(order).containsExactly("Task was destroyed but it is pending!", "unwound");
    assertThatThrownBy(() -> loop.callSoonThreadsafe(() -> {})).hasMessageContaining("closed");
  }

  // -- the last window ---------------------------------------------------------------------------

  @Test
  @DisplayName("closing the last window ends it: tasks are cancelled, and waited for (CANCEL)")
  void cancel() {
    FxThread.started();
    JavaFx.run(() -> {
      Stage first = show();
      Stage second = show();
      logged("task", 60_000);
      sleep(ms(1));
      requestClose(first);
      sleep(ms(5));
      order.add("one is open");
      getRunningLoop().callSoon(() -> requestClose(second));
      sleep(ms(60_000));
    });
    assertThat(order).containsExactly("one is open", "task is cancelled");
  }

  @Test
  @DisplayName("closing the last window: the application goes on until its tasks are done (WAIT)")
  void waiting() {
    FxThread.started();
    JavaFx.run(
        ApplicationOptions.DEFAULT.withLastWindow(LastWindow.WAIT),
        () -> {
          Stage stage = show();
          logged("task", 30);
          getRunningLoop().callSoon(() -> requestClose(stage));
          sleep(ms(10));
          assertThat(stage.isShowing()).isFalse();
          order.add("main");
        });
    assertThat(order).containsExactly("main", "task ends");
  }

  @Test
  @DisplayName("closing the last window: it stays open while there are tasks (REFUSE)")
  void refuse() {
    FxThread.started();
    JavaFx.run(
        ApplicationOptions.DEFAULT.withLastWindow(LastWindow.REFUSE),
        () -> {
          Stage stage = show();
          Stage other = show();
          Task<Void> task = logged("task", 20);
          sleep(ms(1));
          requestClose(other);
          assertThat(other.isShowing()).isFalse();
          requestClose(stage);
          assertThat(stage.isShowing()).isTrue();
          task.await();
          Registration hold = HostApplication.current().hold();
          requestClose(stage);
          assertThat(stage.isShowing()).isTrue();
          hold.close();
          requestClose(stage);
          assertThat(stage.isShowing()).isFalse();
        });
    assertThat(order).containsExactly("task ends");
  }

  @Test
  @DisplayName("a window that takes the place of the last one keeps it; menus are no windows")
  void whatCounts() {
    FxThread.started();
    JavaFx.run(() -> {
      Stage splash = show();
      ContextMenu menu = new ContextMenu(new MenuItem("item"));
      menu.show(splash, 10, 10);
      menu.hide();
      splash.hide();
      Stage stage = show();
      sleep(ms(5));
      order.add("still here");
      ContextMenu left = new ContextMenu(new MenuItem("item"));
      left.show(stage, 10, 10);
      sleep(ms(1));
      getRunningLoop().callSoon(stage::hide);
      sleep(ms(60_000));
    });
    assertThat(order).containsExactly("still here");
  }

  @Test
  @DisplayName("a task holds the application open after its last window")
  void hold() {
    FxThread.started();
    JavaFx.run(() -> {
      Stage stage = show();
      HostApplication.current()
          .createHoldingTask(() -> {
            stage.hide();
            sleep(ms(20));
            order.add("held");
          });
      logged("other", 60_000);
    });
    assertThat(order).containsExactly("held", "other is cancelled");
  }

  @Test
  @DisplayName("implicit exit is JavaFX's own again after it, and no handler is left")
  void restored() throws Throwable {
    CompletableFuture<Stage> window = new CompletableFuture<>();
    FxThread.run(() -> window.complete(show()));
    Stage stage = window.get();
    int before = handlers(stage, WindowEvent.WINDOW_CLOSE_REQUEST);
    run(() -> assertThat(handlers(stage, WindowEvent.WINDOW_CLOSE_REQUEST)).isEqualTo(before + 1));
    assertThat(handlers(stage, WindowEvent.WINDOW_CLOSE_REQUEST)).isEqualTo(before);
    assertThat(Platform.isImplicitExit()).isFalse();
    FxThread.run(stage::hide);
  }

  @Test
  @DisplayName("closing(window): the window stays open until the task hides it")
  void askedBeforeClosing() {
    FxThread.started();
    JavaFx.run(() -> {
      Stage stage = show();
      createTask(() -> {
        requestClose(stage);
        assertThat(stage.isShowing()).isTrue();
        sleep(ms(5));
        requestClose(stage);
      });
      for (WindowEvent _ : closing(stage).events(Backpressure.BUFFER)) {
        order.add("asked");
        sleep(ms(2)); // "Save?"
        if (order.size() == 2) {
          stage.hide();
          break;
        }
      }
    });
    assertThat(order).containsExactly("asked", "asked");
  }

  // -- close -------------------------------------------------------------------------------------

  @Test
  @DisplayName("close() in a callback of the toolkit: returns when all tasks have ended")
  void close() throws Throwable {
    FxThread.run(() -> {
      HostApplication[] application = {null};
      Object key = new Object();
      application[0] =
          JavaFx.attach(() -> {
            logged("task", 60_000);
            sleep(ms(0)); // it has begun, in however many turns
            Platform.runLater(() -> {
              application[0].close();
              order.add("closed " + application[0].getLoop().isClosed());
              application[0].close();
              Platform.exitNestedEventLoop(key, null);
            });
            try {
              sleep(ms(60_000));
            } finally {
              sleep(ms(5)); // it may await still
              order.add("main ends");
            }
          });
      Platform.enterNestedEventLoop(key);
    });
    assertThat(order).containsExactly("task is cancelled", "main ends", "closed true");
  }

  @Test
  @DisplayName("close() in a task is refused: it would wait for itself")
  void closeInTask() {
    run(() ->
        assertThatThrownBy(() -> HostApplication.current().close()).hasMessageContaining("quit()"));
  }

  @Test
  @DisplayName("close() beneath which a task is in a dialog: the dialog ends first, then the task")
  void closeInDialog() throws Throwable {
    Object key = new Object();
    FxThread.run(() -> {
      HostApplication[] application = {null};
      application[0] =
          JavaFx.attach(
              ApplicationOptions.DEFAULT.withGrace(ms(20)),
              () -> {
                Stage dialog = new Stage();
                createTask(() ->
                    Platform.runLater(() -> {
                      application[0].close();
                      order.add("closed");
                      dialog.close();
                    }));
                modal(dialog::showAndWait);
                order.add("the dialog is closed");
              });
      Platform.runLater(() -> waitUntilClosed(application[0].getLoop(), key));
      Platform.enterNestedEventLoop(key);
    });
    assertThat(order).containsExactly("closed", "the dialog is closed");
  }

  private static void waitUntilClosed(EventLoop loop, Object key) {
    if (loop.isClosed()) {
      Platform.exitNestedEventLoop(key, null);
    } else {
      Platform.runLater(() -> waitUntilClosed(loop, key));
    }
  }
}
