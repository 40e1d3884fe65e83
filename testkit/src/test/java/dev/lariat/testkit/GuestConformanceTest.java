package dev.lariat.testkit;

import dev.lariat.EventLoop;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("Conformance, on a loop that is a guest")
class GuestConformanceTest extends ConformanceContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new VirtualTimeHost(new ToyToolkit().newHost()));
  }

  @Nested
  @DisplayName("whose turns end after every callback")
  class ShortTurns extends ConformanceContract {
    @Override
    protected EventLoop newLoop() {
      EventLoop loop = GuestConformanceTest.this.newLoop();
      loop.setTurnBudget(Duration.ZERO);
      return loop;
    }
  }
}
