package dev.lariat.glib;

import dev.lariat.EventLoop;
import dev.lariat.testkit.ConformanceContract;
import dev.lariat.testkit.NeedsLibrary;
import dev.lariat.testkit.VirtualTimeHost;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("Conformance, on GLib")
@NeedsLibrary(value = "libglib-2.0.so.0", install = "tools/system-packages gtk")
class GLibConformanceTest extends ConformanceContract {
  @Override
  protected EventLoop newLoop() {
    return new EventLoop(new VirtualTimeHost(GLibHost.ofNewContext()));
  }

  @Nested
  @DisplayName("in turns that end after every callback")
  class ShortTurns extends ConformanceContract {
    @Override
    protected EventLoop newLoop() {
      EventLoop loop = GLibConformanceTest.this.newLoop();
      loop.setTurnBudget(Duration.ZERO);
      return loop;
    }
  }
}
