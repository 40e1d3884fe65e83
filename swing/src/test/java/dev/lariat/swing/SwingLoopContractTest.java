package dev.lariat.swing;

import dev.lariat.EventLoop;
import dev.lariat.testkit.EventLoopContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("The contract, on Swing's event dispatch thread")
class SwingLoopContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new SwingHost());
  }

  @Override
  protected void onLoopThread(Executable test) throws Throwable {
    Edt.run(test);
  }
}
