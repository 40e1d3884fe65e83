package dev.lariat.swt;

import dev.lariat.host.Guest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Listener;
import org.jspecify.annotations.Nullable;

/**
 * What SWT tells of its events: it sends a {@code PreEvent} before and a {@code PostEvent} after
 * each, and the same round main loops that are not its own. That is where an await in a listener
 * inside a nested main loop is made to fail.
 *
 * <p>SWT tells as well of events that a task sends by calling {@code setText}, say. Such a listener
 * is called by the task, and may await like any method. The stack shows which event is which.
 */
final class SwtEvents implements Listener {
  private static final int[] TYPES = {
    SWT.PreEvent,
    SWT.PostEvent,
    SWT.PreExternalEventDispatch,
    SWT.PostExternalEventDispatch,
    SWT.Dispose
  };
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private static final Runnable NOTHING = () -> {};

  private final Supplier<@Nullable Guest> inTurn;

  /** What ends the events that are under way, the innermost first. */
  private final Deque<Runnable> ends = new ArrayDeque<>();

  /** How many are open, the one that SWT sleeps in included. */
  private int nativeLoops;

  /**
   * Makes one that does not listen yet.
   *
   * @param inTurn the guest if a turn is under way, or null
   */
  SwtEvents(Supplier<@Nullable Guest> inTurn) {
    this.inTurn = inTurn;
  }

  void listenTo(Display display) {
    for (int type : TYPES) {
      display.addListener(type, this);
    }
  }

  void stopListening(Display display) {
    for (int type : TYPES) {
      display.removeListener(type, this);
    }
  }

  /** Whether what runs now was called by a native dialog's main loop. */
  boolean inNativeLoop() {
    return nativeLoops > 0;
  }

  @Override
  public void handleEvent(Event event) {
    switch (event.type) {
      case SWT.PreEvent -> begin();
      case SWT.PostEvent -> end();
      case SWT.PreExternalEventDispatch -> nativeLoops++;
      case SWT.PostExternalEventDispatch -> nativeLoops = Math.max(0, nativeLoops - 1);
      default -> { // the display is disposed of, and tells of no end any more
        nativeLoops = 0;
        while (!ends.isEmpty()) {
          end();
        }
      }
    }
  }

  private void begin() {
    Guest guest = inTurn.get();
    ends.push(guest != null && inMainLoop() ? guest.beginEvent() : NOTHING);
  }

  private void end() {
    Runnable end = ends.poll(); // none, if this began to listen inside the event
    if (end != null) {
      end.run();
    }
  }

  /** Whether SWT's main loop runs on top of the innermost turn. */
  private static boolean inMainLoop() {
    return STACK.walk(frames ->
        frames
            .takeWhile(frame -> !is(frame, SwtHost.class, "turn"))
            .anyMatch(frame -> is(frame, Display.class, "readAndDispatch")));
  }

  /** The class first: a frame is slow to say the name of its method. */
  private static boolean is(StackWalker.StackFrame frame, Class<?> type, String method) {
    return frame.getDeclaringClass() == type && frame.getMethodName().equals(method);
  }
}
