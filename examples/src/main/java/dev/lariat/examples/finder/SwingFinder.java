package dev.lariat.examples.finder;

import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static dev.lariat.swing.Swing.awaitFrame;
import static dev.lariat.swing.Swing.bind;
import static dev.lariat.swing.Swing.on;
import static dev.lariat.swing.Swing.showModal;
import static dev.lariat.swing.SwingEvents.actions;
import static dev.lariat.swing.SwingEvents.text;

import com.formdev.flatlaf.FlatLightLaf;
import dev.lariat.event.State;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.host.HostApplication;
import dev.lariat.swing.Swing;
import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.Dimension;
import java.awt.Insets;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import javax.imageio.ImageIO;
import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JPanel;
import javax.swing.JProgressBar;
import javax.swing.JScrollPane;
import javax.swing.JSplitPane;
import javax.swing.JTable;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.SwingConstants;
import javax.swing.UIManager;
import javax.swing.WindowConstants;
import javax.swing.table.DefaultTableModel;

/**
 * Finds files as you type, in a window of Swing.
 *
 * <p>There is one thread in it, the event dispatch thread, and no {@code SwingWorker}: a search is
 * a task, and {@link FileSearch} tells this window of each file as it finds it. The next key
 * cancels the search before.
 *
 * <p>Run it with {@code ./lariat demo swing}.
 */
public final class SwingFinder implements FileSearch.Listener {
  private final FinderArguments arguments;

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
  private final JLabel status = new JLabel(" ");

  private final State<Boolean> searching = new State<>(false);

  private SwingFinder(FinderArguments arguments) {
    this.arguments = arguments;
  }

  /**
   * Opens the window.
   *
   * @param args see {@link FinderArguments}
   */
  public static void main(String[] args) {
    FinderArguments arguments = FinderArguments.of(args);
    System.setProperty("awt.useSystemAAFontSettings", "on"); // where no desktop says so
    Swing.run(() -> {
      FlatLightLaf.setup();
      UIManager.put("TableHeader.cellMargins", new Insets(4, 6, 4, 6));
      UIManager.put("Table.cellMargins", new Insets(2, 6, 2, 6));
      new SwingFinder(arguments).open();
    });
  }

  // -- what it does ------------------------------------------------------------------------------

  private void open() throws IOException {
    layOut();
    TaskHandler<String> searches = TaskHandler.of(WhileRunning.RESTART, this::search);
    text(box).listen(searches);
    actions(cancel).listen(_ -> searches.cancel());
    on(actions(about), WhileRunning.IGNORE, _ -> showAbout());
    bind(searching, cancel, "enabled");
    bind(searching, progress, "visible");
    frame.setVisible(true);

    if (arguments.search() != null) {
      box.setText(arguments.search());
    }
    if (arguments.screenshot() != null) {
      // Cancellable, as all of this task is: by closing the window. No picture is taken then.
      searching.await(value -> value);
      searching.await(value -> !value);
      takePicture(arguments.screenshot());
      HostApplication.current().quit();
    }
  }

  private void search(String text) {
    results.setRowCount(0);
    errors.setText("");
    progress.setValue(0);
    status.setText(" ");
    if (text.isBlank()) {
      return;
    }
    searching.set(true);
    boolean done = false;
    try {
      sleep(Duration.ofMillis(150)); // cancellable: whoever types on cancels it here most often
      new FileSearch(arguments.root(), text, this).run(); // cancellable: it tells nothing more then
      done = true;
    } finally {
      searching.set(false);
      status.setText((done ? "" : "Cancelled: ") + count(results.getRowCount(), "file") + " found");
    }
  }

  private void showAbout() {
    // Blocks this task alone: the search goes on. Cancellable: that closes the dialog.
    showModal(
        new JOptionPane(FinderArguments.ABOUT, JOptionPane.INFORMATION_MESSAGE),
        frame,
        "About Finder");
  }

  private void takePicture(Path file) throws IOException {
    awaitFrame(); // cancellable
    JComponent root = frame.getRootPane();
    BufferedImage image =
        new BufferedImage(root.getWidth(), root.getHeight(), BufferedImage.TYPE_INT_RGB);
    root.printAll(image.createGraphics());
    toThread(() -> ImageIO.write(image, "png", file.toFile())); // cancellable: the file may be cut
  }

  // -- what the search tells, on the event dispatch thread ---------------------------------------

  @Override
  public void found(Path file) {
    Path folder = arguments.root().relativize(file.getParent());
    results.addRow(new Object[] {file.getFileName(), folder.toString().isEmpty() ? "." : folder});
  }

  @Override
  public void failed(Path directory, IOException error) {
    errors.append(directory + ": " + error.getClass().getSimpleName() + "\n");
  }

  @Override
  public void progress(int read, int known) {
    progress.setMaximum(known);
    progress.setValue(read);
    status.setText(
        count(results.getRowCount(), "file") + " found, " + count(read, "folder") + " read");
  }

  private static String count(int number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
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
    unreadable.add(new JLabel("Folders that could not be read"), BorderLayout.NORTH);
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
