package dev.lariat.examples.qt;

import static dev.lariat.Asyncio.sleep;
import static dev.lariat.qt.QtSignals.asyncSlot;

import dev.lariat.qt.QtAsyncio;
import dev.lariat.qt.QtOptions;
import io.qt.core.Qt.AlignmentFlag;
import io.qt.widgets.QApplication;
import io.qt.widgets.QLabel;
import io.qt.widgets.QMainWindow;
import io.qt.widgets.QPushButton;
import io.qt.widgets.QVBoxLayout;
import io.qt.widgets.QWidget;
import java.time.Duration;

/**
 * QtAsyncio's example "minimal": a button starts a task, which changes the text a second later. The
 * window is alive meanwhile.
 */
public final class Minimal extends QMainWindow {
  private final QLabel text = new QLabel("Forty-two.");

  private Minimal() {
    setWindowTitle("Minimal");
    resize(360, 120);
    QWidget middle = new QWidget();
    QVBoxLayout layout = new QVBoxLayout(middle);
    QPushButton question = new QPushButton("And the question?");
    question.clicked.connect(asyncSlot(this::ask));
    layout.addWidget(text, 0, AlignmentFlag.AlignCenter);
    layout.addWidget(question, 0, AlignmentFlag.AlignCenter);
    setCentralWidget(middle);
  }

  private void ask() {
    sleep(Duration.ofSeconds(1)); // cancellable: by closing the window
    text.setText("How many roads must a man walk down?");
  }

  /**
   * Opens the window.
   *
   * @param args Qt's arguments
   */
  public static void main(String[] args) {
    QApplication.initialize(args);
    Minimal window = new Minimal();
    window.show();
    QtAsyncio.run(QtOptions.DEFAULT.withHandleSigint(true));
    window.dispose();
  }
}
