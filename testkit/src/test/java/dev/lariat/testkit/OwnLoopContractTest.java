package dev.lariat.testkit;

import dev.lariat.EventLoop;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The contract, on the loop that parks its thread")
class OwnLoopContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop();
  }
}
