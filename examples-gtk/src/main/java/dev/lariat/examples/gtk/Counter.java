package dev.lariat.examples.gtk;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Task;
import dev.lariat.gio.Applications;
import java.time.Duration;
import org.gnome.gtk.Application;
import org.gnome.gtk.ApplicationWindow;
import org.gnome.gtk.Box;
import org.gnome.gtk.Button;
import org.gnome.gtk.Label;
import org.gnome.gtk.Orientation;
import org.jspecify.annotations.Nullable;

/** A window that counts, while it stays alive. */
public final class Counter {
  final Label label = new Label("0");
  final Button start = Button.withLabel("Start");
  final Button stop = Button.withLabel("Stop");
  final ApplicationWindow window;
  private @Nullable Task<Void> counting;

  Counter(Application application) {
    Box box = new Box(Orientation.VERTICAL, 12);
    box.append(label);
    box.append(start);
    box.append(stop);
    window = new ApplicationWindow(application);
    window.setTitle("Counter");
    window.setDefaultSize(240, 120);
    window.setChild(box);
    start.onClicked(this::startCounting);
    stop.onClicked(this::stopCounting);
    stop.setSensitive(false);
    window.present();
  }

  private void startCounting() {
    counting = createTask(this::count);
  }

  private void stopCounting() {
    if (counting != null) {
      counting.cancel();
    }
  }

  /** Straight-line code, on GTK's own thread. */
  private void count() {
    start.setSensitive(false);
    stop.setSensitive(true);
    try {
      for (int i = 1; ; i++) {
        sleep(Duration.ofMillis(100));
        label.setText(Integer.toString(i));
      }
    } finally {
      start.setSensitive(true);
      stop.setSensitive(false);
    }
  }

  public static void main(String[] args) {
    Application application = new Application("dev.lariat.examples.Counter");
    application.onActivate(() -> new Counter(application));
    System.exit(Applications.run(application, args));
  }
}
