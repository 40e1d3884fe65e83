package dev.lariat.swing;

import dev.lariat.event.Registration;
import java.awt.EventQueue;
import java.util.function.Consumer;
import javax.swing.text.JTextComponent;

/**
 * Tells of a component's text by an event of its own, after the change: {@code setText} changes a
 * document twice, and a listener in the midst of a change cannot change anything.
 */
final class TextListener implements Registration {
  private final JTextComponent component;
  private final Consumer<? super String> tell;
  private final DocumentWatch watch;
  private String told;
  private boolean pending;
  private boolean closed;

  TextListener(JTextComponent component, Consumer<? super String> tell) {
    this.component = component;
    this.tell = tell;
    told = component.getText();
    watch = new DocumentWatch(component, this::changed);
  }

  private void changed() {
    if (!pending) {
      pending = true;
      EventQueue.invokeLater(this::tell);
    }
  }

  private void tell() {
    pending = false;
    String text = component.getText();
    if (!closed && !text.equals(told)) {
      told = text;
      tell.accept(text);
    }
  }

  @Override
  public void close() {
    closed = true;
    watch.close();
  }
}
