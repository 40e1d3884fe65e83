package dev.lariat.swt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Task;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import java.time.Duration;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Scale;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Spinner;
import org.eclipse.swt.widgets.Text;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Values bound to SWT's widgets, and frames")
class ValuesTest {
  @Test
  @DisplayName("a text field and a combo box, both ways")
  void texts() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = new Shell();
      State<String> state = new State<>("first");
      Text field = new Text(shell, SWT.BORDER);
      Combo combo = new Combo(shell, SWT.DROP_DOWN);
      Swt.bind(state, field);
      Swt.bind(state, combo);
      assertThat(field.getText()).isEqualTo("first");
      assertThat(combo.getText()).isEqualTo("first");
      state.set("second");
      assertThat(field.getText()).isEqualTo("second");
      field.setText("third");
      assertThat(state.get()).isEqualTo("third");
      assertThat(combo.getText()).isEqualTo("third");
      combo.setText("fourth");
      assertThat(field.getText()).isEqualTo("fourth");
    });
  }

  @Test
  @DisplayName("a check box, both ways, and a task that waits for it")
  void checkBox() throws Throwable {
    DisplayThread.virtualTime(() -> {
      State<Boolean> state = new State<>(true);
      Button box = new Button(new Shell(), SWT.CHECK);
      Swt.bind(state, box);
      assertThat(box.getSelection()).isTrue();
      Task<Boolean> waiter = createTask(() -> state.await(on -> !on));
      sleep(Duration.ZERO);
      box.setSelection(false);
      box.notifyListeners(SWT.Selection, new Event()); // as a click does
      assertThat(waiter.await()).isFalse();
    });
  }

  @Test
  @DisplayName("a scale and a spinner, both ways; what is out of range shows as the nearest")
  void numbers() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = new Shell();
      State<Integer> state = new State<>(7);
      Scale scale = new Scale(shell, SWT.HORIZONTAL);
      Spinner spinner = new Spinner(shell, SWT.BORDER);
      spinner.setMaximum(1000);
      Swt.bind(state, scale);
      Swt.bind(state, spinner);
      assertThat(scale.getSelection()).isEqualTo(7);
      assertThat(spinner.getSelection()).isEqualTo(7);
      scale.setSelection(9);
      scale.notifyListeners(SWT.Selection, new Event()); // as moving it does
      assertThat(spinner.getSelection()).isEqualTo(9);
      spinner.setSelection(11);
      assertThat(state.get()).isEqualTo(11);
      assertThat(scale.getSelection()).isEqualTo(11);
      state.set(500);
      assertThat(scale.getSelection()).isEqualTo(scale.getMaximum());
      assertThat(spinner.getSelection()).isEqualTo(500);
      assertThat(state.get()).isEqualTo(500);
    });
  }

  @Test
  @DisplayName("a binding ends when it is closed, and with its widget; no listener is left")
  void unbound() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Shell shell = new Shell();
      State<String> state = new State<>("bound");
      Text first = new Text(shell, SWT.BORDER);
      Text second = new Text(shell, SWT.BORDER);
      Registration binding = Swt.bind(state, first);
      Swt.bind(state, second);
      binding.close();
      binding.close();
      assertThat(first.getListeners(SWT.Modify)).isEmpty();
      assertThat(first.getListeners(SWT.Dispose)).isEmpty();
      second.dispose();
      state.set("to nobody"); // or SWT would complain
      assertThat(first.getText()).isEqualTo("bound");
    });
  }

  @Test
  @DisplayName(
      "real time: a frame of a visible window takes a frame's time: 20 are a third of a second")
  void frames() throws Throwable {
    DisplayThread.realTime(() -> {
      Shell shell = new Shell();
      shell.setSize(200, 100);
      shell.open();
      Swt.awaitFrame();
      Duration start = getRunningLoop().time();
      for (int i = 0; i < 20; i++) {
        Swt.awaitFrame(shell);
      }
      Duration taken = getRunningLoop().time().minus(start);
      assertThat(taken).isGreaterThan(Duration.ofMillis(150));
      assertThat(shell.getListeners(SWT.Paint)).isEmpty();
    });
  }

  @Test
  @DisplayName("without a window, and of a hidden control, a frame takes a 60th of a second")
  void framesUnseen() throws Throwable {
    DisplayThread.virtualTime(() -> {
      Duration start = getRunningLoop().time();
      for (int i = 0; i < 60; i++) {
        Swt.awaitFrame();
      }
      Control hidden = new Shell();
      Swt.awaitFrame(hidden);
      Duration taken = getRunningLoop().time().minus(start);
      assertThat(taken).isBetween(Duration.ofMillis(1016), Duration.ofMillis(1017));
    });
  }
}
