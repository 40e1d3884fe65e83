package dev.lariat.examples.gtk;

import static dev.lariat.Asyncio.createTask;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.gio.Applications;
import dev.lariat.gio.FileAwait;
import dev.lariat.gio.InputStreamAwait;
import dev.lariat.glib.GLibPriority;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.gnome.gio.File;
import org.gnome.gio.FileInputStream;
import org.gnome.gio.FileQueryInfoFlags;
import org.gnome.gtk.Application;
import org.gnome.gtk.ApplicationWindow;
import org.gnome.gtk.Box;
import org.gnome.gtk.Button;
import org.gnome.gtk.Label;
import org.gnome.gtk.Orientation;
import org.gnome.gtk.ProgressBar;
import org.gnome.gtk.ScrolledWindow;
import org.gnome.gtk.TextIter;
import org.gnome.gtk.TextView;
import org.javagi.base.GErrorException;

/** Shows a text file, however large: loads it with progress, and Cancel stops that. */
public final class TextViewer {
  private static final int CHUNK = 64 << 10;

  final TextView text = new TextView();
  final ProgressBar progress = new ProgressBar();
  final Button cancel = Button.withLabel("Cancel");
  final Label status = new Label("");
  final ApplicationWindow window;
  final Task<Void> loading;

  TextViewer(Application application, File file) {
    ScrolledWindow scroller = new ScrolledWindow();
    scroller.setChild(text);
    scroller.setVexpand(true);
    text.setEditable(false);
    Box box = new Box(Orientation.VERTICAL, 6);
    box.append(scroller);
    box.append(progress);
    box.append(status);
    box.append(cancel);
    window = new ApplicationWindow(application);
    window.setTitle("Text viewer");
    window.setDefaultSize(480, 320);
    window.setChild(box);
    loading = createTask(() -> load(file));
    cancel.onClicked(loading::cancel);
    window.present();
  }

  private void load(File file) throws GErrorException {
    try {
      long size =
          FileAwait.queryInfo(file, "standard::size", FileQueryInfoFlags.NONE, GLibPriority.DEFAULT)
              .getSize();
      FileInputStream in = FileAwait.read(file, GLibPriority.DEFAULT);
      CharsetDecoder decoder =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .onUnmappableCharacter(CodingErrorAction.REPLACE);
      ByteBuffer bytes = ByteBuffer.allocate(CHUNK + 8); // a character may be cut in two
      CharBuffer chars = CharBuffer.allocate(CHUNK + 8);
      long read = 0;
      while (true) {
        byte[] chunk = InputStreamAwait.readBytes(in, CHUNK, GLibPriority.DEFAULT_IDLE);
        if (chunk == null || chunk.length == 0) {
          break;
        }
        read += chunk.length;
        bytes.put(chunk).flip();
        decoder.decode(bytes, chars, false);
        bytes.compact();
        append(chars.flip().toString());
        chars.clear();
        progress.setFraction((double) read / size);
      }
      status.setText(read + " bytes");
    } catch (CancelledError e) {
      status.setText("Cancelled");
      throw e;
    } catch (GErrorException e) {
      status.setText(String.valueOf(e.getMessage()));
    } finally {
      cancel.setSensitive(false);
    }
  }

  private void append(String more) {
    TextIter end = new TextIter();
    text.getBuffer().getEndIter(end);
    text.getBuffer().insert(end, more, -1);
  }

  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("usage: TextViewer FILE");
      System.exit(2);
    }
    Application application = new Application("dev.lariat.examples.TextViewer");
    application.onActivate(() -> new TextViewer(application, File.newForPath(args[0])));
    System.exit(Applications.run(application));
  }
}
