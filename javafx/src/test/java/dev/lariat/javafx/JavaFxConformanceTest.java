package dev.lariat.javafx;

import dev.lariat.EventLoop;
import dev.lariat.testkit.ConformanceContract;
import dev.lariat.testkit.VirtualTimeHost;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("Conformance, on JavaFX")
class JavaFxConformanceTest extends ConformanceContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new VirtualTimeHost(new JavaFxHost()));
  }

  @Override
  protected void onLoopThread(Executable programs) throws Throwable {
    FxThread.run(programs);
  }
}
