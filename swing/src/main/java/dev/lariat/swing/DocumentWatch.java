package dev.lariat.swing;

import dev.lariat.event.Registration;
import java.beans.PropertyChangeListener;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.Document;
import javax.swing.text.JTextComponent;

/**
 * Calls an action whenever the text of a component changes, also when it gets another document. In
 * the midst of the change: the document cannot be changed then.
 */
final class DocumentWatch implements DocumentListener, Registration {
  private final JTextComponent component;
  private final Runnable changed;
  private final PropertyChangeListener newDocument = _ -> moveToDocument();
  private Document document;

  DocumentWatch(JTextComponent component, Runnable changed) {
    this.component = component;
    this.changed = changed;
    document = component.getDocument();
    document.addDocumentListener(this);
    component.addPropertyChangeListener("document", newDocument);
  }

  private void moveToDocument() {
    document.removeDocumentListener(this);
    document = component.getDocument();
    document.addDocumentListener(this);
    changed.run();
  }

  @Override
  public void insertUpdate(DocumentEvent event) {
    changed.run();
  }

  @Override
  public void removeUpdate(DocumentEvent event) {
    changed.run();
  }

  @Override
  public void changedUpdate(DocumentEvent event) {} // of attributes alone

  @Override
  public void close() {
    component.removePropertyChangeListener("document", newDocument);
    document.removeDocumentListener(this);
  }
}
