package dev.lariat.javafx;

import dev.lariat.host.Host;
import dev.lariat.testkit.HostContract;
import javafx.application.Platform;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("What a host must do, on JavaFX")
class JavaFxHostContractTest extends HostContract {
  @Override
  protected Host newHost() {
    return new JavaFxHost();
  }

  @Override
  protected void post(Runnable event) {
    Platform.runLater(event);
  }

  @Override
  protected void onHostThread(Executable test) throws Throwable {
    FxThread.run(test);
  }

  @Override
  protected NestedLoop newNestedLoop() {
    return new NestedLoop() {
      @Override
      public void run() {
        Platform.enterNestedEventLoop(this);
      }

      @Override
      public void exit() {
        Platform.exitNestedEventLoop(this, null);
      }
    };
  }
}
