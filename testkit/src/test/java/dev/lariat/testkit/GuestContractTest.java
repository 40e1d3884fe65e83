package dev.lariat.testkit;

import dev.lariat.EventLoop;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The contract, on a loop that is a guest")
class GuestContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new ToyToolkit().newHost());
  }
}
