package dev.lariat.swt;

import dev.lariat.host.Host;
import dev.lariat.net.GuestNetContract;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("Networking, subprocesses and signals on SWT")
class SwtNetTest extends GuestNetContract {
  @Override
  protected void onHostThread(Executable test) throws Throwable {
    DisplayThread.run(test);
  }

  @Override
  protected Host newHost() {
    return new SwtHost(Display.getCurrent());
  }

  @Override
  protected void runDialog(Consumer<Runnable> opening) {
    Display display = Display.getCurrent();
    Shell dialog = new Shell(display, SWT.APPLICATION_MODAL);
    opening.accept(dialog::dispose);
    dialog.open();
    while (!dialog.isDisposed()) {
      if (!display.readAndDispatch()) {
        display.sleep();
      }
    }
  }
}
