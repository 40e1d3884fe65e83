package dev.lariat.examples.chat;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.toThread;
import static dev.lariat.swing.Swing.awaitFrame;
import static dev.lariat.swing.Swing.on;
import static dev.lariat.swing.SwingEvents.actions;
import static dev.lariat.swing.SwingEvents.closed;

import com.formdev.flatlaf.FlatLightLaf;
import dev.lariat.Task;
import dev.lariat.event.WhileRunning;
import dev.lariat.examples.net.Terminal;
import dev.lariat.host.HostApplication;
import dev.lariat.net.Net;
import dev.lariat.swing.Swing;
import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.swing.BorderFactory;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextField;
import javax.swing.JTextPane;
import javax.swing.WindowConstants;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.SimpleAttributeSet;
import javax.swing.text.StyleConstants;

/**
 * The chat in a window of Swing. There is one thread in it, the event dispatch thread, and no
 * {@code SwingWorker}: the connection is a task, and shows each line as it comes.
 *
 * <p>Run it with {@code ./lariat demo chat swing [NAME [HOST [PORT]]]}.
 */
public final class SwingChat implements ChatDemo.Window {
  private static int opened;

  final JFrame frame;
  final JTextPane said = new JTextPane();
  final JTextField input = new JTextField();
  private final ChatClient client;

  SwingChat(String host, int port, String name) {
    frame = new JFrame("Chat: " + name);
    client = new ChatClient(host, port, name, this::show);
    layOut();
    client.connected().listen(this::setConnected);
    on(actions(input), WhileRunning.QUEUE, _ -> say());
    frame.setVisible(true);
    Task<Void> talking =
        createTask(() -> {
          client.run(); // until /quit, or cancelled
          frame.dispose();
        });
    closed(frame).listen(_ -> talking.cancel());
  }

  /**
   * Opens the window.
   *
   * @param args see {@link ChatArguments}
   */
  public static void main(String[] args) {
    ChatArguments arguments = Terminal.arguments(ChatArguments::of, args);
    var _ = Net.prepare(); // while the window is made
    System.setProperty("awt.useSystemAAFontSettings", "on"); // where no desktop says so
    Swing.run(() -> {
      FlatLightLaf.setup();
      if (arguments.name() != null) {
        new SwingChat(arguments.host(), arguments.port(), arguments.name());
        return;
      }
      ChatDemo.run(SwingChat::new, arguments.screenshot());
      HostApplication.current().quit();
    });
  }

  // -- what it does ------------------------------------------------------------------------------

  private void say() {
    String line = input.getText();
    input.setText("");
    client.say(line); // lines typed meanwhile wait for their turn
  }

  private void show(ChatClient.Message message) {
    if (message.from() == null) {
      append(message.text(), message.colour(), true);
    } else {
      append(message.from() + "  ", message.colour(), false);
      append(message.text(), "#000000", false);
    }
    append("\n", "#000000", false);
    said.setCaretPosition(said.getDocument().getLength());
  }

  private void append(String text, String colour, boolean italic) {
    SimpleAttributeSet style = new SimpleAttributeSet();
    StyleConstants.setForeground(style, Color.decode(colour));
    StyleConstants.setItalic(style, italic);
    Document document = said.getDocument();
    try {
      document.insertString(document.getLength(), text, style);
    } catch (BadLocationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private void setConnected(boolean connected) {
    input.setEnabled(connected);
    input.requestFocusInWindow();
  }

  // -- what a demonstration needs ----------------------------------------------------------------

  @Override
  public ChatClient client() {
    return client;
  }

  @Override
  public String text() {
    return said.getText();
  }

  @Override
  public void takePicture(Path file) throws IOException {
    awaitFrame();
    JComponent root = frame.getRootPane();
    BufferedImage image =
        new BufferedImage(root.getWidth(), root.getHeight(), BufferedImage.TYPE_INT_RGB);
    root.printAll(image.createGraphics());
    toThread(() -> ImageIO.write(image, "png", file.toFile()));
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    said.setEditable(false);
    said.setBackground(input.getBackground());
    said.setBorder(BorderFactory.createEmptyBorder(6, 8, 6, 8));
    input.putClientProperty(
        "JTextField.placeholderText", "Say something, or /who, /join ROOM, /quit");
    input.setEnabled(false);
    JPanel content = new JPanel(new BorderLayout(0, 8));
    content.setBorder(BorderFactory.createEmptyBorder(12, 12, 12, 12));
    content.add(new JScrollPane(said));
    content.add(input, BorderLayout.SOUTH);
    frame.setContentPane(content);
    frame.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
    frame.setSize(520, 380);
    int place = 60 + 80 * (opened++ % 8); // not one window on top of the other
    frame.setLocation(place * 3 / 2, place);
  }
}
