package dev.lariat.examples.qt;

import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;

import dev.lariat.qt.QtAsyncio;
import dev.lariat.qt.QtOptions;
import io.qt.core.Qt.AlignmentFlag;
import io.qt.widgets.QApplication;
import io.qt.widgets.QGridLayout;
import io.qt.widgets.QLabel;
import io.qt.widgets.QVBoxLayout;
import io.qt.widgets.QWidget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * QtAsyncio's example "Eratosthenes": the sieve, animated. Each prime has a task that strikes out
 * its multiples, one after the other, in its own colour; all of them go on at once.
 */
public final class Eratosthenes extends QWidget {
  private static final int ROWS = 15;
  private static final int COLUMNS = 20;
  private static final int LAST = ROWS * COLUMNS;
  private static final Duration TICK = Duration.ofMillis(20);

  private final List<QLabel> numbers = new ArrayList<>();
  private final boolean[] struck = new boolean[LAST + 1];
  private final QLabel status = new QLabel("Sieving");

  private Eratosthenes() {
    setWindowTitle("The sieve of Eratosthenes");
    QVBoxLayout layout = new QVBoxLayout(this);
    QGridLayout grid = new QGridLayout();
    grid.setSpacing(2);
    for (int number = 1; number <= LAST; number++) {
      QLabel label = new QLabel("" + number);
      label.setAlignment(AlignmentFlag.AlignCenter);
      label.setMinimumSize(36, 26);
      numbers.add(label);
      colour(number, "#f2f2f2", "#303030");
      grid.addWidget(label, (number - 1) / COLUMNS, (number - 1) % COLUMNS);
    }
    struck[1] = true;
    layout.addLayout(grid);
    layout.addWidget(status);
  }

  private void sieve() {
    List<Integer> primes = new ArrayList<>();
    taskGroup(group -> {
      for (int number = 2; number <= LAST; number++) {
        int prime = number;
        if (!struck[prime]) { // and so by all smaller ones, which are a tick a step as well
          primes.add(prime);
          colour(prime, "#1f6f3f", "white");
          group.createTask(() -> strikeOut(prime));
        }
        sleep(TICK); // cancellable: by closing the window. It cancels the group's tasks too
      }
    });
    status.setText(
        "%d primes up to %d; the largest is %d".formatted(primes.size(), LAST, primes.getLast()));
  }

  private void strikeOut(int prime) {
    String colour = "hsl(%d, 60%%, 85%%)".formatted(prime * 47 % 360);
    for (int multiple = 2 * prime; multiple <= LAST; multiple += prime) {
      if (!struck[multiple]) {
        struck[multiple] = true;
        colour(multiple, colour, "#909090");
      }
      sleep(TICK); // cancellable
    }
  }

  private void colour(int number, String background, String foreground) {
    numbers
        .get(number - 1)
        .setStyleSheet("border-radius: 3px; background: " + background + "; color: " + foreground);
  }

  /**
   * Opens the window.
   *
   * @param args Qt's arguments
   */
  public static void main(String[] args) {
    QApplication.initialize(args);
    Eratosthenes window = new Eratosthenes();
    window.show();
    QtAsyncio.run(QtOptions.DEFAULT.withHandleSigint(true), window::sieve);
    window.dispose();
  }
}
