package dev.lariat.swt;

import dev.lariat.host.Host;
import dev.lariat.testkit.HostContract;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("What a host must do, on SWT")
class SwtHostContractTest extends HostContract {
  @Override
  protected void onHostThread(Executable test) throws Throwable {
    DisplayThread.run(test);
  }

  @Override
  protected Host newHost() {
    return new SwtHost(Display.getCurrent());
  }

  @Override
  protected void post(Runnable event) {
    Display.getDefault().asyncExec(event);
  }

  @Override
  protected NestedLoop newNestedLoop() {
    Display display = Display.getCurrent();
    Shell dialog = new Shell(display);
    return new NestedLoop() {
      @Override
      public void run() {
        dialog.open();
        while (!dialog.isDisposed()) {
          if (!display.readAndDispatch()) {
            display.sleep();
          }
        }
      }

      @Override
      public void exit() {
        dialog.dispose();
      }
    };
  }
}
