package dev.lariat.examples.finder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.ProgressBar;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.Text;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The Finder on SWT")
class SwtFinderTest extends FinderContract {
  private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();

  /** On a display of the test's, which so can look into it. */
  @Override
  void main(String... arguments) {
    Display display = new Display();
    try {
      answer(display);
      SwtFinder.main(arguments);
    } finally {
      display.dispose();
    }
  }

  /** By a timer: below a native dialog SWT leaves an asyncExec lying now and then. */
  private void answer(Display display) {
    while (!questions.isEmpty()) {
      questions.remove().run();
    }
    if (!display.isDisposed()) {
      display.timerExec(10, () -> answer(display));
    }
  }

  /** Asks the window, on its thread; gives null if there is none. */
  private <T> T ask(Function<Shell, T> question) {
    Supplier<T> ofWindow =
        () -> {
          Shell[] shells = Display.getCurrent().getShells();
          return shells.length == 0 ? null : question.apply(shells[0]);
        };
    return CompletableFuture.supplyAsync(ofWindow, questions::add).join();
  }

  private static <C extends Control> List<C> all(Composite in, Class<C> type) {
    List<C> found = new ArrayList<>();
    for (Control child : in.getChildren()) {
      if (type.isInstance(child)) {
        found.add(type.cast(child));
      } else if (child instanceof Composite inner) {
        found.addAll(all(inner, type));
      }
    }
    return found;
  }

  private static Button button(Shell shell, String text) {
    return all(shell, Button.class).stream()
        .filter(button -> button.getText().equals(text))
        .findFirst()
        .orElseThrow();
  }

  @Override
  Seen look() {
    return ask(shell ->
        !shell.isVisible()
            ? null
            : new Seen(
                all(shell, Label.class).getLast().getText(),
                all(shell, Table.class).getFirst().getItemCount(),
                all(shell, Text.class).getLast().getText(),
                all(shell, ProgressBar.class).getFirst().getVisible(),
                button(shell, "Cancel").isEnabled()));
  }

  @Override
  List<String> results() {
    return ask(shell ->
        Arrays.stream(all(shell, Table.class).getFirst().getItems())
            .map(item -> item.getText(0) + " in " + item.getText(1))
            .toList());
  }

  @Override
  void perform(Runnable deed) {
    ask(_ -> {
      deed.run();
      return null;
    });
  }

  @Override
  Spot find(Part part) {
    return ask(shell -> {
      Control control =
          switch (part) {
            case BOX -> all(shell, Text.class).getFirst();
            case CANCEL -> button(shell, "Cancel");
            case ABOUT -> button(shell, "About");
          };
      Point at = control.toDisplay(15, 15);
      return new Spot(at.x, at.y);
    });
  }

  /** A dialog of GTK, which has no name. */
  @Override
  boolean isAboutOpen() {
    return windows("--class", "^SWT$") == 2;
  }

  @Override
  void close() {
    ask(shell -> {
      shell.close();
      return null;
    });
  }
}
