package dev.lariat.swing;

import dev.lariat.event.Registration;
import dev.lariat.event.State;
import java.awt.EventQueue;
import javax.swing.text.JTextComponent;

/**
 * Binds a component's text to a state, both ways. The state takes the text at once, in the midst of
 * the change, so that whoever reads it never reads an old one; if it answers with another value,
 * the text takes that right after, since it cannot be changed just then.
 */
final class TextBinding implements Registration {
  private final State<String> state;
  private final JTextComponent component;
  private final Registration toText;
  private final DocumentWatch toState;
  private boolean writing;
  private boolean reading;
  private boolean closed;

  TextBinding(State<String> state, JTextComponent component) {
    this.state = state;
    this.component = component;
    write();
    toText = state.listen(_ -> stateChanged());
    toState = new DocumentWatch(component, this::textChanged);
  }

  private void stateChanged() {
    if (!reading) {
      write();
    } else if (!state.get().equals(component.getText())) {
      EventQueue.invokeLater(this::write);
    }
  }

  private void write() {
    if (!closed && !state.get().equals(component.getText())) {
      writing = true;
      try {
        component.setText(state.get());
      } finally {
        writing = false;
      }
    }
  }

  private void textChanged() {
    if (!writing) {
      reading = true;
      try {
        state.set(component.getText());
      } finally {
        reading = false;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    toText.close();
    toState.close();
  }
}
