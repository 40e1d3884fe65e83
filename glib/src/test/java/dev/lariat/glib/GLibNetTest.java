package dev.lariat.glib;

import dev.lariat.host.Host;
import dev.lariat.net.internal.WatchedReactorContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("Networking on GLib's default main context")
class GLibNetTest extends WatchedReactorContract {
  @Override
  protected Host newHost() {
    return new GLibHost();
  }

  @Nested
  @DisplayName("on a main context of its own")
  class OfItsOwn extends WatchedReactorContract {
    @Override
    protected Host newHost() {
      return GLibHost.ofNewContext();
    }
  }
}
