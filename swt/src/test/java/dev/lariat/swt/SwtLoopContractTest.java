package dev.lariat.swt;

import dev.lariat.EventLoop;
import dev.lariat.testkit.EventLoopContract;
import org.eclipse.swt.widgets.Display;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("The contract, on SWT")
class SwtLoopContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new SwtHost(Display.getCurrent()));
  }

  @Override
  protected void onLoopThread(Executable test) throws Throwable {
    DisplayThread.run(test);
  }
}
