package dev.lariat.examples.finder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.gio.Applications;
import dev.lariat.glib.GLibEventLoop;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.gnome.gio.ApplicationFlags;
import org.gnome.graphene.Point;
import org.gnome.gtk.Application;
import org.gnome.gtk.TextIter;
import org.gnome.gtk.Widget;
import org.javagi.base.Out;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The Finder on GTK 4")
class GtkFinderTest extends FinderContract {
  private volatile GLibEventLoop loop;
  private GtkFinder finder;

  @Override
  void main(String... arguments) {
    Application application =
        new Application("dev.lariat.examples.Test", Set.of(ApplicationFlags.NON_UNIQUE));
    FinderArguments understood = FinderArguments.of(arguments);
    application.onActivate(() -> finder = new GtkFinder(application, understood));
    try (GLibEventLoop own = new GLibEventLoop()) {
      loop = own;
      assertThat(Applications.run(own, application)).isZero();
    }
  }

  /** Asks the window, on its thread; gives null if there is none. */
  private <T> T ask(Function<GtkFinder, T> question) {
    return loop == null
        ? null
        : CompletableFuture.supplyAsync(
                () -> finder == null ? null : question.apply(finder), loop::callSoonThreadsafe)
            .join();
  }

  @Override
  Seen look() {
    return ask(it -> {
      TextIter start = new TextIter();
      TextIter end = new TextIter();
      it.errors.getBuffer().getBounds(start, end);
      return new Seen(
          it.status.getText(),
          it.results.getNItems(),
          it.errors.getBuffer().getText(start, end, true),
          it.progress.getVisible(),
          it.cancel.getSensitive());
    });
  }

  @Override
  List<String> results() {
    return ask(it ->
        IntStream.range(0, it.results.getNItems())
            .mapToObj(it.results::getString)
            .map(path -> path.replaceFirst("(.*)/(.*)", "$2 in $1"))
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
    return ask(it -> {
      Widget widget =
          switch (part) {
            case BOX -> it.entry;
            case CANCEL -> it.cancel;
            case ABOUT -> it.about;
          };
      Point inWindow = new Point();
      widget.computePoint(it.window, new Point(15f, 15f), inWindow);
      Out<Double> x = new Out<>();
      Out<Double> y = new Out<>();
      it.window.getSurfaceTransform(x, y); // without a window manager it is in the corner
      return new Spot((int) (inWindow.readX() + x.get()), (int) (inWindow.readY() + y.get()));
    });
  }

  @Override
  void close() {
    ask(it -> {
      it.window.close();
      return null;
    });
  }
}
