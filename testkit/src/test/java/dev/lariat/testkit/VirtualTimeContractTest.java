package dev.lariat.testkit;

import dev.lariat.EventLoop;
import dev.lariat.host.VirtualTime;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The contract, on virtual time")
class VirtualTimeContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new VirtualTime());
  }
}
