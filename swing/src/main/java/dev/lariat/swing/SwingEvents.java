package dev.lariat.swing;

import dev.lariat.event.EventSource;
import java.awt.Component;
import java.awt.ItemSelectable;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.awt.event.ItemEvent;
import java.awt.event.KeyAdapter;
import java.awt.event.KeyEvent;
import java.awt.event.KeyListener;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.awt.event.WindowListener;
import java.beans.PropertyChangeEvent;
import java.beans.PropertyChangeListener;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.swing.AbstractButton;
import javax.swing.JComboBox;
import javax.swing.JList;
import javax.swing.JSlider;
import javax.swing.JSpinner;
import javax.swing.JTable;
import javax.swing.JTextField;
import javax.swing.ListSelectionModel;
import javax.swing.Timer;
import javax.swing.event.ChangeEvent;
import javax.swing.event.ChangeListener;
import javax.swing.event.ListSelectionEvent;
import javax.swing.event.ListSelectionListener;
import javax.swing.text.JTextComponent;

/**
 * Swing's events as sources: to await once, to iterate over, to handle by tasks. For those that are
 * not here there is {@link #events}.
 *
 * <pre>{@code
 * Swing.awaitEvent(actions(next));                                  // once
 * for (String text : text(field).events(Backpressure.LATEST)) ...   // over and over
 * Swing.on(clicks(canvas), WhileRunning.QUEUE, click -> ...);       // each in a task
 * }</pre>
 *
 * <p><i>Thread</i>: the event dispatch thread.
 */
public final class SwingEvents {
  private SwingEvents() {}

  /**
   * The events of any listener of AWT or Swing.
   *
   * <pre>{@code
   * EventSource<FocusEvent> gains = events(
   *     tell -> new FocusAdapter() {
   *       @Override public void focusGained(FocusEvent event) { tell.accept(event); }
   *     },
   *     field::addFocusListener, field::removeFocusListener);
   * }</pre>
   *
   * @param <E> the type of the events
   * @param <L> the type of the listener
   * @param listener makes a listener that tells of the events
   * @param add adds it
   * @param remove removes it
   * @return the source
   */
  public static <E, L> EventSource<E> events(
      Function<Consumer<E>, L> listener, Consumer<L> add, Consumer<L> remove) {
    return tell -> {
      L added = listener.apply(tell::accept);
      add.accept(added);
      return () -> remove.accept(added);
    };
  }

  // -- actions -----------------------------------------------------------------------------------

  /**
   * Presses of a button.
   *
   * @param button a button, a menu item
   * @return the source
   */
  public static EventSource<ActionEvent> actions(AbstractButton button) {
    return events(tell -> tell::accept, button::addActionListener, button::removeActionListener);
  }

  /**
   * Presses of the Enter key in a text field.
   *
   * @param field the field
   * @return the source
   */
  public static EventSource<ActionEvent> actions(JTextField field) {
    return events(tell -> tell::accept, field::addActionListener, field::removeActionListener);
  }

  /**
   * Choices in a combo box, also of the item that is selected already.
   *
   * @param comboBox the combo box
   * @return the source
   */
  public static EventSource<ActionEvent> actions(JComboBox<?> comboBox) {
    return events(
        tell -> tell::accept, comboBox::addActionListener, comboBox::removeActionListener);
  }

  /**
   * Ticks of a timer. A task that wants to wait calls {@code sleep}; this is for timers that others
   * made.
   *
   * @param timer the timer
   * @return the source
   */
  public static EventSource<ActionEvent> actions(Timer timer) {
    return events(tell -> tell::accept, timer::addActionListener, timer::removeActionListener);
  }

  // -- values ------------------------------------------------------------------------------------

  /**
   * The text of a component, each time it has changed. Told right after the event that changed it,
   * once however often it did: so a listener may change the text itself.
   *
   * @param component a text field, a text area
   * @return the source
   */
  public static EventSource<String> text(JTextComponent component) {
    return tell -> new TextListener(component, tell);
  }

  /**
   * Whether a button is selected, each time that changes.
   *
   * @param button a check box, a radio button, a menu item with a mark
   * @return the source
   */
  public static EventSource<Boolean> toggles(AbstractButton button) {
    return items(button).map(_ -> button.isSelected());
  }

  /**
   * The value of a slider, also while it is being dragged.
   *
   * @param slider the slider
   * @return the source
   */
  public static EventSource<Integer> values(JSlider slider) {
    return changes(slider::addChangeListener, slider::removeChangeListener)
        .map(_ -> slider.getValue());
  }

  /**
   * The value of a spinner, each time it changes.
   *
   * @param spinner the spinner
   * @return the source
   */
  public static EventSource<Object> values(JSpinner spinner) {
    return changes(spinner::addChangeListener, spinner::removeChangeListener)
        .map(_ -> spinner.getValue());
  }

  /**
   * The selected item of a combo box, each time another is.
   *
   * @param <T> the type of the items
   * @param comboBox the combo box, not editable
   * @return the source
   */
  public static <T> EventSource<T> selections(JComboBox<T> comboBox) {
    return items(comboBox)
        .filter(event -> event.getStateChange() == ItemEvent.SELECTED)
        .map(_ -> comboBox.getItemAt(comboBox.getSelectedIndex()));
  }

  /**
   * The selected items of a list, each time they change; not while the mouse is still dragged.
   *
   * @param <T> the type of the items
   * @param list the list
   * @return the source
   */
  public static <T> EventSource<List<T>> selections(JList<T> list) {
    return selected(list::addListSelectionListener, list::removeListSelectionListener)
        .map(_ -> list.getSelectedValuesList());
  }

  /**
   * The selected rows of a table, by their place in the view, each time they change; not while the
   * mouse is still dragged.
   *
   * @param table the table
   * @return the source; it listens to the selection model that the table has then
   */
  public static EventSource<List<Integer>> selections(JTable table) {
    return tell -> {
      ListSelectionModel model = table.getSelectionModel();
      return selected(model::addListSelectionListener, model::removeListSelectionListener)
          .map(_ -> IntStream.of(table.getSelectedRows()).boxed().toList())
          .listen(tell);
    };
  }

  private static EventSource<ItemEvent> items(ItemSelectable source) {
    return events(tell -> tell::accept, source::addItemListener, source::removeItemListener);
  }

  private static EventSource<ChangeEvent> changes(
      Consumer<ChangeListener> add, Consumer<ChangeListener> remove) {
    return events(tell -> tell::accept, add, remove);
  }

  private static EventSource<ListSelectionEvent> selected(
      Consumer<ListSelectionListener> add, Consumer<ListSelectionListener> remove) {
    EventSource<ListSelectionEvent> all = events(tell -> tell::accept, add, remove);
    return all.filter(event -> !event.getValueIsAdjusting());
  }

  /**
   * Changes of a property.
   *
   * @param component the component
   * @param name the name of the property
   * @return the source
   */
  public static EventSource<PropertyChangeEvent> property(Component component, String name) {
    return events(
        tell -> (PropertyChangeListener) tell::accept,
        listener -> component.addPropertyChangeListener(name, listener),
        listener -> component.removePropertyChangeListener(name, listener));
  }

  // -- mouse, keys, windows ----------------------------------------------------------------------

  /**
   * Clicks of the mouse on a component.
   *
   * @param component the component
   * @return the source
   */
  public static EventSource<MouseEvent> clicks(Component component) {
    return mouse(component).filter(event -> event.getID() == MouseEvent.MOUSE_CLICKED);
  }

  /**
   * All that the mouse does on a component: moves, drags, presses, the wheel.
   *
   * @param component the component
   * @return the source; what an event is says its {@link MouseEvent#getID}
   */
  public static EventSource<MouseEvent> mouse(Component component) {
    return events(
        MouseTeller::new,
        listener -> {
          component.addMouseListener(listener);
          component.addMouseMotionListener(listener);
          component.addMouseWheelListener(listener);
        },
        listener -> {
          component.removeMouseListener(listener);
          component.removeMouseMotionListener(listener);
          component.removeMouseWheelListener(listener);
        });
  }

  /**
   * Keys that are pressed while a component has the focus.
   *
   * @param component the component
   * @return the source
   */
  public static EventSource<KeyEvent> keys(Component component) {
    return events(
        tell ->
            (KeyListener)
                new KeyAdapter() {
                  @Override
                  public void keyPressed(KeyEvent event) {
                    tell.accept(event);
                  }
                },
        component::addKeyListener,
        component::removeKeyListener);
  }

  /**
   * Attempts of the user to close a window; what becomes of the window is the matter of its default
   * close operation.
   *
   * @param window the window
   * @return the source
   */
  public static EventSource<WindowEvent> closing(Window window) {
    return windowEvents(window, WindowEvent.WINDOW_CLOSING);
  }

  /**
   * The end of a window: it has been disposed of.
   *
   * @param window the window
   * @return the source
   */
  public static EventSource<WindowEvent> closed(Window window) {
    return windowEvents(window, WindowEvent.WINDOW_CLOSED);
  }

  private static EventSource<WindowEvent> windowEvents(Window window, int id) {
    EventSource<WindowEvent> events =
        events(
            tell ->
                (WindowListener)
                    new WindowAdapter() {
                      @Override
                      public void windowClosing(WindowEvent event) {
                        tell.accept(event);
                      }

                      @Override
                      public void windowClosed(WindowEvent event) {
                        tell.accept(event);
                      }
                    },
            window::addWindowListener,
            window::removeWindowListener);
    return events.filter(event -> event.getID() == id);
  }

  /** Tells of whatever the mouse does. */
  private static final class MouseTeller extends MouseAdapter {
    private final Consumer<MouseEvent> tell;

    MouseTeller(Consumer<MouseEvent> tell) {
      this.tell = tell;
    }

    @Override
    public void mouseClicked(MouseEvent event) {
      tell.accept(event);
    }

    @Override
    public void mousePressed(MouseEvent event) {
      tell.accept(event);
    }

    @Override
    public void mouseReleased(MouseEvent event) {
      tell.accept(event);
    }

    @Override
    public void mouseEntered(MouseEvent event) {
      tell.accept(event);
    }

    @Override
    public void mouseExited(MouseEvent event) {
      tell.accept(event);
    }

    @Override
    public void mouseDragged(MouseEvent event) {
      tell.accept(event);
    }

    @Override
    public void mouseMoved(MouseEvent event) {
      tell.accept(event);
    }

    @Override
    public void mouseWheelMoved(java.awt.event.MouseWheelEvent event) {
      tell.accept(event);
    }
  }
}
