package dev.lariat.qt;

import dev.lariat.EventLoop;
import dev.lariat.testkit.ConformanceContract;
import dev.lariat.testkit.VirtualTimeHost;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("Conformance, on Qt's core library alone")
class QtConformanceTest extends ConformanceContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new VirtualTimeHost(new QtHost(new NativeQt(), QtThread.OPTIONS)));
  }

  @Override
  protected void onLoopThread(Executable programs) throws Throwable {
    QtThread.withoutApplication(programs);
  }
}
