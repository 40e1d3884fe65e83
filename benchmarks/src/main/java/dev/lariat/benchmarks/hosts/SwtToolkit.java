package dev.lariat.benchmarks.hosts;

import dev.lariat.host.Host;
import dev.lariat.swt.SwtHost;
import java.util.function.BooleanSupplier;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;

final class SwtToolkit implements Toolkit {
  private final Display display = new Display();

  @Override
  public Host newHost() {
    return new SwtHost(display);
  }

  @Override
  public void post(Runnable event) {
    display.asyncExec(event);
  }

  @Override
  public void run(Runnable body) {
    body.run();
  }

  /** SWT draws on demand, at the rate of GTK's frame clock, so each frame demands the next. */
  @Override
  public void animate(BooleanSupplier frame) {
    Shell window = new Shell(display);
    window.setSize(400, 200);
    int[] x = {0};
    window.addListener(
        SWT.Paint,
        event -> {
          event.gc.setBackground(display.getSystemColor(SWT.COLOR_DARK_YELLOW));
          event.gc.fillRectangle(x[0] = (x[0] + 3) % 400, 20, 60, 60);
          display.asyncExec(frame.getAsBoolean() ? window::redraw : window::dispose);
        });
    window.open();
  }
}
