package dev.lariat.swing;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.swing.SwingEvents.actions;
import static dev.lariat.swing.SwingEvents.clicks;
import static dev.lariat.swing.SwingEvents.closed;
import static dev.lariat.swing.SwingEvents.closing;
import static dev.lariat.swing.SwingEvents.events;
import static dev.lariat.swing.SwingEvents.keys;
import static dev.lariat.swing.SwingEvents.mouse;
import static dev.lariat.swing.SwingEvents.property;
import static dev.lariat.swing.SwingEvents.selections;
import static dev.lariat.swing.SwingEvents.text;
import static dev.lariat.swing.SwingEvents.toggles;
import static dev.lariat.swing.SwingEvents.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.event.Backpressure;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import dev.lariat.queue.Channel;
import java.awt.event.ActionEvent;
import java.awt.event.FocusAdapter;
import java.awt.event.FocusEvent;
import java.awt.event.KeyEvent;
import java.awt.event.MouseEvent;
import java.awt.event.WindowEvent;
import java.beans.PropertyChangeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JComboBox;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.JSlider;
import javax.swing.JSpinner;
import javax.swing.JTable;
import javax.swing.JTextField;
import javax.swing.text.PlainDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Swing's events as sources")
class SwingEventsTest {
  /** What a source tells from now on. */
  private static <T> List<T> heard(EventSource<T> source) {
    List<T> heard = new ArrayList<>();
    source.listen(heard::add);
    return heard;
  }

  private static void iterate() {
    sleep(Duration.ofMillis(1)); // of virtual time: whatever AWT has to do comes first
  }

  @Test
  @DisplayName("a button is awaited, and its listener removed, also by a cancellation")
  void awaitButton() throws Throwable {
    Edt.runLoop(() -> {
      JButton button = new JButton();
      int before = button.getActionListeners().length;
      Task<ActionEvent> waiter = createTask(() -> Swing.awaitEvent(button));
      iterate();
      assertThat(button.getActionListeners()).hasSize(before + 1);
      button.doClick(0);
      assertThat(waiter.done()).isFalse(); // resumed by the loop, never inside the click
      assertThat(waiter.await().getSource()).isSameAs(button);
      assertThat(button.getActionListeners()).hasSize(before);

      Task<ActionEvent> cancelled = createTask(() -> Swing.awaitEvent(button));
      iterate();
      cancelled.cancel();
      assertThatThrownBy(cancelled::await).isInstanceOf(CancelledError.class);
      assertThat(button.getActionListeners()).hasSize(before);
    });
  }

  @Test
  @DisplayName("100,000 awaited events leave no listener behind")
  void nothingLeaks() throws Throwable {
    Edt.runRealLoop(() -> {
      JButton button = new JButton();
      JTextField field = new JTextField();
      JSlider slider = new JSlider();
      int buttonListeners = button.getActionListeners().length;
      int sliderListeners = slider.getChangeListeners().length;
      int documentListeners = listeners(field);
      int properties = field.getPropertyChangeListeners().length;
      ActionEvent click = new ActionEvent(button, 0, "click");
      awaitMany(
          60_000, actions(button), _ -> button.getActionListeners()[0].actionPerformed(click));
      awaitMany(35_000, values(slider), i -> slider.setValue(i % 2));
      awaitMany(5_000, text(field), i -> field.setText("text " + i));
      assertThat(button.getActionListeners()).hasSize(buttonListeners);
      assertThat(slider.getChangeListeners()).hasSize(sliderListeners);
      assertThat(listeners(field)).isEqualTo(documentListeners);
      assertThat(field.getPropertyChangeListeners()).hasSize(properties);
    });
  }

  private static void awaitMany(int count, EventSource<?> source, IntConsumer fire) {
    for (int i = 0; i < count; i++) {
      int round = i;
      getRunningLoop().callSoon(() -> fire.accept(round));
      Swing.awaitEvent(source);
    }
  }

  private static int listeners(JTextField field) {
    return ((PlainDocument) field.getDocument()).getDocumentListeners().length;
  }

  @Test
  @DisplayName("events are iterated over; the listener is removed when the task ends")
  void iterateOverEvents() throws Throwable {
    Edt.runLoop(() -> {
      JSlider slider = new JSlider();
      int before = slider.getChangeListeners().length;
      List<Integer> seen = new ArrayList<>();
      Task<Void> reader =
          createTask(() -> {
            for (int value : values(slider).events(Backpressure.BUFFER)) {
              seen.add(value);
              sleep(Duration.ofMillis(5));
              if (value == 3) {
                return;
              }
            }
          });
      iterate();
      slider.setValue(1);
      slider.setValue(2);
      slider.setValue(3);
      slider.setValue(4);
      reader.await();
      assertThat(seen).containsExactly(1, 2, 3);
      iterate();
      assertThat(slider.getChangeListeners()).hasSize(before);
    });
  }

  @Test
  @DisplayName("with LATEST, a slow reader skips what came meanwhile")
  void latest() throws Throwable {
    Edt.runLoop(() -> {
      JSlider slider = new JSlider();
      List<Integer> seen = new ArrayList<>();
      try (Channel<Integer> channel = values(slider).events(Backpressure.LATEST)) {
        for (int i = 1; i <= 5; i++) {
          slider.setValue(i);
        }
        seen.add(channel.receive());
      }
      assertThat(seen).containsExactly(5);
    });
  }

  @Test
  @DisplayName("text: told once an event, after it, so that a listener may change it")
  void texts() throws Throwable {
    Edt.runLoop(() -> {
      JTextField field = new JTextField("first");
      List<String> heard = new ArrayList<>();
      Registration registration =
          text(field)
              .listen(text -> {
                heard.add(text);
                if (!text.equals(text.strip())) {
                  field.setText(text.strip());
                }
              });
      field.setText("a");
      field.setText("b"); // both are two changes of the document
      assertThat(heard).isEmpty();
      iterate();
      assertThat(heard).containsExactly("b");
      field.setText("  c ");
      iterate();
      iterate();
      assertThat(heard).containsExactly("b", "  c ", "c");
      field.setText("d");
      field.setText("c");
      iterate();
      assertThat(heard).hasSize(3); // nothing has changed in the end
      field.setDocument(new PlainDocument());
      iterate();
      assertThat(heard).endsWith("");
      field.setText("e");
      iterate();
      assertThat(heard).endsWith("e");
      field.setText("f");
      registration.close();
      iterate();
      assertThat(heard).endsWith("e");
    });
  }

  @Test
  @DisplayName("values: toggles, sliders, spinners, combo boxes, lists, tables")
  void valuesOfComponents() throws Throwable {
    Edt.runLoop(() -> {
      JCheckBox box = new JCheckBox();
      List<Boolean> toggles = heard(toggles(box));
      box.setSelected(true);
      box.setSelected(true);
      box.doClick(0);
      assertThat(toggles).containsExactly(true, false);

      JSpinner spinner = new JSpinner();
      List<Object> spun = heard(values(spinner));
      spinner.setValue(7);
      assertThat(spun).containsExactly(7);

      JComboBox<String> combo = new JComboBox<>(new String[] {"a", "b", "c"});
      List<String> chosen = heard(selections(combo));
      List<ActionEvent> actions = heard(actions(combo));
      combo.setSelectedItem("b");
      combo.setSelectedItem("b");
      combo.setSelectedIndex(-1);
      combo.setSelectedItem("c");
      assertThat(chosen).containsExactly("b", "c");
      assertThat(actions).hasSize(4);

      JList<String> list = new JList<>(new String[] {"x", "y", "z"});
      List<List<String>> selected = heard(selections(list));
      list.setSelectedIndices(new int[] {0, 2});
      list.setValueIsAdjusting(true);
      list.setSelectedIndex(1);
      list.setValueIsAdjusting(false);
      assertThat(selected).startsWith(List.of("x")).endsWith(List.of("y"));
      assertThat(selected).contains(List.of("x", "z"));

      JTable table = new JTable(3, 2);
      List<List<Integer>> rows = heard(selections(table));
      table.setRowSelectionInterval(1, 2);
      assertThat(rows).containsExactly(List.of(1, 2));
    });
  }

  @Test
  @DisplayName("properties: only the one that is asked for")
  void properties() throws Throwable {
    Edt.runLoop(() -> {
      JLabel label = new JLabel("before");
      List<PropertyChangeEvent> changes = heard(property(label, "text"));
      label.setText("after");
      label.setToolTipText("not asked for");
      assertThat(changes).hasSize(1);
      assertThat(changes.getFirst().getOldValue()).isEqualTo("before");
      assertThat(changes.getFirst().getNewValue()).isEqualTo("after");
    });
  }

  @Test
  @DisplayName("actions of fields and timers; keys; the mouse")
  void otherEvents() throws Throwable {
    Edt.runLoop(() -> {
      JTextField field = new JTextField();
      List<ActionEvent> enters = heard(actions(field));
      field.postActionEvent();
      assertThat(enters).hasSize(1);

      javax.swing.Timer timer = new javax.swing.Timer(1, null);
      List<ActionEvent> ticks = heard(actions(timer));
      timer.getActionListeners()[0].actionPerformed(enters.getFirst());
      assertThat(ticks).hasSize(1);

      JPanel panel = new JPanel();
      List<KeyEvent> keys = heard(keys(panel));
      KeyEvent key = new KeyEvent(panel, KeyEvent.KEY_PRESSED, 0, 0, KeyEvent.VK_A, 'a');
      panel.getKeyListeners()[0].keyPressed(key);
      panel.getKeyListeners()[0].keyReleased(key);
      assertThat(keys).extracting(KeyEvent::getKeyCode).containsExactly(KeyEvent.VK_A);

      List<Integer> moves = new ArrayList<>();
      Registration registration = mouse(panel).listen(event -> moves.add(event.getID()));
      List<MouseEvent> clicks = heard(clicks(panel));
      List<Integer> ids = new ArrayList<>();
      for (int id = MouseEvent.MOUSE_FIRST; id < MouseEvent.MOUSE_LAST; id++) {
        panel.dispatchEvent(new MouseEvent(panel, id, 0, 0, 1, 1, 1, false));
        ids.add(id);
      }
      panel.dispatchEvent(
          new java.awt.event.MouseWheelEvent(
              panel, MouseEvent.MOUSE_WHEEL, 0, 0, 1, 1, 0, false, 0, 1, 1));
      ids.add(MouseEvent.MOUSE_WHEEL);
      assertThat(moves).isEqualTo(ids);
      assertThat(clicks).hasSize(1);
      registration.close();
      panel.dispatchEvent(new MouseEvent(panel, MouseEvent.MOUSE_MOVED, 0, 0, 1, 1, 1, false));
      assertThat(moves).isEqualTo(ids);
    });
  }

  @Test
  @DisplayName("any other listener, by events(...)")
  void anyListener() throws Throwable {
    Edt.runLoop(() -> {
      JTextField field = new JTextField();
      EventSource<FocusEvent> gains =
          events(
              tell ->
                  new FocusAdapter() {
                    @Override
                    public void focusGained(FocusEvent event) {
                      tell.accept(event);
                    }
                  },
              field::addFocusListener,
              field::removeFocusListener);
      int before = field.getFocusListeners().length;
      Task<FocusEvent> gained = createTask(() -> Swing.awaitEvent(gains));
      iterate();
      for (int id : new int[] {FocusEvent.FOCUS_LOST, FocusEvent.FOCUS_GAINED}) {
        for (var listener : field.getFocusListeners()) {
          if (id == FocusEvent.FOCUS_LOST) {
            listener.focusLost(new FocusEvent(field, id));
          } else {
            listener.focusGained(new FocusEvent(field, id));
          }
        }
      }
      assertThat(gained.await().getID()).isEqualTo(FocusEvent.FOCUS_GAINED);
      assertThat(field.getFocusListeners()).hasSize(before);
    });
  }

  @Test
  @DisplayName("windows: an attempt to close one, and its end")
  void windows() throws Throwable {
    Edt.runRealLoop(() -> {
      JFrame frame = new JFrame();
      frame.setDefaultCloseOperation(JFrame.DO_NOTHING_ON_CLOSE);
      frame.pack();
      Task<WindowEvent> attempt = createTask(() -> Swing.awaitEvent(closing(frame)));
      Task<WindowEvent> end = createTask(() -> Swing.awaitEvent(closed(frame)));
      sleep(Duration.ZERO);
      frame.dispatchEvent(new WindowEvent(frame, WindowEvent.WINDOW_CLOSING));
      attempt.await();
      assertThat(end.done()).isFalse();
      frame.dispose();
      end.await();
      assertThat(frame.getWindowListeners()).isEmpty();
    });
  }

  @Test
  @DisplayName("a listener is a callback: it has the loop and no task, and may start one")
  void listenersMayStartTasks() throws Throwable {
    Edt.runLoop(() -> {
      JButton button = new JButton();
      JLabel label = new JLabel();
      button.addActionListener(_ ->
          createTask(() -> {
            sleep(Duration.ofHours(1));
            label.setText("fetched");
          }));
      List<Boolean> tasks = new ArrayList<>();
      button.addActionListener(_ -> tasks.add(currentTask() != null));
      getRunningLoop().callSoon(() -> button.doClick(0));
      sleep(Duration.ofHours(2));
      assertThat(label.getText()).isEqualTo("fetched");
      assertThat(tasks).containsExactly(false);
    });
  }
}
