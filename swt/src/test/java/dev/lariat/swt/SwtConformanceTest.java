package dev.lariat.swt;

import dev.lariat.EventLoop;
import dev.lariat.testkit.ConformanceContract;
import dev.lariat.testkit.VirtualTimeHost;
import org.eclipse.swt.widgets.Display;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("Conformance, on SWT, on virtual time")
class SwtConformanceTest extends ConformanceContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new VirtualTimeHost(new SwtHost(Display.getCurrent())));
  }

  @Override
  protected void onLoopThread(Executable programs) throws Throwable {
    DisplayThread.run(programs);
  }
}
