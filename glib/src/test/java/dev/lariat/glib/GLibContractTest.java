package dev.lariat.glib;

import dev.lariat.EventLoop;
import dev.lariat.testkit.EventLoopContract;
import dev.lariat.testkit.NeedsLibrary;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("The contract, on a loop that is a guest of GLib's default main context")
@NeedsLibrary(value = "libglib-2.0.so.0", install = "tools/system-packages gtk")
class GLibContractTest extends EventLoopContract {
  private boolean taken;

  /** The second loop of a test cannot be on the default context as well. */
  @Override
  protected EventLoop newLoop() {
    GLibHost host = taken ? GLibHost.ofNewContext() : new GLibHost();
    taken = true;
    return new GLibEventLoop(host);
  }

  @Nested
  @DisplayName("on a main context of its own")
  class OfItsOwn extends EventLoopContract {
    @Override
    protected EventLoop newLoop() {
      return new GLibEventLoop(GLibHost.ofNewContext());
    }
  }
}
