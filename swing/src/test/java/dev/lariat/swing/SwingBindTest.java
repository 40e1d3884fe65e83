package dev.lariat.swing;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.swing.Swing.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Task;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JComboBox;
import javax.swing.JLabel;
import javax.swing.JProgressBar;
import javax.swing.JSlider;
import javax.swing.JSpinner;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.text.PlainDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Swing.bind")
class SwingBindTest {
  @Test
  @DisplayName("a bound property of a component goes both ways, until it is unbound")
  void properties() throws Throwable {
    Edt.runLoop(() -> {
      State<String> title = new State<>("first");
      JLabel label = new JLabel("other");
      int listeners = label.getPropertyChangeListeners().length;
      Registration binding = bind(title, label, "text");
      assertThat(label.getText()).isEqualTo("first");
      title.set("second");
      assertThat(label.getText()).isEqualTo("second");
      label.setText("third");
      assertThat(title.get()).isEqualTo("third");
      binding.close();
      title.set("fourth");
      assertThat(label.getText()).isEqualTo("third");
      assertThat(label.getPropertyChangeListeners()).hasSize(listeners);

      State<Boolean> idle = new State<>(false);
      JButton button = new JButton();
      bind(idle, button, "enabled");
      assertThat(button.isEnabled()).isFalse();
      Task<Boolean> waiter = createTask(() -> idle.await(value -> value));
      sleep(Duration.ZERO);
      button.setEnabled(true);
      assertThat(waiter.await()).isTrue();

      State<Integer> percent = new State<>(10);
      JProgressBar bar = new JProgressBar();
      bind(percent, bar, "value"); // tells of no changes: one way
      percent.set(20);
      assertThat(bar.getValue()).isEqualTo(20);
    });
  }

  @Test
  @DisplayName("a property that is not there, or of another type, is refused with a sentence")
  void badProperties() throws Throwable {
    Edt.runLoop(() -> {
      assertThatThrownBy(() -> bind(new State<>("x"), new JLabel(), "txt"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no property \"txt\"")
          .hasMessageContaining("text,");
      assertThatThrownBy(() -> bind(new State<>("x"), new JLabel(), "enabled"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("java.lang.Boolean")
          .hasMessageContaining("java.lang.String");
      assertThatThrownBy(() -> bind(new State<>(1.5), new JSpinner()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("java.lang.Integer")
          .hasMessageContaining("java.lang.Double");
    });
  }

  @Test
  @DisplayName("a bound text: the state is never behind, nor does it see the text half written")
  void texts() throws Throwable {
    Edt.runLoop(() -> {
      State<String> state = new State<>("first");
      JTextField field = new JTextField("other");
      JTextArea area = new JTextArea();
      Registration binding = bind(state, field);
      bind(state, area);
      List<String> seen = new ArrayList<>();
      state.listen(seen::add);
      state.set("second");
      assertThat(field.getText()).isEqualTo("second");
      assertThat(area.getText()).isEqualTo("second");
      field.getDocument().insertString(6, "s", null);
      assertThat(state.get()).isEqualTo("seconds");
      assertThat(area.getText()).isEqualTo("seconds");
      field.getDocument().remove(0, 1);
      assertThat(state.get()).isEqualTo("econds");
      assertThat(seen).containsExactly("second", "seconds", "econds");
      field.setDocument(new PlainDocument());
      assertThat(state.get()).isEmpty();
      area.setText("typed");
      assertThat(field.getText()).isEqualTo("typed");
      binding.close();
      state.set("third");
      assertThat(field.getText()).isEqualTo("typed");
      assertThat(area.getText()).isEqualTo("third");
    });
  }

  @Test
  @DisplayName("a state that answers with another text: the field takes that after the change")
  void corrections() throws Throwable {
    Edt.runLoop(() -> {
      State<String> state = new State<>("");
      JTextField field = new JTextField();
      state.listen(text -> state.set(text.replace(" ", "")));
      Registration binding = bind(state, field);
      field.getDocument().insertString(0, "a b", null); // in its midst it cannot be changed
      assertThat(state.get()).isEqualTo("ab");
      sleep(Duration.ofMillis(1));
      assertThat(field.getText()).isEqualTo("ab");
      field.getDocument().insertString(0, " ", null);
      binding.close();
      sleep(Duration.ofMillis(1));
      assertThat(field.getText()).isEqualTo(" ab");
    });
  }

  @Test
  @DisplayName("toggles, sliders, spinners, combo boxes")
  void others() throws Throwable {
    Edt.runLoop(() -> {
      State<Boolean> on = new State<>(true);
      JCheckBox box = new JCheckBox();
      bind(on, box);
      assertThat(box.isSelected()).isTrue();
      box.doClick(0);
      assertThat(on.get()).isFalse();

      State<Integer> volume = new State<>(30);
      JSlider slider = new JSlider(0, 100);
      JSpinner spinner = new JSpinner();
      bind(volume, slider);
      bind(volume, spinner);
      slider.setValue(40);
      assertThat(spinner.getValue()).isEqualTo(40);
      spinner.setValue(50);
      assertThat(slider.getValue()).isEqualTo(50);
      assertThat(volume.get()).isEqualTo(50);

      State<Integer> limited = new State<>(500);
      bind(limited, slider); // takes no more than 100
      assertThat(slider.getValue()).isEqualTo(100);

      State<String> colour = new State<>("green");
      JComboBox<String> combo = new JComboBox<>(new String[] {"red", "green"});
      bind(colour, combo);
      assertThat(combo.getSelectedItem()).isEqualTo("green");
      combo.setSelectedItem("red");
      assertThat(colour.get()).isEqualTo("red");
      combo.setSelectedIndex(-1);
      assertThat(colour.get()).isEqualTo("red"); // nothing is no value
      colour.set("green");
      assertThat(combo.getSelectedIndex()).isEqualTo(1);
    });
  }
}
