package dev.lariat.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lariat.qt.QtHost;
import io.qt.core.QCoreApplication;
import io.qt.core.QEvent;
import io.qt.core.QObject;
import io.qt.core.QPointF;
import io.qt.core.Qt;
import io.qt.gui.QKeyEvent;
import io.qt.gui.QMouseEvent;
import io.qt.widgets.QApplication;
import io.qt.widgets.QWidget;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/**
 * Who runs a program on Qt, as it is, and presses its keys and buttons. All programs run on one
 * thread, one after the other, as Qt has one application object at a time.
 */
public final class QtUser {
  private static final ExecutorService QT =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("qt").factory());

  private final Future<?> program;
  private final CompletableFuture<Ear> ear = new CompletableFuture<>();

  /** Starts a program, and waits until it has a window. */
  public QtUser(Consumer<String[]> main, String... arguments) throws InterruptedException {
    needsQt();
    program =
        QT.submit(() -> {
          ear.complete(new Ear());
          main.accept(arguments);
        });
    until(() -> program.isDone() || ask(() -> window() != null));
  }

  /** Runs a program that has no window. */
  public static void run(Runnable program) throws Exception {
    needsQt();
    QT.submit(program).get();
  }

  private static void needsQt() {
    String missing = "There is no Qt 6 here. Install it with tools/system-packages qt.";
    try {
      QtHost _ = new QtHost();
    } catch (IllegalStateException none) {
      if (System.getenv("CI") != null) {
        fail(missing);
      }
      assumeTrue(false, missing);
    }
  }

  /** Hears what is to be done on Qt's thread. */
  private static final class Ear extends QObject {
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();

    void tell(Runnable action) {
      actions.add(action);
      QCoreApplication.postEvent(this, new QEvent(QEvent.Type.User));
    }

    @Override
    public boolean event(QEvent event) {
      if (event.type() != QEvent.Type.User) {
        return super.event(event);
      }
      actions.remove().run();
      return true;
    }
  }

  /** Asks the program, on its thread. */
  public <T> T ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    ear.join()
        .tell(() -> {
          try {
            answer.complete(question.get());
          } catch (Throwable error) {
            answer.completeExceptionally(error);
          }
        });
    return answer.join();
  }

  /** Waits in real time. */
  public static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(10);
    }
  }

  /** {@return the topmost window} On Qt's thread. */
  public static QWidget window() {
    QWidget modal = QApplication.activeModalWidget();
    return modal != null
        ? modal
        : QApplication.topLevelWidgets().stream()
            .filter(window -> window != null && window.isVisible())
            .findFirst()
            .orElse(null);
  }

  /** {@return the widgets of a kind in the window} On Qt's thread. */
  public static <W extends QWidget> List<W> all(Class<W> type) {
    return List.copyOf(window().findChildren(type));
  }

  /** Presses and releases the mouse in the middle of a widget. */
  public void click(Supplier<? extends QWidget> which) {
    ask(() -> {
      QWidget widget = which.get();
      QPointF at = new QPointF(widget.width() / 2.0, widget.height() / 2.0);
      QPointF global = widget.mapToGlobal(at);
      for (QEvent.Type type :
          List.of(QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)) {
        QCoreApplication.postEvent(
            widget,
            new QMouseEvent(
                type,
                at,
                global,
                Qt.MouseButton.LeftButton,
                Qt.MouseButton.LeftButton.asFlags(),
                Qt.KeyboardModifier.NoModifier.asFlags()));
      }
      return null;
    });
  }

  /** Presses and releases a key, which may have a text. */
  public void key(Supplier<? extends QWidget> which, Qt.Key key, String text) {
    ask(() -> {
      for (QEvent.Type type : List.of(QEvent.Type.KeyPress, QEvent.Type.KeyRelease)) {
        QCoreApplication.postEvent(
            which.get(),
            new QKeyEvent(type, key.value(), Qt.KeyboardModifier.NoModifier.asFlags(), text));
      }
      return null;
    });
  }

  /** Types a text, key by key. */
  public void type(Supplier<? extends QWidget> which, String text) {
    text.chars()
        .forEach(letter -> key(which, Qt.Key.Key_unknown, Character.toString((char) letter)));
  }

  /** Takes a picture of the window, into the folder target, and checks that it shows something. */
  public void picture(String name) throws IOException {
    Path file = Path.of("target", name + ".png").toAbsolutePath();
    Files.createDirectories(file.getParent());
    assertThat(ask(() -> window().grab().save(file.toString()))).isTrue();
    assertIsPicture(file);
  }

  /** Checks that a picture shows something. */
  public static void assertIsPicture(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(colours).hasSizeGreaterThan(20);
  }

  /** Closes the window, if the program has not ended, and waits for its end. */
  public void close() throws Exception {
    ear.join()
        .tell(() -> {
          QWidget window = window();
          if (window != null) {
            window.close();
          }
        });
    awaitEnd();
  }

  /** Waits for the end of the program. */
  public void awaitEnd() throws Exception {
    program.get();
  }
}
