package dev.lariat.swing;

import dev.lariat.EventLoop;
import dev.lariat.testkit.ConformanceContract;
import dev.lariat.testkit.VirtualTimeHost;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("Conformance, on Swing's event dispatch thread, on virtual time")
class SwingConformanceTest extends ConformanceContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new VirtualTimeHost(new SwingHost()));
  }

  @Override
  protected void onLoopThread(Executable programs) throws Throwable {
    Edt.run(programs);
  }
}
