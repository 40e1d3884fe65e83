package dev.lariat.testkit;

import dev.lariat.host.Host;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("What a host must do, on the toy toolkit")
class GuestHostContractTest extends HostContract {
  private ToyToolkit toolkit;

  @Override
  protected void onHostThread(Executable test) throws Throwable {
    toolkit = new ToyToolkit();
    test.execute();
  }

  @Override
  protected Host newHost() {
    return toolkit.newHost();
  }

  @Override
  protected void post(Runnable event) {
    toolkit.post(event);
  }

  @Override
  protected NestedLoop newNestedLoop() {
    return toolkit.newNestedLoop();
  }
}
