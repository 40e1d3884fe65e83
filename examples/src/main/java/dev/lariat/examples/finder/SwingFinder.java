package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.toThread;
import static dev.lariat.swing.Swing.awaitFrame;
import static dev.lariat.swing.Swing.bind;
import static dev.lariat.swing.Swing.on;
import static dev.lariat.swing.Swing.showModal;
import static dev.lariat.swing.SwingEvents.actions;

import com.formdev.flatlaf.FlatLightLaf;
import dev.lariat.event.WhileRunning;
import dev.lariat.examples.net.Terminal;
import dev.lariat.swing.Swing;
import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.Dimension;
import java.awt.Insets;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.swing.*;
import javax.swing.table.DefaultTableModel;

/**
 * Finds files as you type, in a window of Swing.
 *
 * <p>There is one thread in it, the event dispatch thread, and no {@code SwingWorker}. What it does
 * is in {@link Finder}, which knows nothing of Swing; this is its window.
 *
 * <p>Run it with {@code ./lariat demo swing}.
 */
public final class SwingFinder implements Finder.Window {
  private final Finder finder;

  private final JFrame frame = new JFrame("Finder");
  private final JTextField box = new JTextField();
  private final JButton cancel = new JButton("Cancel");
  private final JButton about = new JButton("About");
  private final DefaultTableModel results =
      new DefaultTableModel(new String[] {"Name", "Folder"}, 0) {
        @Override
        public boolean isCellEditable(int row, int column) {
          return false;
        }
      };
  private final JTextArea errors = new JTextArea();
  private final JProgressBar progress = new JProgressBar();
  private final JLabel status = new JLabel();

  private SwingFinder(FinderArguments arguments) {
    finder = new Finder(arguments, this);
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = Terminal.arguments(FinderArguments::of, args);
    System.setProperty("awt.useSystemAAFontSettings", "on"); // where no desktop says so
    Swing.run(() -> {
      FlatLightLaf.setup();
      UIManager.put("TableHeader.cellMargins", new Insets(4, 6, 4, 6));
      UIManager.put("Table.cellMargins", new Insets(2, 6, 2, 6));
      new SwingFinder(arguments).open();
    });
  }

  private void open() throws IOException {
    layOut();
    bind(finder.text, box);
    bind(finder.searching, cancel, "enabled");
    bind(finder.searching, progress, "visible");
    bind(finder.percent, progress, "value");
    bind(finder.status, status, "text");
    actions(cancel).listen(_ -> finder.cancel());
    on(actions(about), WhileRunning.IGNORE, _ -> showAbout());
    frame.setVisible(true);
    finder.run();
  }

  private void showAbout() {
    // Blocks this task alone: the search goes on. Cancellable: that closes the dialog.
    showModal(
        new JOptionPane(FinderArguments.ABOUT, JOptionPane.INFORMATION_MESSAGE),
        frame,
        "About Finder");
  }

  // -- what the Finder tells it ------------------------------------------------------------------

  @Override
  public void clear() {
    results.setRowCount(0);
    errors.setText("");
  }

  @Override
  public void add(List<Finder.Found> files) {
    files.forEach(file -> results.addRow(new Object[] {file.name(), file.folder()}));
  }

  @Override
  public void addError(String error) {
    errors.append(error + "\n");
  }

  @Override
  public void takePicture(Path file) throws IOException {
    awaitFrame(); // cancellable
    JComponent root = frame.getRootPane();
    BufferedImage image =
        new BufferedImage(root.getWidth(), root.getHeight(), BufferedImage.TYPE_INT_RGB);
    root.printAll(image.createGraphics());
    toThread(() -> ImageIO.write(image, "png", file.toFile())); // cancellable: the file may be cut
  }

  @Override
  public void close() {
    frame.dispose();
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    box.putClientProperty("JTextField.placeholderText", "Part of a file name");
    box.putClientProperty("JTextField.showClearButton", true);
    box.putClientProperty("JTextField.selectAllOnFocusPolicy", "never");
    errors.setEditable(false);

    JTable table = new JTable(results);
    ((JLabel) table.getTableHeader().getDefaultRenderer())
        .setHorizontalAlignment(SwingConstants.LEADING);
    table.setFillsViewportHeight(true);
    table.getColumnModel().getColumn(0).setPreferredWidth(320);
    table.getColumnModel().getColumn(1).setPreferredWidth(400);

    JPanel unreadable = new JPanel(new BorderLayout(0, 4));
    unreadable.add(new JLabel("What could not be read"), BorderLayout.NORTH);
    unreadable.add(new JScrollPane(errors));
    JSplitPane split =
        new JSplitPane(JSplitPane.VERTICAL_SPLIT, new JScrollPane(table), unreadable);
    split.setResizeWeight(0.85);

    JPanel content = new JPanel(new BorderLayout(0, 8));
    content.setBorder(BorderFactory.createEmptyBorder(12, 12, 10, 12));
    content.add(row(box, cancel, about), BorderLayout.NORTH);
    content.add(split);
    content.add(row(status, Box.createHorizontalGlue(), progress), BorderLayout.SOUTH);
    progress.setMaximumSize(new Dimension(180, 16));
    status.setPreferredSize(new Dimension(300, 20));

    frame.setContentPane(content);
    frame.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
    frame.setSize(760, 520);
    frame.setLocationRelativeTo(null);
  }

  private static JPanel row(Component... components) {
    JPanel row = new JPanel();
    row.setLayout(new BoxLayout(row, BoxLayout.X_AXIS));
    for (Component component : components) {
      if (row.getComponentCount() > 0) {
        row.add(Box.createHorizontalStrut(8));
      }
      row.add(component);
    }
    return row;
  }
}
