package dev.lariat.swing;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import java.awt.AWTEvent;
import java.awt.Component;
import java.awt.Dialog;
import java.awt.EventQueue;
import java.awt.GraphicsConfiguration;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.awt.event.ActionListener;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import javax.swing.AbstractAction;
import javax.swing.AbstractButton;
import javax.swing.JComboBox;
import javax.swing.JDialog;
import javax.swing.JOptionPane;
import javax.swing.JSlider;
import javax.swing.JSpinner;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Lariat on Swing: tasks run on the event dispatch thread, so they touch components as they like,
 * and wait without freezing them. {@link SwingEvents} has the events to wait for.
 *
 * <pre>{@code
 * Swing.run(() -> {
 *   JButton button = new JButton("Load");
 *   JLabel label = new JLabel(" ");
 *   button.addActionListener(Swing.handler(IGNORE, click -> label.setText(fetch(url))));
 *   ... frame.setVisible(true);
 * });
 * }</pre>
 *
 * <p>In whatever listener of Swing the loop is the running one: it may call {@code
 * createTask(...)}.
 *
 * <p><i>Thread</i>: where nothing else is said, the event dispatch thread.
 */
@SuppressWarnings("overloads") // with and without a value: a block of code tells which is meant
public final class Swing {
  private Swing() {}

  // -- running -----------------------------------------------------------------------------------

  /**
   * Runs an application on the event dispatch thread, until its last window is closed or it is
   * {@linkplain HostApplication#quit told to quit}; then cancels what is left. Models {@code
   * asyncio.run}.
   *
   * <p>A window is closed when it is disposed of, or when its user closes it and so hides it.
   * Popups and modal dialogs do not count. A frame with {@code EXIT_ON_CLOSE} ends the application
   * when it is closed, and then the process. In the end, whatever windows were made meanwhile are
   * disposed of, so that nothing of AWT keeps the JVM alive.
   *
   * <p><i>Thread</i>: any that runs no loop. It waits for the end, on the event dispatch thread by
   * running a main loop inside the one that runs there.
   *
   * @param <T> the type of the value
   * @param main the main coroutine: shows the first window, say
   * @return its value; null if the application ended before it
   * @throws IllegalStateException if this JVM is headless, or a loop is running in the event
   *     dispatch thread
   * @throws CompletionException around a checked exception that {@code main} failed with
   */
  public static <T extends @Nullable Object> @Nullable T run(Coroutine<T> main) {
    return run(ApplicationOptions.DEFAULT, main);
  }

  /**
   * Runs an application, as {@link #run(Coroutine)} does.
   *
   * @param main the main coroutine
   */
  public static void run(Action main) {
    run(ApplicationOptions.DEFAULT, main.toCoroutine());
  }

  /**
   * Runs an application, as {@link #run(Coroutine)} does, with options.
   *
   * @param <T> the type of the value
   * @param options how it lives and ends
   * @param main the main coroutine
   * @return its value; null if the application ended before it
   * @throws KeyboardInterrupt if Ctrl-C ended the application, and the options say it may
   */
  public static <T extends @Nullable Object> @Nullable T run(
      ApplicationOptions options, Coroutine<T> main) {
    SwingHost host = new SwingHost();
    Set<Window> others = Set.of(Window.getWindows());
    T value;
    try {
      value =
          EventQueue.isDispatchThread()
              ? HostApplication.run(host, options, main)
              : HostApplication.run(EventQueue::invokeLater, host, options, main, _ -> {});
    } finally {
      onDispatchThread(() -> disposeOfAllBut(others));
    }
    exitIfClosedSo(host);
    return value;
  }

  private static @Nullable Void disposeOfAllBut(Set<Window> others) {
    for (Window window : Window.getWindows()) {
      if (!others.contains(window)) {
        window.dispose();
      }
    }
    return null;
  }

  /**
   * Runs an application, as {@link #run(Coroutine)} does, with options.
   *
   * @param options how it lives and ends
   * @param main the main coroutine
   */
  public static void run(ApplicationOptions options, Action main) {
    run(options, main.toCoroutine());
  }

  /**
   * Makes tasks possible in a Swing program that runs anyhow, and returns at once: until its last
   * window is closed, as with {@link #run(Coroutine)}.
   *
   * <p><i>Suspends</i>: never. <i>Thread</i>: any.
   *
   * @return the loop; it keeps the JVM alive until it ends
   * @throws IllegalStateException if this JVM is headless, or a loop is running in the event
   *     dispatch thread
   */
  public static EventLoop attach() {
    return attach(() -> {}).getLoop();
  }

  /**
   * Begins an application in a Swing program that runs anyhow, as {@link #attach()} does.
   *
   * @param main the main coroutine; its failure goes to the loop's exception handler
   * @return the application
   */
  public static HostApplication attach(Action main) {
    return attach(ApplicationOptions.DEFAULT, main);
  }

  /**
   * Begins an application in a Swing program that runs anyhow, as {@link #attach()} does.
   *
   * @param options how it lives and ends
   * @param main the main coroutine; its failure goes to the loop's exception handler
   * @return the application
   */
  public static HostApplication attach(ApplicationOptions options, Action main) {
    SwingHost host = new SwingHost();
    return onDispatchThread(() ->
        HostApplication.attach(host, options, main.toCoroutine(), () -> exitIfClosedSo(host)));
  }

  private static void exitIfClosedSo(SwingHost host) {
    if (host.isToExit()) {
      System.exit(0);
    }
  }

  /** Runs {@code work} on the event dispatch thread; an interrupt does not end the wait. */
  private static <T extends @Nullable Object> T onDispatchThread(Supplier<T> work) {
    if (EventQueue.isDispatchThread()) {
      return work.get();
    }
    try {
      return CompletableFuture.supplyAsync(work, EventQueue::invokeLater).join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException error) {
        throw error;
      }
      throw (Error) Objects.requireNonNull(failure.getCause());
    }
  }

  /**
   * Dispatches an event as Lariat's own event queue does: for a program that pushes a queue which
   * overrides {@code dispatchEvent}, and so hides it.
   *
   * <pre>{@code
   * protected void dispatchEvent(AWTEvent event) {
   *   Swing.dispatch(event, () -> super.dispatchEvent(event));
   * }
   * }</pre>
   *
   * @param event the event
   * @param dispatcher dispatches it
   */
  public static void dispatch(AWTEvent event, Runnable dispatcher) {
    GuardQueue.dispatch(event, Objects.requireNonNull(dispatcher, "dispatcher"));
  }

  // -- waiting -----------------------------------------------------------------------------------

  /**
   * Waits until a button is pressed.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes. The listener is removed in any case.
   *
   * @param button a button, a menu item
   * @return the event
   */
  public static ActionEvent awaitEvent(AbstractButton button) {
    return SwingEvents.actions(button).next();
  }

  /**
   * Waits for the next event.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes. The listener is removed in any case.
   *
   * @param <E> the type of the event
   * @param source of what
   * @return the event
   */
  public static <E> E awaitEvent(EventSource<E> source) {
    return source.next();
  }

  /**
   * Waits for the next frame of the default screen, by its refresh rate; by then what the program
   * has asked to be repainted is on the screen. For animations:
   *
   * <pre>{@code
   * for (Duration start = awaitFrame(), now = start; ; now = awaitFrame()) {
   *   ball.setLocation(x(now.minus(start)), y);
   * }
   * }</pre>
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @return the time of the frame, in the time of the loop
   */
  public static Duration awaitFrame() {
    return Frames.await(Frames.defaultDevice());
  }

  /**
   * Waits for the next frame of the screen that a component is on, as {@link #awaitFrame()} does.
   *
   * @param component the component
   * @return the time of the frame, in the time of the loop
   */
  public static Duration awaitFrame(Component component) {
    GraphicsConfiguration screen = component.getGraphicsConfiguration();
    return Frames.await(screen == null ? Frames.defaultDevice() : screen.getDevice());
  }

  /**
   * Shows a modal dialog until it is closed. Other tasks go on meanwhile.
   *
   * <p><i>Suspends</i>: never; it blocks this task alone. <i>Cancellable</i>: yes; that hides the
   * dialog.
   *
   * @param dialog the dialog; it is not disposed of
   * @throws IllegalArgumentException if it is not modal
   */
  public static void showModal(Dialog dialog) {
    if (!dialog.isModal()) {
      throw new IllegalArgumentException(
          "The dialog is not modal: call its setModal(true), or setVisible(true) alone and"
              + " awaitEvent(closed(dialog)).");
    }
    Asyncio.modal(() -> dialog.setVisible(true), () -> dialog.setVisible(false));
  }

  /**
   * Shows an option pane in a modal dialog, as {@link #showModal(Dialog)} does.
   *
   * <pre>{@code
   * JOptionPane question = new JOptionPane("Sure?", QUESTION_MESSAGE, YES_NO_OPTION);
   * boolean sure = Objects.equals(showModal(question, frame, "Delete"), YES_OPTION);
   * }</pre>
   *
   * @param pane what it shows
   * @param parent what it is shown above; null for the screen
   * @param title the title of the dialog
   * @return {@link JOptionPane#getValue}; null if the dialog was closed
   */
  public static @Nullable Object showModal(
      JOptionPane pane, @Nullable Component parent, String title) {
    JDialog dialog = pane.createDialog(parent, title);
    try {
      showModal(dialog);
    } finally {
      dialog.dispose();
    }
    return pane.getValue() == JOptionPane.UNINITIALIZED_VALUE ? null : pane.getValue();
  }

  // -- handling ----------------------------------------------------------------------------------

  /**
   * Has each event dealt with by a task, so that its handler may await.
   *
   * <p><i>Suspends</i>: never. An exception goes to the loop's exception handler.
   *
   * @param <E> the type of the events
   * @param source of what
   * @param policy what to do with an event that comes while another is dealt with
   * @param body deals with an event
   * @return what ends it, and cancels what runs
   */
  public static <E> Registration on(
      EventSource<E> source, WhileRunning policy, TaskHandler.Body<? super E> body) {
    TaskHandler<E> handler = TaskHandler.of(policy, body);
    Registration registration = source.listen(handler);
    return () -> {
      registration.close();
      handler.cancel();
    };
  }

  /**
   * Makes a listener for {@code addActionListener} that is a task, and may await.
   *
   * <p><i>Suspends</i>: never. An exception goes to the loop's exception handler.
   *
   * @param policy what to do with an event that comes while another is dealt with
   * @param body deals with an event
   * @return a new listener
   */
  public static ActionListener handler(
      WhileRunning policy, TaskHandler.Body<? super ActionEvent> body) {
    TaskHandler<ActionEvent> handler = TaskHandler.of(policy, body);
    return handler::accept;
  }

  /**
   * Makes an action for buttons, menus and keys whose body is a task, and may await. With {@link
   * WhileRunning#IGNORE} it is disabled while that runs.
   *
   * <p><i>Suspends</i>: never. An exception goes to the loop's exception handler.
   *
   * @param name the text of buttons and menu items
   * @param policy what to do when it is performed while it still runs
   * @param body what it does
   * @return a new action
   */
  public static javax.swing.Action action(
      String name, WhileRunning policy, TaskHandler.Body<? super ActionEvent> body) {
    return new TaskAction(name, policy, body);
  }

  private static final class TaskAction extends AbstractAction {
    private static final long serialVersionUID = 1L;

    private final transient TaskHandler<ActionEvent> handler;

    TaskAction(String name, WhileRunning policy, TaskHandler.Body<? super ActionEvent> body) {
      super(name);
      handler =
          TaskHandler.of(
              policy, policy == WhileRunning.IGNORE ? event -> alone(body, event) : body);
    }

    private void alone(TaskHandler.Body<? super ActionEvent> body, ActionEvent event)
        throws Exception {
      setEnabled(false);
      try {
        body.handle(event);
      } finally {
        setEnabled(true);
      }
    }

    @Override
    public void actionPerformed(ActionEvent event) {
      handler.accept(event);
    }
  }

  // -- binding -----------------------------------------------------------------------------------

  /**
   * Binds a property of a component to a state: it takes the state's value now, and whenever that
   * changes. The state takes the property's value when the component tells of a change: most
   * properties of Swing do, {@code visible} and {@code value} for example do not.
   *
   * @param <T> the type of the value
   * @param state the state
   * @param component the component
   * @param property the name of a property that can be read and written, {@code text} or {@code
   *     enabled} for example
   * @return what unbinds it
   * @throws IllegalArgumentException if there is no such property, or its type is not the state's
   */
  public static <T> Registration bind(State<T> state, Component component, String property) {
    BeanProperty bean = new BeanProperty(component, property, state.get().getClass());
    @SuppressWarnings("unchecked") // checked by BeanProperty
    Supplier<@Nullable T> getter = () -> (T) bean.get();
    return state.bind(getter, bean::set, SwingEvents.property(component, property));
  }

  /**
   * Binds the text of a component to a state, both ways.
   *
   * @param state the state
   * @param component a text field, a text area
   * @return what unbinds it
   */
  public static Registration bind(State<String> state, JTextComponent component) {
    return new TextBinding(state, component);
  }

  /**
   * Binds to a state whether a button is selected, both ways.
   *
   * @param state the state
   * @param button a check box, a radio button, a menu item with a mark
   * @return what unbinds it
   */
  public static Registration bind(State<Boolean> state, AbstractButton button) {
    return state.bind(button::isSelected, button::setSelected, SwingEvents.toggles(button));
  }

  /**
   * Binds the value of a slider to a state, both ways.
   *
   * @param state the state
   * @param slider the slider
   * @return what unbinds it
   */
  public static Registration bind(State<Integer> state, JSlider slider) {
    return state.bind(slider::getValue, slider::setValue, SwingEvents.values(slider));
  }

  /**
   * Binds the value of a spinner to a state, both ways.
   *
   * @param <T> the type of the value: that of the spinner's model
   * @param state the state
   * @param spinner the spinner
   * @return what unbinds it
   * @throws IllegalArgumentException if the spinner's value is of another type than the state's
   */
  public static <T> Registration bind(State<T> state, JSpinner spinner) {
    Class<?> type = state.get().getClass();
    if (!type.isInstance(spinner.getValue())) {
      throw new IllegalArgumentException(
          "The value of the spinner is a "
              + spinner.getValue().getClass().getName()
              + ", and that of the state a "
              + type.getName());
    }
    @SuppressWarnings("unchecked") // just checked
    Supplier<T> getter = () -> (T) spinner.getValue();
    return state.bind(getter, spinner::setValue, SwingEvents.values(spinner));
  }

  /**
   * Binds the selected item of a combo box to a state, both ways.
   *
   * @param <T> the type of the items
   * @param state the state
   * @param comboBox the combo box, not editable
   * @return what unbinds it
   */
  public static <T> Registration bind(State<T> state, JComboBox<T> comboBox) {
    return state.bind(
        () -> comboBox.getItemAt(comboBox.getSelectedIndex()),
        comboBox::setSelectedItem,
        SwingEvents.selections(comboBox));
  }
}
