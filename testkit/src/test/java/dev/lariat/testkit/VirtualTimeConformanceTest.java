package dev.lariat.testkit;

import dev.lariat.EventLoop;
import dev.lariat.host.VirtualTime;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Conformance, on virtual time")
class VirtualTimeConformanceTest extends ConformanceContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new VirtualTime());
  }
}
