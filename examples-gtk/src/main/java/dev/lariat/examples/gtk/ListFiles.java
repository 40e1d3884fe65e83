package dev.lariat.examples.gtk;

import static dev.lariat.Asyncio.run;

import dev.lariat.gio.FileAwait;
import dev.lariat.gio.FileEnumeratorAwait;
import dev.lariat.glib.GLibEventLoop;
import dev.lariat.glib.GLibPriority;
import java.util.List;
import org.gnome.gio.File;
import org.gnome.gio.FileEnumerator;
import org.gnome.gio.FileInfo;
import org.gnome.gio.FileQueryInfoFlags;
import org.gnome.gio.Gio;
import org.javagi.base.GErrorException;

/** Lists a directory, by default the root, without ever blocking the main loop. */
public final class ListFiles {
  private ListFiles() {}

  static void listFiles(String directory) throws GErrorException {
    File file = File.newForPath(directory);
    FileEnumerator entries =
        FileAwait.enumerateChildren(
            file, "standard::*", FileQueryInfoFlags.NONE, GLibPriority.DEFAULT);
    List<FileInfo> some;
    do {
      some = FileEnumeratorAwait.nextFiles(entries, 100, GLibPriority.DEFAULT);
      for (FileInfo info : some) {
        System.out.println(info.getDisplayName());
      }
    } while (!some.isEmpty());
  }

  public static void main(String[] args) {
    Gio.javagi$ensureInitialized();
    run(
        () -> {
          listFiles(args.length > 0 ? args[0] : "/");
        },
        GLibEventLoop::new);
  }
}
