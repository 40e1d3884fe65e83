package dev.lariat.qt;

import dev.lariat.EventLoop;
import dev.lariat.testkit.EventLoopContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("The contract, on Qt's core library alone")
class QtLoopContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new QtHost(new NativeQt(), QtThread.OPTIONS));
  }

  @Override
  protected void onLoopThread(Executable test) throws Throwable {
    QtThread.withoutApplication(test);
  }
}
