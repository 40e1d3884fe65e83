package dev.lariat.qt;

import dev.lariat.host.Host;
import org.junit.jupiter.api.DisplayName;

@DisplayName(
    "What a host must do, by QtJambi's events, where the core library's functions are missing")
class QtFallbackHostContractTest extends QtJambiHostContractTest {
  @Override
  protected Host newHost() {
    return new QtHost(JambiQt.load(), QtThread.OPTIONS);
  }
}
