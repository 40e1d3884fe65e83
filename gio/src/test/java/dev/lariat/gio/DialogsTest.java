package dev.lariat.gio;

import static dev.lariat.Asyncio.createTask;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.gio.adw.MessageDialogAwait;
import dev.lariat.gio.gtk.AlertDialogAwait;
import dev.lariat.gio.gtk.ClipboardAwait;
import dev.lariat.gio.gtk.ContentProviderAwait;
import dev.lariat.gio.gtk.FileDialogAwait;
import dev.lariat.gio.gtk.FileLauncherAwait;
import dev.lariat.gio.gtk.GtkAwait;
import dev.lariat.testkit.Needs;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.gnome.adw.Adw;
import org.gnome.adw.MessageDialog;
import org.gnome.gdk.Clipboard;
import org.gnome.gdk.ContentProvider;
import org.gnome.gdk.Display;
import org.gnome.gio.Cancellable;
import org.gnome.gio.File;
import org.gnome.gio.ListModel;
import org.gnome.gio.MemoryOutputStream;
import org.gnome.gtk.AlertDialog;
import org.gnome.gtk.Dialog;
import org.gnome.gtk.FileDialog;
import org.gnome.gtk.FileLauncher;
import org.gnome.gtk.Gtk;
import org.gnome.gtk.Window;
import org.javagi.base.GErrorException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GLIB-4, GLIB-5: the operations of GTK and Adw, on a display. */
class DialogsTest extends GioTest {
  @BeforeAll
  static void display() {
    Needs.check(
        System.getenv("DISPLAY") != null,
        "GTK has no display here. Install one with tools/system-packages gtk, and run the tests by"
            + " ./lariat test, or under tools/with-display.");
    Needs.library("libgtk-4.so.1", "tools/system-packages gtk");
    Needs.library("libadwaita-1.so.0", "tools/system-packages gtk");
    assertThat(Gtk.initCheck()).isTrue();
    Adw.init();
  }

  /** What an older release of a library does not have, and no package can give. */
  private static void needs(String library, boolean newEnough) {
    assumeTrue(newEnough, "This system's " + library + " is older.");
  }

  private static void needsGtk(int minor) {
    needs("GTK 4." + minor, Gtk.checkVersion(4, minor, 0) == null);
  }

  private static void needsAdw(int minor) {
    needs("libadwaita 1." + minor, Adw.getMinorVersion() >= minor);
  }

  /** The open window that is of interest; null if there is none. */
  private static Window window(Predicate<Window> which) {
    ListModel<?> windows = Window.getToplevels();
    for (int i = 0; i < windows.getNItems(); i++) {
      if (windows.getItem(i) instanceof Window window && window.isVisible() && which.test(window)) {
        return window;
      }
    }
    return null;
  }

  private static Window awaitWindow(Predicate<Window> which) {
    until(() -> window(which) != null);
    return window(which);
  }

  /** Cancels a task once its dialog is open, and expects that to close. */
  private static <T> CancelledError cancelWhenOpen(Supplier<Task<T>> start) {
    Task<T> task = start.get();
    awaitWindow(window -> true);
    assertThat(task.done()).isFalse();
    task.cancel();
    try {
      task.await();
      throw new AssertionError("not cancelled");
    } catch (CancelledError e) {
      until(() -> window(window -> true) == null);
      return e;
    }
  }

  // -- the clipboard, and what is shown elsewhere ------------------------------------------------

  @Test
  @DisplayName("GLIB-4 text goes to the clipboard and comes back; a picture is not in it")
  void clipboard() {
    run(() -> {
      Clipboard clipboard = Display.getDefault().getClipboard();
      clipboard.setText("text, äöü");
      assertThat(ClipboardAwait.readText(clipboard)).isEqualTo("text, äöü");
      assertThatThrownBy(() -> ClipboardAwait.readTexture(clipboard))
          .isInstanceOf(GErrorException.class);
    });
  }

  @Test
  @DisplayName("GLIB-4 content is written to a stream in the form that it has, and no other")
  void content() {
    run(() -> {
      ContentProvider content = ContentProvider.forBytes("text/plain", "text".getBytes(UTF_8));
      MemoryOutputStream stream = (MemoryOutputStream) MemoryOutputStream.resizable();
      ContentProviderAwait.writeMimeType(content, "text/plain", stream, PRIORITY);
      assertThatThrownBy(
              () -> ContentProviderAwait.writeMimeType(content, "image/png", stream, PRIORITY))
          .isInstanceOf(GErrorException.class);
      OutputStreamAwait.close(stream, PRIORITY);
      assertThat(stream.stealAsBytes()).isEqualTo("text".getBytes(UTF_8));
    });
  }

  @Test
  @DisplayName("GLIB-4 what no application can show gives the error")
  @SuppressWarnings("deprecation") // it is what there is before GTK 4.10
  void noApplication() {
    run(() ->
        assertThatThrownBy(() -> GtkAwait.showUriFull(null, "no-such-scheme:x", 0))
            .isInstanceOf(GErrorException.class));
  }

  @Test
  @DisplayName("GLIB-4 a file that is not there is not launched")
  void launcher() {
    needsGtk(10);
    run(() ->
        assertThatThrownBy(() -> FileLauncherAwait.launch(new FileLauncher(file("none")), null))
            .isInstanceOf(GErrorException.class));
  }

  // -- dialogs -----------------------------------------------------------------------------------

  @Test
  @DisplayName("GLIB-4 a dialog gives the button that was chosen")
  @SuppressWarnings("deprecation") // what the dialog is made of, says GTK itself
  void alert() {
    needsGtk(10);
    run(() -> {
      AlertDialog dialog = new AlertDialog();
      dialog.setMessage("Sure?");
      dialog.setButtons(new String[] {"No", "Yes"});
      Task<Integer> task = createTask(() -> AlertDialogAwait.choose(dialog, null));
      ((Dialog) awaitWindow(Dialog.class::isInstance)).response(1);
      assertThat(task.await()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("GLIB-5 a file dialog closes with its task, which is cancelled; GTK's error with it")
  void fileDialog() {
    needsGtk(10);
    run(() -> {
      CancelledError error =
          cancelWhenOpen(() -> createTask(() -> FileDialogAwait.open(new FileDialog(), null)));
      assertThat(error.getSuppressed()).hasSize(1).allMatch(GErrorException.class::isInstance);
    });
  }

  @Test
  @DisplayName("GLIB-5 whoever cancels the Cancellable gives the task GTK's error")
  void fileDialogCancelledFromOutside() {
    needsGtk(10);
    run(() -> {
      Cancellable cancellable = new Cancellable();
      Task<File> task = createTask(() -> FileDialogAwait.save(new FileDialog(), null, cancellable));
      awaitWindow(window -> true);
      cancellable.cancel();
      until(task::done);
      assertThat(task.exception()).isInstanceOf(GErrorException.class);
      until(() -> window(window -> true) == null);
    });
  }

  @Test
  @DisplayName("GLIB-4 a message dialog of Adw gives the response, and closes with its task")
  @SuppressWarnings("deprecation") // since 1.6
  void adwMessage() {
    needsAdw(3);
    run(() -> {
      Task<String> task = createTask(() -> MessageDialogAwait.choose(message()));
      MessageDialog dialog = (MessageDialog) awaitWindow(MessageDialog.class::isInstance);
      dialog.response("yes");
      assertThat(task.await()).isEqualTo("yes");
      dialog.close();
      until(() -> window(window -> true) == null);
      cancelWhenOpen(() -> createTask(() -> MessageDialogAwait.choose(message())));
    });
  }

  @SuppressWarnings("deprecation")
  private static MessageDialog message() {
    MessageDialog dialog = new MessageDialog(null, "Sure?", "There is no way back.");
    dialog.addResponse("no", "No");
    dialog.addResponse("yes", "Yes");
    return dialog;
  }

  @Test
  @DisplayName("GLIB-4 an alert dialog of Adw gives the response, and closes with its task")
  void adwAlert() {
    needsAdw(5);
    run(() -> {
      org.gnome.adw.AlertDialog dialog = adwDialog();
      Task<String> task =
          createTask(() -> dev.lariat.gio.adw.AlertDialogAwait.choose(dialog, null));
      awaitWindow(window -> true);
      dialog.close();
      assertThat(task.await()).isEqualTo("no");
      until(() -> window(window -> true) == null);
      org.gnome.adw.AlertDialog other = adwDialog();
      cancelWhenOpen(
          () -> createTask(() -> dev.lariat.gio.adw.AlertDialogAwait.choose(other, null)));
    });
  }

  private static org.gnome.adw.AlertDialog adwDialog() {
    org.gnome.adw.AlertDialog dialog = new org.gnome.adw.AlertDialog("Sure?", "No way back.");
    dialog.addResponse("no", "No");
    dialog.addResponse("yes", "Yes");
    dialog.setCloseResponse("no");
    return dialog;
  }
}
