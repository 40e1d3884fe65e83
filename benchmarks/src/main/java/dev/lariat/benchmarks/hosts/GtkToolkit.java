package dev.lariat.benchmarks.hosts;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lariat.glib.GLibHost;
import dev.lariat.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.gnome.gtk.Gtk;
import org.gnome.gtk.Label;
import org.gnome.gtk.Window;

/** Posts by g_idle_add_full, through a stub of its own: java-gi's cannot be used by two threads. */
@SuppressWarnings("restricted")
final class GtkToolkit implements Toolkit {
  private static final ConcurrentLinkedQueue<Runnable> EVENTS = new ConcurrentLinkedQueue<>();
  private static final FunctionDescriptor SOURCE_FUNC = FunctionDescriptor.of(JAVA_INT, ADDRESS);
  private static final MethodHandle IDLE_ADD =
      Linker.nativeLinker()
          .downcallHandle(
              SymbolLookup.libraryLookup("libglib-2.0.so.0", Arena.global())
                  .findOrThrow("g_idle_add_full"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
  private static final MemorySegment RUN_ONE = runOneStub();

  private static MemorySegment runOneStub() {
    try {
      return Linker.nativeLinker()
          .upcallStub(
              MethodHandles.lookup()
                  .findStatic(GtkToolkit.class, "runOne", SOURCE_FUNC.toMethodType()),
              SOURCE_FUNC,
              Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("runOne", e);
    }
  }

  @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // GLib calls it
  private static int runOne(MemorySegment data) {
    Objects.requireNonNull(EVENTS.poll()).run();
    return 0;
  }

  @Override
  public Host newHost() {
    return new GLibHost();
  }

  @Override
  public void post(Runnable event) {
    EVENTS.add(event);
    try {
      int _ = (int) IDLE_ADD.invokeExact(0, RUN_ONE, MemorySegment.NULL, MemorySegment.NULL);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void run(Runnable body) {
    Gtk.init();
    body.run();
  }

  @Override
  public void animate(BooleanSupplier frame) {
    Window window = new Window();
    Label label = new Label("0");
    int[] drawn = {0};
    window.setDefaultSize(400, 200);
    window.setChild(label);
    label.addTickCallback((widget, clock) -> {
      label.setText(Integer.toString(++drawn[0]));
      boolean more = frame.getAsBoolean();
      if (!more) {
        window.destroy();
      }
      return more;
    });
    window.present();
  }
}
