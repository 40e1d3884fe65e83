package dev.lariat.javafx;

import static dev.lariat.Asyncio.*;
import static dev.lariat.javafx.JavaFx.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonType;
import javafx.scene.control.ChoiceDialog;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.TextInputDialog;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Dialogs of JavaFX")
class JavaFxDialogTest extends FxTests {
  /** A kind of dialog that blocks its caller with a nested event loop, and what it returns. */
  private record Kind(String name, Opener opener) {
    interface Opener {
      Opened open();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A dialog that was made, not shown. */
  private interface Opened {
    Object showAndWait();

    /** As the user does. */
    void close();
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind("Alert", () -> dialog(new Alert(Alert.AlertType.CONFIRMATION, "sure?"))),
        new Kind("TextInputDialog", () -> dialog(new TextInputDialog("text"))),
        new Kind("ChoiceDialog", () -> dialog(new ChoiceDialog<>("a", "a", "b"))),
        new Kind("Stage", () -> stage(Modality.NONE)),
        new Kind("Stage, window modal", () -> stage(Modality.WINDOW_MODAL)),
        new Kind("Stage, application modal", () -> stage(Modality.APPLICATION_MODAL)),
        new Kind("enterNestedEventLoop", JavaFxDialogTest::nestedEventLoop));
  }

  private static Opened dialog(Dialog<?> dialog) {
    return new Opened() {
      @Override
      public Object showAndWait() {
        return dialog.showAndWait();
      }

      @Override
      public void close() {
        dialog.close();
      }
    };
  }

  private static Stage newStage(Modality modality) {
    Stage stage = new Stage();
    stage.initModality(modality);
    stage.setScene(new Scene(new Label("a window"), 200, 100));
    return stage;
  }

  private static Opened stage(Modality modality) {
    Stage stage = newStage(modality);
    return new Opened() {
      @Override
      public Object showAndWait() {
        stage.showAndWait();
        return "closed";
      }

      @Override
      public void close() {
        stage.close();
      }
    };
  }

  private static Opened nestedEventLoop() {
    Object key = new Object();
    return new Opened() {
      @Override
      public Object showAndWait() {
        return Platform.enterNestedEventLoop(key);
      }

      @Override
      public void close() {
        Platform.exitNestedEventLoop(key, "left");
      }
    };
  }

  // -- the toolkit's own, which nest an event loop -----------------------------------------------

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("opened in a task without modal(): others tick, a plain callback cannot await")
  void withoutModal(Kind kind) {
    run(() -> {
      Opened dialog = kind.opener().open();
      opened(dialog, dialog::showAndWait);
    });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("opened in a task with modal(): others tick, a plain callback cannot await")
  void withModal(Kind kind) {
    run(() -> {
      Opened dialog = kind.opener().open();
      opened(dialog, () -> modal(dialog::showAndWait));
    });
  }

  private interface Show {
    Object show();
  }

  private static void opened(Opened dialog, Show show) {
    EventLoop loop = getRunningLoop();
    AtomicInteger ticks = new AtomicInteger();
    List<String> refused = new ArrayList<>();
    Task<Void> ticker =
        createTask(() -> {
          while (ticks.get() < 20) {
            sleep(ms(ticks.get() % 2));
            ticks.incrementAndGet();
          }
          Platform.runLater(() -> {
            try {
              sleep(ms(1));
              refused.add("it awaited");
            } catch (IllegalStateException error) {
              refused.add(error.getMessage());
            }
            createTask(() -> {
              sleep(ms(1)); // a task that it starts can
              refused.add("task");
              dialog.close();
            });
          });
        });
    Object result = show.show();
    assertThat(ticks.get()).isEqualTo(20);
    assertThat(result).isNotNull();
    assertThat(refused).hasSize(2);
    assertThat(refused.getFirst()).contains("Cannot await").contains("createTask");
    assertThat(refused.getLast()).isEqualTo("task");
    assertThat(getRunningLoop()).isSameAs(loop);
    sleep(ms(1)); // and this task is whole
    ticker.await();
  }

  @Test
  @DisplayName("a task that a dialog's nested loop runs may open one itself, and await outside it")
  void nestedTwice() {
    run(() -> {
      Opened outer = stage(Modality.NONE);
      List<String> order = new ArrayList<>();
      Task<Void> inner =
          createTask(() -> {
            sleep(ms(1)); // resumed in the outer dialog's loop
            order.add("inner opens");
            Opened dialog = stage(Modality.NONE);
            createTask(() -> {
              sleep(ms(5));
              dialog.close();
            });
            dialog.showAndWait();
            sleep(ms(1));
            order.add("inner goes on");
            outer.close();
          });
      outer.showAndWait();
      order.add("outer goes on");
      inner.await();
      assertThat(order).containsExactly("inner opens", "inner goes on", "outer goes on");
    });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("a timeout round modal(show, close) dismisses the dialog")
  void timeoutDismisses(Kind kind) {
    run(() -> {
      Opened dialog = kind.opener().open();
      assertThatThrownBy(() -> timeout(ms(20), () -> modal(dialog::showAndWait, dialog::close)))
          .isInstanceOf(TimeoutException.class);
      assertThat(Window.getWindows()).isEmpty();
      sleep(ms(1));
    });
  }

  @Test
  @DisplayName("two dialogs that are closed in the wrong order return last in, first out")
  void wrongOrder() {
    run(() -> {
      List<String> order = new ArrayList<>();
      Opened first = stage(Modality.NONE);
      Opened second = stage(Modality.NONE);
      Task<Void> one =
          createTask(() -> {
            modal(first::showAndWait);
            order.add("first");
          });
      settle();
      Task<Void> two =
          createTask(() -> {
            modal(second::showAndWait);
            order.add("second");
          });
      Task<Void> closer =
          createTask(() -> {
            sleep(ms(5));
            first.close();
            sleep(ms(5));
            assertThat(order).isEmpty();
            assertThat(one.toString()).contains("beneath a modal dialog");
            second.close();
          });
      one.await();
      two.await();
      closer.await();
      assertThat(order).containsExactly("second", "first");
    });
  }

  @Test
  @DisplayName("in an animation pulse the loop cannot be run, and says why; tasks go on after it")
  void inAPulse() throws Throwable {
    List<String> messages = new ArrayList<>();
    FxThread.run(() -> {
      Object key = new Object();
      try (EventLoop loop = new EventLoop(new JavaFxHost())) {
        AnimationTimer timer =
            new AnimationTimer() {
              @Override
              public void handle(long now) {
                try {
                  loop.runUntilComplete(() -> {});
                } catch (IllegalStateException error) {
                  messages.add(error.getMessage());
                }
                stop();
                Platform.exitNestedEventLoop(key, null);
              }
            };
        timer.start();
        Platform.enterNestedEventLoop(key);
        loop.runUntilComplete(() -> sleep(ms(1)));
      }
    });
    assertThat(messages).hasSize(1);
    assertThat(messages.getFirst()).contains("an animation or a layout is under way");
  }

  // -- ours, which only suspend the task ---------------------------------------------------------

  @Test
  @DisplayName(
      "showAndAwait(dialog): its result, with no nested event loop; it is modal all the same")
  void dialogResult() {
    run(() -> {
      Alert alert = new Alert(Alert.AlertType.CONFIRMATION, "sure?");
      Task<Optional<ButtonType>> answer = createTask(() -> showAndAwait(alert));
      settle();
      assertThat(alert.isShowing()).isTrue();
      assertThat(alert.getModality()).isEqualTo(Modality.APPLICATION_MODAL);
      assertThat(Platform.isNestedLoopRunning()).isFalse();
      button(alert, ButtonType.OK).fire();
      assertThat(answer.await()).contains(ButtonType.OK);

      TextInputDialog input = new TextInputDialog("text");
      Task<Optional<String>> text = createTask(() -> showAndAwait(input));
      settle();
      input.getEditor().setText("typed");
      button(input, ButtonType.OK).fire();
      assertThat(text.await()).contains("typed");
    });
  }

  private static javafx.scene.control.Button button(Dialog<?> dialog, ButtonType type) {
    return (javafx.scene.control.Button) dialog.getDialogPane().lookupButton(type);
  }

  @Test
  @DisplayName("showAndAwait: closed by its close button it has no result, or the cancel button's")
  void dialogClosed() {
    run(() -> {
      TextInputDialog input = new TextInputDialog("text");
      Task<Optional<String>> text = createTask(() -> showAndAwait(input));
      settle();
      input.close();
      assertThat(text.await()).isEmpty();
      Alert alert = new Alert(Alert.AlertType.CONFIRMATION, "sure?");
      Task<Optional<ButtonType>> answer = createTask(() -> showAndAwait(alert));
      settle();
      alert.close();
      assertThat(answer.await()).contains(ButtonType.CANCEL);
    });
  }

  @Test
  @DisplayName("showAndAwait: closed as it is shown, or by its window, it ends as well")
  void dialogClosedByOthers() {
    run(() -> {
      Alert alert = new Alert(Alert.AlertType.INFORMATION, "so it is");
      alert.setOnShown(_ -> alert.close());
      assertThat(showAndAwait(alert)).isEmpty();

      TextInputDialog input = new TextInputDialog("text");
      Task<Optional<String>> text = createTask(() -> showAndAwait(input));
      settle();
      input.getDialogPane().getScene().getWindow().hide();
      assertThat(text.await()).isEmpty();
    });
  }

  @Test
  @DisplayName("showAndAwait: a cancellation closes the dialog, one without a cancel button too")
  void dialogCancelled() {
    run(() -> {
      Dialog<String> stubborn = new Dialog<>();
      stubborn.getDialogPane().getButtonTypes().addAll(ButtonType.YES, ButtonType.APPLY);
      Stage stage = newStage(Modality.APPLICATION_MODAL);
      for (Task<?> task :
          List.of(
              createTask(() -> showAndAwait(stubborn)), createTask(() -> showAndAwait(stage)))) {
        settle();
        assertThat(Window.getWindows()).isNotEmpty();
        task.cancel();
        assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      }
      assertThat(Window.getWindows()).isEmpty();
    });
  }

  @Test
  @DisplayName("showAndAwait(stage): until it is closed")
  void stageClosed() {
    run(() -> {
      Stage stage = newStage(Modality.WINDOW_MODAL);
      Task<Void> closed = createTask(() -> showAndAwait(stage));
      settle();
      assertThat(stage.isShowing()).isTrue();
      stage.close();
      closed.await();
    });
  }

  @Test
  @DisplayName("two of ours may be closed in any order: each task goes on at once")
  void anyOrder() {
    run(() -> {
      Stage first = newStage(Modality.NONE);
      Stage second = newStage(Modality.NONE);
      Task<Void> one = createTask(() -> showAndAwait(first));
      Task<Void> two = createTask(() -> showAndAwait(second));
      settle();
      first.close();
      one.await();
      assertThat(second.isShowing()).isTrue();
      second.close();
      two.await();
    });
  }

  @Test
  @DisplayName("a task beneath a dialog that another closes is the one that goes on (currentTask)")
  void currentTaskIsKept() {
    run(() -> {
      Task<?> self = Objects.requireNonNull(currentTask());
      Opened dialog = stage(Modality.NONE);
      List<Task<?>> seen = new ArrayList<>();
      createTask(() -> {
        sleep(ms(2));
        seen.add(currentTask());
        dialog.close();
      });
      dialog.showAndWait();
      assertThat(seen).hasSize(1).doesNotContain(self);
      assertThat(currentTask()).isSameAs(self);
    });
  }
}
