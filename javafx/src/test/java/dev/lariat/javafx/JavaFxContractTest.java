package dev.lariat.javafx;

import dev.lariat.EventLoop;
import dev.lariat.testkit.EventLoopContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("The contract, on JavaFX")
class JavaFxContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new JavaFxHost());
  }

  @Override
  protected void onLoopThread(Executable test) throws Throwable {
    FxThread.run(test);
  }
}
