package dev.lariat.javafx;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import dev.lariat.javafx.internal.Toolkit;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.beans.property.Property;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.concurrent.Worker;
import javafx.event.ActionEvent;
import javafx.event.Event;
import javafx.event.EventHandler;
import javafx.event.EventTarget;
import javafx.event.EventType;
import javafx.scene.control.Dialog;
import javafx.scene.control.TextInputControl;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import org.jspecify.annotations.Nullable;

/**
 * Lariat on JavaFX: tasks on the JavaFX application thread, and the events of JavaFX for tasks.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   JavaFx.run(() -> {
 *     Button button = new Button("Fetch");
 *     Label label = new Label();
 *     button.setOnAction(JavaFx.handler(WhileRunning.IGNORE, click -> {
 *       label.setText(fetch(url));       // suspends the task, and not the window
 *     }));
 *     Stage stage = new Stage();
 *     stage.setScene(new Scene(new VBox(button, label)));
 *     stage.show();
 *   });
 * }
 * }</pre>
 *
 * <p>In a class that extends {@link javafx.application.Application}, call {@link #attach(Action)}
 * in its {@code start}, and {@link HostApplication#close} of what it returns in its {@code stop}.
 *
 * <p><i>Thread</i>: JavaFX's, where nothing else is said.
 */
public final class JavaFx {
  private JavaFx() {}

  // -- from beginning to end ---------------------------------------------------------------------

  /**
   * Runs an application to its end, with the options {@link ApplicationOptions#DEFAULT}; see {@link
   * #run(ApplicationOptions, Coroutine)}.
   *
   * @param <T> the type of the value
   * @param main the main coroutine, which shows the first window
   * @return its value; null if the application ended before it
   */
  public static <T extends @Nullable Object> @Nullable T run(Coroutine<T> main) {
    return run(ApplicationOptions.DEFAULT, main);
  }

  /**
   * Runs an application to its end, with the options {@link ApplicationOptions#DEFAULT}; see {@link
   * #run(ApplicationOptions, Coroutine)}.
   *
   * @param main the main coroutine, which shows the first window
   */
  public static void run(Action main) {
    run(main.toCoroutine());
  }

  /**
   * Runs an application to its end. Models {@code asyncio.run}.
   *
   * <p>Starts JavaFX if nobody has, and then exits it at the end: JavaFX cannot be started twice in
   * a process. It is kept after {@code Platform.setImplicitExit(false)}, and can be run on again.
   *
   * <p>If somebody calls {@code Platform.exit()}, the application is ended as its options say, and
   * JavaFX exits then; where JavaFX had been started before, this cannot be, and the tasks that are
   * left are reported as lost.
   *
   * <p><i>Thread</i>: any that runs no loop. On another than JavaFX's it blocks until the end; on
   * JavaFX's it runs a nested event loop.
   *
   * @param <T> the type of the value
   * @param options how the application lives and ends
   * @param main the main coroutine
   * @return its value; null if the application ended before it
   * @throws IllegalStateException if JavaFX cannot be started, or has exited, or exits before the
   *     application has ended
   * @throws dev.lariat.KeyboardInterrupt if Ctrl-C ended the application
   * @throws java.util.concurrent.CompletionException around a checked exception that the main
   *     coroutine failed with
   */
  public static <T extends @Nullable Object> @Nullable T run(
      ApplicationOptions options, Coroutine<T> main) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(main, "main");
    if (Platform.isFxApplicationThread()) {
      return HostApplication.run(new JavaFxHost(), options, main);
    }
    boolean started = Toolkit.start();
    try {
      return HostApplication.run(
          Toolkit::execute, new JavaFxHost(), options, main, Toolkit::endBeforeExit);
    } finally {
      if (started && Platform.isImplicitExit()) {
        Toolkit.exit();
      }
    }
  }

  /**
   * Runs an application to its end, as {@link #run(ApplicationOptions, Coroutine)} does.
   *
   * @param options how the application lives and ends
   * @param main the main coroutine
   */
  public static void run(ApplicationOptions options, Action main) {
    run(options, main.toCoroutine());
  }

  /**
   * Attaches a loop to the JavaFX application thread, and nothing more: whatever runs on that may
   * make tasks from now on. Windows do not matter to it; close it before JavaFX exits.
   *
   * @return the loop
   * @throws IllegalStateException on another thread, or if a loop runs in this one
   */
  public static EventLoop attach() {
    EventLoop loop = new EventLoop(new JavaFxHost());
    loop.attach();
    return loop;
  }

  /**
   * Begins an application, with the options {@link ApplicationOptions#DEFAULT}; see {@link
   * #attach(ApplicationOptions, Action)}.
   *
   * @param main the main coroutine
   * @return the application
   */
  public static HostApplication attach(Action main) {
    return attach(ApplicationOptions.DEFAULT, main);
  }

  /**
   * Begins an application on JavaFX as it runs already, and returns at once. At its end JavaFX
   * exits, unless {@code Platform.setImplicitExit(false)} was called before.
   *
   * @param options how the application lives and ends
   * @param main the main coroutine; its failure goes to the loop's exception handler
   * @return the application, to be closed in {@code Application.stop}
   * @throws IllegalStateException on another thread, or if a loop runs in this one
   */
  public static HostApplication attach(ApplicationOptions options, Action main) {
    return HostApplication.attach(
        new JavaFxHost(), options, main.toCoroutine(), JavaFx::exitIfImplicit);
  }

  private static void exitIfImplicit() {
    if (Platform.isImplicitExit()) {
      Platform.exit();
    }
  }

  // -- events ------------------------------------------------------------------------------------

  /**
   * The events of a type at a node, scene, window, menu item, dialog, ...: those its event handlers
   * get.
   *
   * @param <E> the type of the events
   * @param target where
   * @param type which
   * @return the source
   */
  public static <E extends Event> EventSource<E> events(EventTarget target, EventType<E> type) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(type, "type");
    return listener -> {
      EventHandler<E> handler = listener::accept;
      target.addEventHandler(type, handler);
      return () -> target.removeEventHandler(type, handler);
    };
  }

  /**
   * The actions of a button, menu item, text field, combo box, ...
   *
   * @param target what is pressed, chosen, confirmed
   * @return the source
   */
  public static EventSource<ActionEvent> actions(EventTarget target) {
    return events(target, ActionEvent.ACTION);
  }

  /**
   * The user's requests to close a window. While this is listened to they do not close it: the task
   * that gets one may ask, save, and then {@code hide()} it.
   *
   * @param window the window
   * @return the source
   */
  public static EventSource<WindowEvent> closing(Window window) {
    EventSource<WindowEvent> requests = events(window, WindowEvent.WINDOW_CLOSE_REQUEST);
    return listener ->
        requests.listen(request -> {
          request.consume();
          listener.accept(request);
        });
  }

  /**
   * The texts of a field or area, as they are typed.
   *
   * @param input the control
   * @return the source
   */
  public static EventSource<String> text(TextInputControl input) {
    return values(input.textProperty());
  }

  /**
   * The new values of an observable value, but for null; {@link #changes} tells of that.
   *
   * <p>As everywhere in JavaFX a binding that nobody refers to is collected, and then tells of
   * nothing. A task that awaits or iterates refers to it, and so does the registration of a
   * listener.
   *
   * @param <T> the type of the values
   * @param value the property or binding
   * @return the source
   */
  public static <T> EventSource<T> values(ObservableValue<T> value) {
    Objects.requireNonNull(value, "value");
    return listener ->
        changes(value)
            .listen(change -> {
              T newValue = change.newValue();
              if (newValue != null) {
                listener.accept(newValue);
              }
            });
  }

  /**
   * The changes of an observable value.
   *
   * @param <T> the type of the values
   * @param value the property or binding
   * @return the source
   */
  public static <T> EventSource<Change<T>> changes(ObservableValue<T> value) {
    Objects.requireNonNull(value, "value");
    return listener -> {
      ChangeListener<T> changed =
          (_, oldValue, newValue) -> listener.accept(new Change<>(oldValue, newValue));
      value.addListener(changed);
      return () -> value.removeListener(changed);
    };
  }

  /**
   * The changes of an observable list, one after the other.
   *
   * @param <E> the type of the elements
   * @param list the list
   * @return the source
   */
  public static <E> EventSource<ListChange<E>> listChanges(ObservableList<E> list) {
    Objects.requireNonNull(list, "list");
    return listener -> {
      ListChangeListener<E> changed = change -> ListChange.each(change, listener);
      list.addListener(changed);
      return () -> list.removeListener(changed);
    };
  }

  /**
   * The frames that JavaFX draws, each as its time in nanoseconds: what an {@link AnimationTimer}
   * is given. While this is listened to, JavaFX draws all the time.
   *
   * @return the source
   */
  public static EventSource<Long> frames() {
    return listener -> {
      AnimationTimer timer =
          new AnimationTimer() {
            @Override
            public void handle(long now) {
              listener.accept(now);
            }
          };
      timer.start();
      return timer::stop;
    };
  }

  // -- waiting -----------------------------------------------------------------------------------

  /**
   * Waits for the next action of a button, menu item, text field, ...
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @param target what is pressed, chosen, confirmed
   * @return the event
   */
  public static ActionEvent awaitEvent(EventTarget target) {
    return actions(target).next();
  }

  /**
   * Waits for the next event of a type.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @param <E> the type of the event
   * @param target where
   * @param type which
   * @return the event
   */
  public static <E extends Event> E awaitEvent(EventTarget target, EventType<E> type) {
    return events(target, type).next();
  }

  /**
   * Waits until an observable value is one that {@code wanted} accepts. It is not asked about null.
   *
   * <p><i>Suspends</i>: unless it is one now. <i>Cancellable</i>: yes.
   *
   * @param <T> the type of the value
   * @param value the property or binding
   * @param wanted which
   * @return the value that was accepted
   */
  public static <T> T awaitValue(ObservableValue<T> value, Predicate<? super T> wanted) {
    T now = value.getValue();
    return now != null && wanted.test(now) ? now : values(value).filter(wanted).next();
  }

  /**
   * Waits for the next frame that JavaFX draws.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @return its time, by the clock of {@link AnimationTimer#handle}
   */
  public static Duration awaitFrame() {
    return Duration.ofNanos(frames().next());
  }

  /**
   * Waits for the end of a worker that has been started: of a {@link javafx.concurrent.Task} that
   * some thread runs, or a {@link javafx.concurrent.Service}.
   *
   * <p><i>Suspends</i>: unless it has ended. <i>Cancellable</i>: yes; that cancels the worker.
   *
   * @param <V> the type of its value
   * @param worker the worker
   * @return its value
   * @throws CancelledError if the worker is cancelled
   * @throws java.util.concurrent.CompletionException around a checked exception that it failed
   *     with; an unchecked one is thrown as it is
   */
  public static <V extends @Nullable Object> V await(Worker<V> worker) {
    Future<V> end = Asyncio.getRunningLoop().createFuture();
    try {
      switch (awaitValue(worker.stateProperty(), JavaFx::isEnd)) {
        case SUCCEEDED -> end.setResult(worker.getValue());
        case FAILED -> end.setException(worker.getException());
        default -> end.cancel();
      }
    } catch (CancelledError cancelled) {
      worker.cancel();
      throw cancelled;
    }
    return end.await();
  }

  private static boolean isEnd(Worker.State state) {
    return switch (state) {
      case SUCCEEDED, FAILED, CANCELLED -> true;
      case READY, SCHEDULED, RUNNING -> false;
    };
  }

  // -- windows and dialogs -----------------------------------------------------------------------

  /**
   * Shows a dialog, and waits until it is closed: {@link Dialog#showAndWait} without its nested
   * event loop. The dialog is as modal as it is made; only the task waits.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; that closes the dialog.
   *
   * @param <R> the type of the result
   * @param dialog the dialog
   * @return the result, if it has one
   */
  public static <R> Optional<R> showAndAwait(Dialog<R> dialog) {
    dialog.show();
    try {
      awaitValue(dialog.showingProperty(), showing -> !showing);
    } finally {
      if (dialog.isShowing()) {
        // Not close(): a dialog without a cancel button would refuse.
        dialog.getDialogPane().getScene().getWindow().hide();
      }
    }
    return Optional.ofNullable(dialog.getResult());
  }

  /**
   * Shows a window, and waits until it is closed: {@link Stage#showAndWait} without its nested
   * event loop. The window is as modal as it is made; only the task waits.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; that closes the window.
   *
   * @param stage the window
   */
  public static void showAndAwait(Stage stage) {
    stage.show();
    try {
      awaitValue(stage.showingProperty(), showing -> !showing);
    } finally {
      stage.hide();
    }
  }

  // -- handlers and properties -------------------------------------------------------------------

  /**
   * A handler that deals with each event in a task of its own, and so may await. See {@link
   * TaskHandler}, which can also be cancelled.
   *
   * @param <E> the type of the events
   * @param policy what to do with an event that comes while another is dealt with
   * @param body deals with an event
   * @return a new handler
   */
  public static <E extends Event> EventHandler<E> handler(
      WhileRunning policy, TaskHandler.Body<? super E> body) {
    TaskHandler<E> handler = TaskHandler.of(policy, body);
    return handler::accept;
  }

  /**
   * Deals with each event of a source in a task of its own, as {@link #handler} does.
   *
   * @param <E> the type of the events
   * @param source where they come from
   * @param policy what to do with an event that comes while another is dealt with
   * @param body deals with an event
   * @return what ends it; a task that runs then goes on
   */
  public static <E> Registration on(
      EventSource<E> source, WhileRunning policy, TaskHandler.Body<? super E> body) {
    return source.listen(TaskHandler.<E>of(policy, body));
  }

  /**
   * Binds a property to a state, both ways: the property takes the state's value now, and from then
   * on each takes the other's whenever that changes. A null of the property is not taken.
   *
   * @param <T> the type of the value
   * @param state the state
   * @param property the property
   * @return what unbinds it
   */
  public static <T> Registration bind(State<T> state, Property<T> property) {
    return state.bind(property::getValue, property::setValue, changes(property));
  }
}
