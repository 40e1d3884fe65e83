package dev.lariat.swt;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.swt.widgets.Scale;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Spinner;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Widget;
import org.jspecify.annotations.Nullable;

/**
 * Lariat on SWT: tasks on the display's thread, which touch widgets and await.
 *
 * <pre>{@code
 * Swt.run(() -> {
 *   Shell shell = new Shell();
 *   Button button = new Button(shell, SWT.PUSH);
 *   button.addListener(SWT.Selection, Swt.handler(WhileRunning.IGNORE, event -> {
 *     button.setText(fetch(url));      // suspends the task, and not the window
 *   }));
 *   shell.open();
 * });
 * }</pre>
 *
 * <p>A modal dialog is opened inside {@code modal(() -> box.open())}; see {@link Asyncio#modal}.
 *
 * <p><i>Thread</i>: the display's, where nothing else is said. An SWTException says so elsewhere.
 */
@SuppressWarnings("overloads") // with and without a value: a block of code tells which is meant
public final class Swt {
  private Swt() {}

  // -- running an application --------------------------------------------------------------------

  /**
   * Runs an application to its end: until its last window is closed, with the usual options. Models
   * {@code asyncio.run}.
   *
   * @param <T> the type of the value
   * @param main the main coroutine, which opens a window
   * @return its value; null if the application ended before it
   * @see #run(ApplicationOptions, Coroutine)
   */
  public static <T extends @Nullable Object> @Nullable T run(Coroutine<T> main) {
    return run(ApplicationOptions.DEFAULT, main);
  }

  /**
   * Runs an application, as {@link #run(Coroutine)} does.
   *
   * @param main the main coroutine, which opens a window
   */
  public static void run(Action main) {
    run(ApplicationOptions.DEFAULT, main.toCoroutine());
  }

  /**
   * Runs an application to its end, on this thread's display. If it has none, one is made, and
   * disposed of at the end.
   *
   * <p>A window is a shell without a parent, be it visible or not; the last is closed when it is
   * disposed of. An exception of a plain listener ends the application, as it ends other main loops
   * of SWT, unless {@code Display.setRuntimeExceptionHandler} says otherwise.
   *
   * <p><i>Thread</i>: one that runs no loop. On macOS the first of the process, which {@code java
   * -XstartOnFirstThread} runs {@code main} on.
   *
   * @param <T> the type of the value
   * @param options how the application lives and ends
   * @param main the main coroutine
   * @return its value; null if the application ended before it
   * @throws IllegalStateException if a loop is running in this thread, or if the display is another
   *     thread's, on a platform that has but one
   * @throws dev.lariat.KeyboardInterrupt if Ctrl-C ended the application
   * @throws java.util.concurrent.CompletionException around a checked exception that {@code main}
   *     failed with
   */
  public static <T extends @Nullable Object> @Nullable T run(
      ApplicationOptions options, Coroutine<T> main) {
    Display present = Display.getCurrent();
    if (present != null) {
      return HostApplication.run(new SwtHost(present), options, main);
    }
    Display display = Displays.make();
    try {
      return HostApplication.run(new SwtHost(display), options, main);
    } finally {
      display.dispose();
    }
  }

  /**
   * Runs an application, as {@link #run(ApplicationOptions, Coroutine)} does.
   *
   * @param options how the application lives and ends
   * @param main the main coroutine
   */
  public static void run(ApplicationOptions options, Action main) {
    run(options, main.toCoroutine());
  }

  // -- on a main loop that somebody else runs ----------------------------------------------------

  /**
   * Makes a loop that lives on the main loop of this thread, which somebody else runs: an Eclipse
   * workbench, say. From now on, any listener may make tasks.
   *
   * <p><i>Suspends</i>: never.
   *
   * @return the loop. It runs until it is stopped, and is closed when the display is disposed of
   * @throws IllegalStateException if this thread has no display, or runs a loop
   */
  public static EventLoop attach() {
    Display display = Displays.current();
    SwtHost host = new SwtHost(display);
    EventLoop loop = new EventLoop(host);
    loop.attach();
    display.disposeExec(() -> host.outsideTurns(loop::close));
    return loop;
  }

  /**
   * Begins an application on the main loop of this thread, with the usual options.
   *
   * @param main the main coroutine
   * @return the application
   * @see #attach(ApplicationOptions, Action)
   */
  public static HostApplication attach(Action main) {
    return attach(ApplicationOptions.DEFAULT, main);
  }

  /**
   * Begins an application on the main loop of this thread, which somebody else runs. When the
   * display is disposed of before it has ended, it is ended then.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param options how the application lives and ends
   * @param main the main coroutine; its failure goes to the loop's exception handler
   * @return the application
   * @throws IllegalStateException if this thread has no display, or runs a loop
   */
  public static HostApplication attach(ApplicationOptions options, Action main) {
    Display display = Displays.current();
    SwtHost host = new SwtHost(display);
    HostApplication application =
        HostApplication.attach(host, options, main.toCoroutine(), () -> {});
    display.disposeExec(() -> host.outsideTurns(application::close));
    return application;
  }

  // -- tasks of a widget -------------------------------------------------------------------------

  /**
   * Makes a task that is cancelled when a widget is disposed of, unless it does that itself: the
   * widget whose contents it looks after. So it need not ask {@code isDisposed()} after each await.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param <T> the type of the value
   * @param owner the widget
   * @param coroutine the body
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> createTask(
      Widget owner, Coroutine<T> coroutine) {
    Objects.requireNonNull(owner, "owner");
    return Asyncio.createTask(() -> owned(owner, coroutine));
  }

  /**
   * Makes a task that is cancelled when a widget is disposed of, as {@link #createTask(Widget,
   * Coroutine)} does.
   *
   * @param owner the widget
   * @param coroutine the body
   * @return the task
   */
  public static Task<Void> createTask(Widget owner, Action coroutine) {
    return createTask(owner, coroutine.toCoroutine());
  }

  /**
   * Makes a listener that deals with each event in a task of its own, and so may await. The task is
   * cancelled when the widget is disposed of, unless it does that itself.
   *
   * <pre>{@code
   * button.addListener(SWT.Selection, Swt.handler(WhileRunning.IGNORE, event -> {
   *   label.setText(fetch(url));       // suspends the task, and not the window
   * }));
   * }</pre>
   *
   * @param policy what to do with an event that comes while another is dealt with
   * @param body deals with an event; an exception goes to the loop's exception handler
   * @return a new listener
   */
  public static Listener handler(WhileRunning policy, TaskHandler.Body<? super Event> body) {
    TaskHandler<Event> handler =
        TaskHandler.of(
            policy,
            event -> {
              if (event.widget == null || event.type == SWT.Dispose) {
                body.handle(event);
              } else {
                owned(
                    event.widget,
                    () -> {
                      body.handle(event);
                      return event;
                    });
              }
            });
    return handler::accept;
  }

  /** Runs the body of the current task. */
  private static <T extends @Nullable Object> T owned(Widget owner, Coroutine<T> body)
      throws Exception {
    if (owner.isDisposed()) {
      throw new CancelledError();
    }
    Task<?> task = Objects.requireNonNull(Asyncio.currentTask());
    try (Registration _ =
        events(owner, SWT.Dispose)
            .listen(_ -> {
              if (Asyncio.currentTask() != task) {
                task.cancel();
              }
            })) {
      return body.run();
    }
  }

  // -- events ------------------------------------------------------------------------------------

  /**
   * The events of a widget.
   *
   * <p>A task is resumed after SWT's call of the listener, when it is late to set {@code doit}; for
   * that, use {@code listen}. A widget that is disposed of sends no more events, so that a task
   * waits on for one: see {@link #createTask(Widget, Coroutine)}.
   *
   * @param widget the widget
   * @param eventType {@code SWT.Selection}, for instance
   * @return where its events come from
   */
  public static EventSource<Event> events(Widget widget, int eventType) {
    Objects.requireNonNull(widget, "widget");
    return listener -> {
      Listener own = listener::accept; // one that is added twice is removed once a time
      widget.addListener(eventType, own);
      return () -> {
        if (!widget.isDisposed()) {
          widget.removeListener(eventType, own);
        }
      };
    };
  }

  /**
   * Waits for a button to be pressed, and the like: for the next of {@link #actions}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes. The listener is removed in any case.
   *
   * @param widget the button
   * @return the event
   */
  public static Event awaitEvent(Widget widget) {
    return actions(widget).next();
  }

  /**
   * Waits for the next event of a widget.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes. The listener is removed in any case.
   *
   * @param widget the widget
   * @param eventType {@code SWT.Selection}, for instance
   * @return the event
   */
  public static Event awaitEvent(Widget widget, int eventType) {
    return events(widget, eventType).next();
  }

  /**
   * The clicks of a button, and their like: {@code SWT.Selection} of a menu item, a tool item, a
   * link, a tray item.
   *
   * @param widget the button
   * @return where its events come from
   */
  public static EventSource<Event> actions(Widget widget) {
    return events(widget, SWT.Selection);
  }

  /**
   * What is written in a field, each time it changes.
   *
   * @param field the field
   * @return where the texts come from
   */
  public static EventSource<String> text(Text field) {
    return events(field, SWT.Modify).map(_ -> field.getText());
  }

  /**
   * What is written in a combo box, each time it changes.
   *
   * @param combo the combo box
   * @return where the texts come from
   */
  public static EventSource<String> text(Combo combo) {
    return events(combo, SWT.Modify).map(_ -> combo.getText());
  }

  /**
   * The attempts of the user to close a window. It stays open: whoever listens decides, and may ask
   * before, and calls {@code shell.dispose()} or does not.
   *
   * @param shell the window
   * @return where the events come from
   */
  public static EventSource<Event> closing(Shell shell) {
    return listener ->
        events(shell, SWT.Close)
            .listen(event -> {
              event.doit = false;
              listener.accept(event);
            });
  }

  /**
   * Waits until a widget is disposed of: until a window is closed, say. What an SWT program else
   * writes as a loop of {@code readAndDispatch} and {@code sleep}.
   *
   * <p><i>Suspends</i>: unless it is disposed of by now. <i>Cancellable</i>: yes; the widget stays.
   *
   * @param widget the widget
   */
  public static void awaitDisposed(Widget widget) {
    if (!widget.isDisposed()) {
      awaitEvent(widget, SWT.Dispose);
    }
  }

  /**
   * Opens a window or a dialog, and waits until it is disposed of. No main loop is nested for it:
   * the task waits, and all others go on. The style {@code SWT.APPLICATION_MODAL} keeps the user
   * from other windows meanwhile.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the shell is disposed of.
   *
   * @param shell the window or dialog
   */
  public static void openAndAwait(Shell shell) {
    shell.open();
    try {
      awaitDisposed(shell);
    } finally {
      shell.dispose();
    }
  }

  // -- frames ------------------------------------------------------------------------------------

  /**
   * Waits until the next frame of a window has been drawn: the active one, or any that is visible.
   * If there is none, it waits as long as a frame takes: a 60th of a second.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @return the time of the frame, in the time of the loop
   */
  public static Duration awaitFrame() {
    return Frames.next(Frames.window(Displays.current()));
  }

  /**
   * Waits until the next frame of a control has been drawn; what is changed from then on, the one
   * after it shows. If it is not visible, it waits as long as a frame takes: a 60th of a second.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @param control the control
   * @return the time of the frame, in the time of the loop
   */
  public static Duration awaitFrame(Control control) {
    return Frames.next(control);
  }

  // -- values ------------------------------------------------------------------------------------

  /**
   * Binds the text of a field to a state, both ways.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param state the state; the field takes its value now
   * @param field the field
   * @return what unbinds it; the end of the field does so too
   */
  public static Registration bind(State<String> state, Text field) {
    return bind(state, field, field::getText, field::setText, text(field));
  }

  /**
   * Binds the text of a combo box to a state, both ways.
   *
   * @param state the state; the combo box takes its value now
   * @param combo the combo box
   * @return what unbinds it; the end of the combo box does so too
   */
  public static Registration bind(State<String> state, Combo combo) {
    return bind(state, combo, combo::getText, combo::setText, text(combo));
  }

  /**
   * Binds whether a check box, a toggle or a radio button is selected to a state, both ways.
   *
   * @param state the state; the button takes its value now
   * @param button the button
   * @return what unbinds it; the end of the button does so too
   */
  public static Registration bind(State<Boolean> state, Button button) {
    return bind(state, button, button::getSelection, button::setSelection, actions(button));
  }

  /**
   * Binds the value of a scale to a state, both ways. The scale shows the nearest that is in its
   * range.
   *
   * @param state the state; the scale takes its value now
   * @param scale the scale
   * @return what unbinds it; the end of the scale does so too
   */
  public static Registration bind(State<Integer> state, Scale scale) {
    return bind(state, scale, scale::getSelection, scale::setSelection, actions(scale));
  }

  /**
   * Binds the value of a spinner to a state, both ways. The spinner shows the nearest that is in
   * its range.
   *
   * @param state the state; the spinner takes its value now
   * @param spinner the spinner
   * @return what unbinds it; the end of the spinner does so too
   */
  public static Registration bind(State<Integer> state, Spinner spinner) {
    return bind(
        state,
        spinner,
        spinner::getSelection,
        spinner::setSelection,
        events(spinner, SWT.Modify)); // it sends no Selection when the program changes it
  }

  private static <T> Registration bind(
      State<T> state,
      Widget widget,
      Supplier<T> getter,
      Consumer<T> setter,
      EventSource<?> changes) {
    Registration binding = state.bind(getter, setter, changes);
    Registration end = events(widget, SWT.Dispose).listen(_ -> binding.close());
    return () -> {
      binding.close();
      end.close();
    };
  }
}
