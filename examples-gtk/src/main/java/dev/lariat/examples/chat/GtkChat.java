package dev.lariat.examples.chat;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Task;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import dev.lariat.examples.net.Terminal;
import dev.lariat.gio.Applications;
import dev.lariat.net.Net;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.gnome.gio.ApplicationFlags;
import org.gnome.glib.GLib;
import org.gnome.gtk.Application;
import org.gnome.gtk.ApplicationWindow;
import org.gnome.gtk.Box;
import org.gnome.gtk.Entry;
import org.gnome.gtk.Orientation;
import org.gnome.gtk.ScrolledWindow;
import org.gnome.gtk.Snapshot;
import org.gnome.gtk.TextBuffer;
import org.gnome.gtk.TextIter;
import org.gnome.gtk.TextView;
import org.gnome.gtk.WidgetPaintable;
import org.gnome.gtk.Window;
import org.gnome.gtk.WrapMode;

/**
 * The chat in a window of GTK 4. There is one thread in it, GTK's, and no {@code g_idle_add}: the
 * connection is a task, and shows each line as it comes.
 *
 * <p>Run it with {@code ./lariat demo chat gtk [NAME [HOST [PORT]]]}.
 */
public final class GtkChat implements ChatDemo.Window {
  final ApplicationWindow window;
  final TextView said = new TextView();
  final Entry input = new Entry();
  private final ChatClient client;

  GtkChat(Application application, String host, int port, String name) {
    window = new ApplicationWindow(application);
    window.setTitle("Chat: " + name);
    client = new ChatClient(host, port, name, this::show);
    layOut();
    client.connected().listen(this::setConnected);
    TaskHandler<String> typed = TaskHandler.of(WhileRunning.QUEUE, client::say);
    input.onActivate(() -> {
      typed.accept(input.getText()); // lines typed meanwhile wait for their turn
      input.setText("");
    });
    window.present();
    Task<Void> talking =
        createTask(() -> {
          client.run(); // until /quit, or cancelled
          window.close();
        });
    window.onCloseRequest(() -> {
      talking.cancel();
      return false; // it may close
    });
  }

  /**
   * Opens the window.
   *
   * @param args see {@link ChatArguments}
   */
  public static void main(String[] args) {
    System.exit(run(Terminal.arguments(ChatArguments::of, args)));
  }

  static int run(ChatArguments arguments) {
    var _ = Net.prepare(); // while the window is made
    Application application =
        new Application("dev.lariat.examples.Chat", Set.of(ApplicationFlags.NON_UNIQUE));
    application.onActivate(() -> {
      if (arguments.name() != null) {
        new GtkChat(application, arguments.host(), arguments.port(), arguments.name());
        return;
      }
      application.onWindowRemoved(_ -> quitWithLastWindow(application));
      Applications.createTask( // holds the application, which has no window yet
          application,
          () -> {
            ChatDemo.run(
                (host, port, name) -> new GtkChat(application, host, port, name),
                arguments.screenshot());
            List.copyOf(application.getWindows()).forEach(Window::close); // quits, with the last
          });
    });
    return Applications.run(application, "chat");
  }

  private static void quitWithLastWindow(Application application) {
    if (application.getWindows().isEmpty()) {
      application.quit();
    }
  }

  // -- what it does ------------------------------------------------------------------------------

  private void show(ChatClient.Message message) {
    String text = GLib.markupEscapeText(message.text(), -1);
    String colour = message.colour();
    TextBuffer buffer = said.getBuffer();
    TextIter end = new TextIter();
    buffer.getEndIter(end);
    buffer.insertMarkup(
        end,
        message.from() == null
            ? "<span foreground='%s' style='italic'>%s</span>\n".formatted(colour, text)
            : "<span foreground='%s'>%s</span>  %s\n".formatted(colour, message.from(), text),
        -1);
    said.scrollToMark(buffer.getInsert(), 0, false, 0, 0);
  }

  private void setConnected(boolean connected) {
    input.setSensitive(connected);
    if (connected) {
      input.grabFocus();
    }
  }

  // -- what a demonstration needs ----------------------------------------------------------------

  @Override
  public ChatClient client() {
    return client;
  }

  @Override
  public String text() {
    TextIter start = new TextIter();
    TextIter end = new TextIter();
    said.getBuffer().getBounds(start, end);
    return said.getBuffer().getText(start, end, false);
  }

  @Override
  public void takePicture(Path file) {
    sleep(Duration.ofMillis(100)); // for the last frame to be drawn
    Snapshot snapshot = new Snapshot();
    WidgetPaintable view = new WidgetPaintable(window);
    view.snapshot(snapshot, window.getWidth(), window.getHeight());
    view.setWidget(null); // or the window tells it of its end, when java-gi has it no more
    Objects.requireNonNull(window.getRenderer())
        .renderTexture(snapshot.toNode(), null)
        .saveToPng(file.toString());
  }

  // -- what it looks like ------------------------------------------------------------------------

  private void layOut() {
    said.setEditable(false);
    said.setCursorVisible(false);
    said.setWrapMode(WrapMode.WORD_CHAR);
    said.setTopMargin(6);
    said.setBottomMargin(6);
    said.setLeftMargin(8);
    said.setRightMargin(8);
    ScrolledWindow scroller = new ScrolledWindow();
    scroller.setChild(said);
    scroller.setVexpand(true);
    scroller.setHasFrame(true);
    input.setPlaceholderText("Say something, or /who, /join ROOM, /quit");
    input.setSensitive(false);
    Box all = new Box(Orientation.VERTICAL, 8);
    all.setMarginTop(12);
    all.setMarginBottom(12);
    all.setMarginStart(12);
    all.setMarginEnd(12);
    all.append(scroller);
    all.append(input);
    window.setDefaultSize(520, 380);
    window.setChild(all);
  }
}
