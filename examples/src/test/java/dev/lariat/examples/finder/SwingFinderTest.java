package dev.lariat.examples.finder;

import java.awt.Component;
import java.awt.Container;
import java.awt.EventQueue;
import java.awt.Point;
import java.awt.Window;
import java.awt.event.WindowEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JProgressBar;
import javax.swing.JTable;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The Finder on Swing")
class SwingFinderTest extends FinderContract {
  @Override
  void main(String... arguments) {
    SwingFinder.main(arguments);
  }

  private static <T> T ask(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, EventQueue::invokeLater).join();
  }

  /** The components of a kind in the window; the window too, and none if it is not open. */
  private static <C extends Component> List<C> all(Class<C> type) {
    return Stream.of(Window.getWindows())
        .filter(window -> window instanceof JFrame && window.isShowing())
        .flatMap(SwingFinderTest::all)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private static Stream<Component> all(Component root) {
    return Stream.concat(
        Stream.of(root),
        root instanceof Container container
            ? Stream.of(container.getComponents()).flatMap(SwingFinderTest::all)
            : Stream.of());
  }

  private static JButton button(String text) {
    return all(JButton.class).stream()
        .filter(button -> text.equals(button.getText()))
        .findFirst()
        .orElseThrow();
  }

  @Override
  Seen look() {
    return ask(() ->
        all(JFrame.class).isEmpty()
            ? null
            : new Seen(
                all(JLabel.class).getLast().getText(),
                all(JTable.class).getFirst().getRowCount(),
                all(JTextArea.class).getFirst().getText(),
                all(JProgressBar.class).getFirst().isVisible(),
                button("Cancel").isEnabled()));
  }

  @Override
  List<String> results() {
    return ask(() -> {
      JTable table = all(JTable.class).getFirst();
      return IntStream.range(0, table.getRowCount())
          .mapToObj(row -> table.getValueAt(row, 0) + " in " + table.getValueAt(row, 1))
          .toList();
    });
  }

  @Override
  void perform(Runnable deed) {
    ask(() -> {
      deed.run();
      return null;
    });
  }

  @Override
  Spot find(Part part) {
    return ask(() -> {
      Component component =
          switch (part) {
            case BOX -> all(JTextField.class).getFirst();
            case CANCEL -> button("Cancel");
            case ABOUT -> button("About");
          };
      Point corner = component.getLocationOnScreen();
      return new Spot(corner.x + 15, corner.y + component.getHeight() / 2);
    });
  }

  @Override
  void close() {
    ask(() -> all(JFrame.class))
        .forEach(frame ->
            EventQueue.invokeLater(
                () -> frame.dispatchEvent(new WindowEvent(frame, WindowEvent.WINDOW_CLOSING))));
  }
}
